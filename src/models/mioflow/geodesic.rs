//! How far apart cells are along their own graph, as the program computes it.
//!
//! A kernel joins each cell to its nearest ones: exp(-(d_ij / w_i)^40), with w_i the distance to the 5th other cell; below 1e-4 it is 0. It is made symmetric
//! and divided by the sums of both rows (anisotropy 1); P is it over its row sums, and π these sums, normalised. The distance of two cells is
//! 2.81066 |P_i - P_j|_1 + 0.125 |π_i - π_j|: the paper sums powers of P, the program never raises P to one, so that any two cells without a
//! common neighbour are about equally far.

/// Neighbours whose last sets the width of a cell's kernel.
const NEIGHBOURS: usize = 5;
/// Exponent of the kernel: it falls off like the edge of a ball.
const DECAY: i32 = 40;
/// Below this the kernel is 0.
const LEAST: f64 = 1e-4;
/// 1 + 2^-0.5 + 2^-1 + 2^-1.5 + 2^-2: the weights of the five scales, which all have the same matrix.
const SCALES: f64 = 2.810_660_171_779_821;
/// Weight of the difference in the stationary law.
const LAST: f64 = 0.125;

/// The random walk among some cells.
#[derive(Clone, Debug)]
pub struct Walk {
    /// Cells that each cell leads to, in rising order, with their probabilities.
    pub rows: Vec<Vec<(usize, f64)>>,
    /// The stationary law.
    pub stationary: Vec<f64>,
}

impl Walk {
    /// Among cells of `d` coordinates, row-major.
    pub fn new(cells: &[f32], d: usize) -> Self {
        let cells: Vec<&[f32]> = cells.chunks_exact(d).collect();
        let count = cells.len();
        let far = |i: usize, j: usize| {
            cells[i].iter().zip(cells[j]).map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>().sqrt()
        };
        let mut kernel = vec![vec![0.0; count]; count];
        for (i, row) in kernel.iter_mut().enumerate() {
            let distances: Vec<f64> = (0..count).map(|j| far(i, j)).collect();
            let mut others: Vec<f64> = (0..count).filter(|j| *j != i).map(|j| distances[j]).collect();
            others.sort_by(f64::total_cmp);
            let width = others.get(NEIGHBOURS.min(others.len()).saturating_sub(1)).copied().unwrap_or(0.0);
            for (value, distance) in row.iter_mut().zip(distances) {
                // Cells at one place are next to each other, whatever the width.
                let near = if distance == 0.0 { 1.0 } else { (-(distance / width).powi(DECAY)).exp() };
                *value = if near < LEAST { 0.0 } else { near };
            }
        }
        let mut sums = vec![0.0; count];
        let joined = |i: usize, j: usize| 0.5 * (kernel[i][j] + kernel[j][i]);
        (0..count).for_each(|i| sums[i] = (0..count).map(|j| joined(i, j)).sum());
        let mut rows: Vec<Vec<(usize, f64)>> = (0..count)
            .map(|i| (0..count).map(|j| (j, joined(i, j) / (sums[i] * sums[j]))).filter(|(_, x)| *x > 0.0).collect())
            .collect();
        let totals: Vec<f64> = rows.iter().map(|row| row.iter().map(|(_, x)| x).sum()).collect();
        rows.iter_mut().zip(&totals).for_each(|(row, total)| row.iter_mut().for_each(|(_, x)| *x /= total));
        let all: f64 = totals.iter().sum();
        Self { rows, stationary: totals.into_iter().map(|total| total / all).collect() }
    }

    /// The distance of every cell to every other, row-major.
    pub fn distances(&self) -> Vec<f32> {
        let count = self.rows.len();
        let mut all = vec![0.0; count * count];
        for i in 0..count {
            for j in 0..i {
                let law = (self.stationary[i] - self.stationary[j]).abs();
                let far = (SCALES * apart(&self.rows[i], &self.rows[j]) + LAST * law) as f32;
                (all[i * count + j], all[j * count + i]) = (far, far);
            }
        }
        all
    }
}

/// Sum of the absolute differences of two sparse rows.
fn apart(a: &[(usize, f64)], b: &[(usize, f64)]) -> f64 {
    let (mut i, mut j, mut sum) = (0, 0, 0.0);
    while let (Some((at, x)), Some((other, y))) = (a.get(i), b.get(j)) {
        match at.cmp(other) {
            std::cmp::Ordering::Less => (sum, i) = (sum + x, i + 1),
            std::cmp::Ordering::Greater => (sum, j) = (sum + y, j + 1),
            std::cmp::Ordering::Equal => (sum, i, j) = (sum + (x - y).abs(), i + 1, j + 1),
        }
    }
    sum + a[i..].iter().chain(&b[j..]).map(|(_, x)| x).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_without_a_common_neighbour_are_equally_far() {
        // Two heaps of eight cells in a line, far from each other.
        let line = |from: f32| (0..8).map(move |k| from + k as f32);
        let cells: Vec<f32> = line(0.0).chain(line(1000.0)).collect();
        let walk = Walk::new(&cells, 1);
        for row in &walk.rows {
            assert!((row.iter().map(|(_, x)| x).sum::<f64>() - 1.0).abs() < 1e-12);
        }
        assert!((walk.stationary.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        let far = walk.distances();
        let between = |i: usize, j: usize| far[i * 16 + j];
        assert_eq!((between(3, 3), between(2, 5)), (0.0, between(5, 2)));
        assert!(between(0, 1) < between(0, 3), "{} {}", between(0, 1), between(0, 3));
        let apart = 2.0 * SCALES as f32;
        assert!((between(0, 8) - apart).abs() < 0.02 && (between(3, 15) - apart).abs() < 0.02, "{}", between(0, 8));
    }

    #[test]
    fn cells_at_one_place_are_no_fault() {
        let walk = Walk::new(&[1.0; 8], 1);
        assert!(walk.distances().iter().all(|x| *x == 0.0));
        assert_eq!(Walk::new(&[1.0, 2.0], 1).rows.len(), 2);
        assert!(Walk::new(&[1.0, 2.0], 1).distances().iter().all(|x| x.is_finite()));
    }
}

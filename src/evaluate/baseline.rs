//! What is had without a model.

use crate::data::Matrix;
use crate::transport::exact::{Cost, Exact, Weighted};
use crate::{Error, Result};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

/// Two random halves of some cells.
pub(super) fn halves(cells: &Matrix, seed: u32) -> [Weighted; 2] {
    let mut order: Vec<usize> = (0..cells.rows).collect();
    order.shuffle(&mut ChaCha8Rng::seed_from_u64(u64::from(seed)));
    let cloud = |rows: &[usize]| {
        let points = rows.iter().flat_map(|&row| cells.row(row)).copied().collect();
        Weighted::uniform(points, cells.cols)
    };
    let (one, other) = order.split_at(cells.rows / 2);
    [cloud(one), cloud(other)]
}

/// The training time points around a held-out one, and how far it lies between them, from 0 to 1 in index units. None at the end of the
/// series.
pub(super) fn neighbours(time: usize, held_out: &[usize], time_points: usize) -> Option<(usize, usize, f32)> {
    let known = |time: &usize| !held_out.contains(time);
    let before = (0..time).rev().find(known)?;
    let after = (time + 1..time_points).find(known)?;
    Some((before, after, (time - before) as f32 / (after - before) as f32))
}

/// All mass on the mean of the means of some clouds.
pub(super) fn one_point(clouds: &[Matrix]) -> Weighted {
    let dimensions = clouds.first().map_or(1, |cloud| cloud.cols);
    let mean = |cloud: &Matrix, axis: usize| {
        (0..cloud.rows).map(|row| f64::from(cloud.row(row)[axis])).sum::<f64>() / cloud.rows as f64
    };
    let point = |axis: usize| clouds.iter().map(|cloud| mean(cloud, axis)).sum::<f64>() / clouds.len() as f64;
    Weighted::uniform((0..dimensions).map(|axis| point(axis) as f32).collect(), dimensions)
}

/// The pairing of two time points' cells that moves them least: exact transport with squared Euclidean cost.
pub(super) struct Pairing {
    before: Matrix,
    after: Matrix,
    exact: Exact,
    share: f32,
}

impl Pairing {
    /// Of the cells before and after, the `share` of the way in between.
    pub(super) fn new(before: Matrix, after: Matrix, share: f32) -> Result<Self> {
        let cloud = |cells: &Matrix| Weighted::uniform(cells.values.clone(), cells.cols);
        let exact = Exact::new(cloud(&before), cloud(&after), before.cols, Cost::SquaredEuclidean)?;
        Ok(Self { before, after, exact, share })
    }

    /// Does one bounded piece of work; at the end returns the cells on the straight lines between the pairs (McCann's interpolation), each
    /// with the mass of its pair.
    pub(super) fn advance(&mut self) -> Option<Weighted> {
        self.exact.advance()?;
        let mut cloud = Weighted::default();
        for pair in self.exact.shipments() {
            let (from, to) = (self.before.row(pair.from), self.after.row(pair.to));
            cloud.points.extend(from.iter().zip(to).map(|(a, b)| a + self.share * (b - a)));
            cloud.masses.push(pair.mass);
        }
        Some(cloud)
    }
}

/// Checks the time points of an evaluation, and sorts them.
///
/// # Errors
/// There are none, one is the first or does not exist.
pub(super) fn checked_times(held_out: &[usize], time_points: usize) -> Result<Vec<usize>> {
    let mut times = held_out.to_vec();
    times.sort_unstable();
    times.dedup();
    let problem = |what: String| Err(Error::request(what).at("hold out"));
    match times.as_slice() {
        [] => problem("An evaluation needs at least one held-out time point".into()),
        [0, ..] => problem("The first time point cannot be held out: every simulated cell starts there".into()),
        [.., last] if *last >= time_points => problem(format!("There is no time point {last}")),
        _ => Ok(times),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_skip_what_is_held_out() {
        assert_eq!(neighbours(2, &[2], 4), Some((1, 3, 0.5)));
        assert_eq!(neighbours(2, &[2, 3], 5), Some((1, 4, 1.0 / 3.0)));
        assert_eq!(neighbours(3, &[3], 4), None);
        assert_eq!(neighbours(2, &[2, 3], 4), None);
    }

    #[test]
    fn halves_are_all_cells_once() {
        let cells = Matrix::new(7, 1, (0..7u8).map(f32::from).collect()).unwrap();
        let [one, other] = halves(&cells, 3);
        assert_eq!((one.masses.len(), other.masses.len()), (3, 4));
        let mut all = [one.points, other.points].concat();
        all.sort_by(f32::total_cmp);
        assert_eq!(all, cells.values);
    }

    #[test]
    fn one_point_is_the_mean_of_means() {
        let cloud = |values: &[f32]| Matrix::new(values.len(), 1, values.to_vec()).unwrap();
        assert_eq!(one_point(&[cloud(&[1.0, 3.0]), cloud(&[4.0])]), Weighted::uniform(vec![3.0], 1));
    }

    #[test]
    fn times_are_checked() {
        assert_eq!(checked_times(&[3, 1, 3], 4).unwrap(), [1, 3]);
        for bad in [&[][..], &[0, 1], &[4]] {
            assert!(checked_times(bad, 4).is_err());
        }
    }
}

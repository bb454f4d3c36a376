//! Velocities of cells, averaged into arrows on a regular grid as scVelo's `velocity_embedding_grid` does.

use super::scatter::Bounds;

/// How the grid is made; the defaults are scVelo's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FieldOptions {
    /// 1 makes 50 x 50 grid points.
    pub density: f64,
    /// Standard deviation of the Gaussian weights, in grid spacings.
    pub smooth: f64,
    /// Grid points whose density is below this share of the 99th percentile are left empty.
    pub minimum_mass: f64,
}

impl Default for FieldOptions {
    fn default() -> Self {
        Self { density: 1.0, smooth: 0.5, minimum_mass: 0.01 }
    }
}

/// One arrow of the grid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arrow {
    /// Grid point.
    pub at: [f64; 2],
    /// Mean velocity there, in the units of the input.
    pub vector: [f64; 2],
}

/// Mean velocities on a regular grid; empty where there are too few cells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grid {
    low: [f64; 2],
    step: [f64; 2],
    /// Grid points along each axis.
    points: usize,
    /// Row by row from the lowest y.
    vectors: Vec<Option<[f64; 2]>>,
}

impl Grid {
    /// A regular grid over `bounds`: at each grid point the mean of the nearest n/50 cells' vectors with Gaussian weights, where there are
    /// enough cells. Cells with a coordinate that is not finite are left out.
    ///
    /// scVelo divides by max(1, sum of densities), which depends on the unit of the axes; here the weights always sum to one.
    ///
    /// # Panics
    /// If there are not as many vectors as positions.
    #[must_use]
    pub fn new(positions: &[[f32; 2]], vectors: &[[f32; 2]], bounds: Bounds, options: &FieldOptions) -> Self {
        assert_eq!(positions.len(), vectors.len(), "one vector a cell");
        let points = ((50.0 * options.density).round() as usize).max(2);
        let low = [bounds.low[0], bounds.low[1]];
        let step =
            [0, 1].map(|axis| ((bounds.high[axis] - bounds.low[axis]) / (points - 1) as f64).max(f64::MIN_POSITIVE));
        // As in scVelo one width for both axes, from their mean spacing.
        let deviation = (step[0] + step[1]) / 2.0 * options.smooth;
        if !(deviation > 0.0 && deviation.is_finite()) {
            return Self::default();
        }

        // Cells by the box of the grid point that is nearest to them; beyond `reach` deviations a weight is below 1e-5 and no neighbour counts.
        let column = |axis: usize, x: f64| ((x - low[axis]) / step[axis]).round();
        let mut boxes: Vec<Vec<u32>> = vec![Vec::new(); points * points];
        let mut cells = 0;
        for (i, (p, v)) in positions.iter().zip(vectors).enumerate() {
            let (x, y) = (column(0, p[0].into()), column(1, p[1].into()));
            let inside = |c: f64| c >= 0.0 && c < points as f64;
            if v.iter().all(|c| c.is_finite()) && inside(x) && inside(y) {
                boxes[y as usize * points + x as usize].push(i as u32);
                cells += 1;
            }
        }
        let neighbours = (cells / 50).max(1);
        let reach = 5.0 * deviation;
        let span = step.map(|s| ((reach / s).ceil() as usize).min(points));

        let mut near: Vec<(f64, u32)> = Vec::new();
        let mut means = Vec::with_capacity(points * points);
        for row in 0..points {
            for col in 0..points {
                let at = [low[0] + col as f64 * step[0], low[1] + row as f64 * step[1]];
                near.clear();
                for r in row.saturating_sub(span[1])..=(row + span[1]).min(points - 1) {
                    for c in col.saturating_sub(span[0])..=(col + span[0]).min(points - 1) {
                        near.extend(boxes[r * points + c].iter().map(|&i| {
                            let [x, y] = positions[i as usize].map(f64::from);
                            ((x - at[0]).powi(2) + (y - at[1]).powi(2), i)
                        }));
                    }
                }
                if near.len() > neighbours {
                    near.select_nth_unstable_by(neighbours - 1, |a, b| a.0.total_cmp(&b.0));
                    near.truncate(neighbours);
                }
                let (mut mass, mut sum) = (0.0, [0.0; 2]);
                for &(squared, i) in near.iter().filter(|(squared, _)| *squared <= reach * reach) {
                    let weight = (-squared / (2.0 * deviation * deviation)).exp();
                    mass += weight;
                    (0..2).for_each(|axis| sum[axis] += weight * f64::from(vectors[i as usize][axis]));
                }
                means.push((mass, sum.map(|s| s / mass)));
            }
        }
        let mut masses: Vec<f64> = means.iter().map(|(mass, _)| *mass).collect();
        masses.sort_by(f64::total_cmp);
        let least = options.minimum_mass * masses[(masses.len() - 1) * 99 / 100];
        // Where less than a hundredth of the grid has cells the percentile is zero, and any density counts.
        let vectors = means.into_iter().map(|(mass, mean)| (mass > least.max(1e-6)).then_some(mean)).collect();
        Self { low, step, points, vectors }
    }

    /// No grid point has a velocity.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.vectors.iter().all(Option::is_none)
    }

    /// The rectangle of the grid points.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        let last = self.points.saturating_sub(1) as f64;
        Bounds { low: self.low, high: [0, 1].map(|axis| self.low[axis] + last * self.step[axis]) }
    }

    /// Velocity at any place: linear between the grid points that have one; none where the nearest has none.
    #[must_use]
    pub fn at(&self, place: [f64; 2]) -> Option<[f64; 2]> {
        let [x, y] = [0, 1].map(|axis| (place[axis] - self.low[axis]) / self.step[axis]);
        let vector = |col: f64, row: f64| {
            let inside = |c: f64| c >= 0.0 && c < self.points as f64;
            if inside(col) && inside(row) { self.vectors[row as usize * self.points + col as usize] } else { None }
        };
        vector(x.round(), y.round())?;
        let (mut mass, mut sum) = (0.0, [0.0; 2]);
        for (col, along) in [(x.floor(), 1.0 - (x - x.floor())), (x.floor() + 1.0, x - x.floor())] {
            for (row, up) in [(y.floor(), 1.0 - (y - y.floor())), (y.floor() + 1.0, y - y.floor())] {
                if let Some(vector) = vector(col, row) {
                    mass += along * up;
                    (0..2).for_each(|axis| sum[axis] += along * up * vector[axis]);
                }
            }
        }
        (mass > 0.0).then(|| sum.map(|s| s / mass))
    }

    /// Place of a grid point, by its column and row.
    pub(super) fn place(&self, [col, row]: [usize; 2]) -> [f64; 2] {
        [self.low[0] + col as f64 * self.step[0], self.low[1] + row as f64 * self.step[1]]
    }

    /// The means row by row, each row from the left; none where there are too few cells.
    pub(super) fn rows(&self) -> impl Iterator<Item = &[Option<[f64; 2]>]> {
        self.vectors.chunks(self.points.max(1))
    }

    /// The grid points with a velocity.
    #[must_use]
    pub fn arrows(&self) -> Vec<Arrow> {
        let at = |i: usize| [i % self.points, i / self.points].map(|c| c as f64);
        let place = |i: usize| [0, 1].map(|axis| self.low[axis] + at(i)[axis] * self.step[axis]);
        let all = self.vectors.iter().enumerate();
        all.filter_map(|(i, vector)| vector.map(|vector| Arrow { at: place(i), vector })).collect()
    }
}

/// Arrows of [`Grid::new`].
///
/// # Panics
/// If there are not as many vectors as positions.
#[must_use]
pub fn grid(positions: &[[f32; 2]], vectors: &[[f32; 2]], bounds: Bounds, options: &FieldOptions) -> Vec<Arrow> {
    Grid::new(positions, vectors, bounds, options).arrows()
}

/// Length that `share` of the arrows do not exceed; 0 if there are none.
#[must_use]
pub fn length_quantile(arrows: &[Arrow], share: f64) -> f64 {
    let mut lengths: Vec<f64> = arrows.iter().map(|arrow| arrow.vector[0].hypot(arrow.vector[1])).collect();
    lengths.sort_by(f64::total_cmp);
    lengths.get(((lengths.len().saturating_sub(1)) as f64 * share).round() as usize).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square() -> Vec<[f32; 2]> {
        (0..2500).map(|i| [(i % 50) as f32 / 49.0, (i / 50) as f32 / 49.0]).collect()
    }
    const UNIT: Bounds = Bounds { low: [0.0, 0.0], high: [1.0, 1.0] };

    #[test]
    fn a_constant_field_stays_constant() {
        let arrows = grid(&square(), &vec![[2.0, -1.0]; 2500], UNIT, &FieldOptions::default());
        assert_eq!(arrows.len(), 2500);
        assert!(arrows.iter().all(|a| (a.vector[0] - 2.0).abs() < 1e-6 && (a.vector[1] + 1.0).abs() < 1e-6));
        assert!((length_quantile(&arrows, 0.9) - 5f64.sqrt()).abs() < 1e-6);
    }

    #[test]
    fn a_rotation_turns_round_its_centre() {
        let positions = square();
        let vectors: Vec<_> = positions.iter().map(|p| [-(p[1] - 0.5), p[0] - 0.5]).collect();
        let options = FieldOptions { density: 0.4, ..FieldOptions::default() };
        let arrows = grid(&positions, &vectors, UNIT, &options);
        assert_eq!(arrows.len(), 400);
        for Arrow { at, vector } in arrows.iter().filter(|a| a.at.iter().all(|x| (0.1..0.9).contains(x))) {
            let wrong = (vector[0] + at[1] - 0.5).hypot(vector[1] - at[0] + 0.5);
            assert!(wrong < 0.01, "{wrong} at {at:?}");
        }
    }

    #[test]
    fn between_grid_points_velocity_is_linear() {
        let positions = square();
        let vectors: Vec<_> = positions.iter().map(|p| [-(p[1] - 0.5), p[0] - 0.5]).collect();
        let grid = Grid::new(&positions, &vectors, UNIT, &FieldOptions { density: 0.4, ..FieldOptions::default() });
        for place in [[0.5, 0.5], [0.33, 0.71], [0.842, 0.159]] {
            let vector = grid.at(place).unwrap();
            let wrong = (vector[0] + place[1] - 0.5).hypot(vector[1] - place[0] + 0.5);
            assert!(wrong < 0.01, "{wrong} at {place:?}");
        }
        assert!(grid.at([1.0, 1.0]).is_some() && grid.at([-0.1, 0.5]).is_none() && grid.at([f64::NAN, 0.0]).is_none());
        assert_eq!(grid.bounds(), UNIT);
        assert!(Grid::default().is_empty() && Grid::default().at([0.0; 2]).is_none());
    }

    #[test]
    fn empty_space_has_no_arrows() {
        let positions: Vec<_> =
            square().into_iter().map(|[x, y]| [if x < 0.5 { x * 0.4 } else { 1.0 - x * 0.2 }, y]).collect();
        let arrows = grid(&positions, &vec![[1.0, 0.0]; 2500], UNIT, &FieldOptions::default());
        assert!(!arrows.is_empty() && arrows.iter().all(|a| a.at[0] < 0.35 || a.at[0] > 0.65), "the middle is empty");
    }

    #[test]
    fn few_or_broken_cells_do_no_harm() {
        let options = FieldOptions::default();
        assert!(grid(&[], &[], UNIT, &options).is_empty());
        let arrows = grid(
            &[[0.5, 0.5], [f32::NAN, 0.0], [0.1, 0.1]],
            &[[1.0, 0.0], [1.0, 1.0], [f32::NAN, 0.0]],
            UNIT,
            &options,
        );
        assert!(!arrows.is_empty() && arrows.iter().all(|a| a.vector == [1.0, 0.0]));
        let point = Bounds { low: [1.0, 1.0], high: [1.0, 1.0] };
        assert!(grid(&[[1.0, 1.0]], &[[1.0, 0.0]], point, &options).iter().all(|a| a.vector[0].is_finite()));
    }
}

//! The Sinkhorn divergence on the CPU: the same numbers as `sinkhorn`, without ever holding a matrix of exponents.
//!
//! On the CPU the tensor version is bound by memory: each epsilon step passes a dozen times over matrices of all pairs. Here every softmin
//! reads each row of the costs twice, with an exponential that is computed in vectors. Costs of up to 128 MB are computed once; larger ones
//! (a large time point) are computed again, some rows at a time, whenever they are asked for.

use super::Schedule;
use crate::host::exponential::exp;
use crate::host::product::{Matrix, Onto, Panels, product};
use crate::host::sums::{added, dot, larger, largest_of};
use crate::host::{for_blocks, vectorised};
use pulp::{Simd, WithSimd};

/// Most costs held at once: 128 MB for each of the two directions.
const MOST_HELD: usize = 32 << 20;
/// Of a softmin's terms, those below e^-25 of the largest are left out where no neighbour is above: all of 250,000 together would change the
/// sum by 3e-6 of itself. At small epsilons these are nearly all.
const NEGLIGIBLE: f32 = -25.0;
/// Rows that one task takes.
const ROWS: usize = 8;

/// Divergence and its gradient with respect to the first cloud, as [`super::Divergence`] on the host.
pub struct HostDivergence {
    /// S.
    pub value: f32,
    /// dS/dX, `[n, d]` row-major.
    pub gradient: Vec<f32>,
}

/// Half squared distances from each point of one cloud (a row) to each of another (a column).
struct Costs<'a> {
    x: &'a [f32],
    half_of_x: Vec<f32>,
    /// Points of the other cloud as columns.
    y: Panels,
    half_of_y: Vec<f32>,
    dimensions: usize,
    /// Row-major, where they are few enough.
    held: Option<Vec<f32>>,
}

impl<'a> Costs<'a> {
    fn between(x: &'a [f32], y: &[f32], dimensions: usize, most_held: usize) -> Self {
        let half_squares =
            |points: &[f32]| -> Vec<f32> { points.chunks_exact(dimensions).map(|p| 0.5 * dot(p, p)).collect() };
        let (half_of_x, half_of_y) = (half_squares(x), half_squares(y));
        let (rows, columns) = (half_of_x.len(), half_of_y.len());
        let y = Panels::of(Matrix::rows(y, dimensions).transposed(), dimensions, columns);
        let mut costs = Self { x, half_of_x, y, half_of_y, dimensions, held: None };
        if rows * columns <= most_held {
            let mut held = vec![0.0; rows * columns];
            for_blocks(&mut held, ROWS * columns, |block, values| costs.compute(block * ROWS, values));
            costs.held = Some(held);
        }
        costs
    }

    fn rows(&self) -> usize {
        self.half_of_x.len()
    }

    fn columns(&self) -> usize {
        self.half_of_y.len()
    }

    /// Writes whole rows from row `first` on.
    fn compute(&self, first: usize, values: &mut [f32]) {
        let columns = self.columns();
        let x = Matrix::rows(&self.x[first * self.dimensions..], self.dimensions);
        product(x, &self.y, Onto::Nothing, values.len() / columns, values, columns);
        for (row, values) in values.chunks_exact_mut(columns).enumerate() {
            let half = self.half_of_x[first + row];
            values.iter_mut().zip(&self.half_of_y).for_each(|(v, half_of_y)| *v = half + half_of_y - *v);
        }
    }

    /// Calls `work(costs of a row, its part of output)` for each row, of which each has `width` values of the output.
    fn for_rows(&self, output: &mut [f32], width: usize, work: impl Fn(&[f32], &mut [f32]) + Sync) {
        let columns = self.columns();
        for_blocks(output, ROWS * width, |block, output| {
            let rows = output.len() / width;
            let mut computed = Vec::new();
            let costs = match &self.held {
                Some(held) => &held[block * ROWS * columns..],
                None => {
                    computed.resize(rows * columns, 0.0);
                    self.compute(block * ROWS, &mut computed);
                    &computed
                }
            };
            costs.chunks_exact(columns).zip(output.chunks_exact_mut(width)).for_each(|(costs, out)| work(costs, out));
        });
    }

    /// softmin_eps(C, -log m + potential / eps) of each row.
    fn softmin(&self, eps: f64, potential: Option<&[f32]>) -> Vec<f32> {
        let weights = self.exponents(eps, potential);
        let inverse = (1.0 / eps) as f32;
        let mut softmin = vec![0.0; self.rows()];
        self.for_rows(&mut softmin, 1, |costs, out| {
            let (largest, sum) = log_sum_exp(costs, &weights, inverse);
            out[0] = -(eps as f32) * (libm::logf(sum) + largest);
        });
        softmin
    }

    /// Weighted means of `points` under the row-stochastic plan of a softmin, `[rows, d]`.
    fn barycentres(&self, eps: f64, potential: &[f32], points: &[f32]) -> Vec<f32> {
        let weights = self.exponents(eps, Some(potential));
        let inverse = (1.0 / eps) as f32;
        let mut means = vec![0.0; self.rows() * self.dimensions];
        self.for_rows(&mut means, self.dimensions, |costs, mean| {
            let (largest, sum) = log_sum_exp(costs, &weights, inverse);
            for ((cost, h), point) in costs.iter().zip(&weights).zip(points.chunks_exact(self.dimensions)) {
                let exponent = h - cost * inverse - largest;
                // most cells are too far away to have any share
                if exponent > -87.0 {
                    let share = exp(exponent) / sum;
                    mean.iter_mut().zip(point).for_each(|(m, p)| *m += share * p);
                }
            }
        });
        means
    }

    fn exponents(&self, eps: f64, potential: Option<&[f32]>) -> Vec<f32> {
        let columns = self.columns();
        let log_weight = -libm::logf(columns as f32);
        match potential {
            Some(g) => g.iter().map(|g| log_weight + (f64::from(*g) / eps) as f32).collect(),
            None => vec![log_weight; columns],
        }
    }
}

/// The largest exponent h_j - C_j / eps and the sum of exp(exponent - largest).
fn log_sum_exp(costs: &[f32], h: &[f32], inverse: f32) -> (f32, f32) {
    struct Work<'a>(&'a [f32], &'a [f32], f32);
    impl WithSimd for Work<'_> {
        type Output = (f32, f32);
        #[inline(always)]
        fn with_simd<S: Simd>(self, _: S) -> (f32, f32) {
            const LANES: usize = 32;
            let Self(costs, h, inverse) = self;
            let exponent = |cost: f32, h: f32| h - cost * inverse;
            let ((cost_chunks, cost_rest), (h_chunks, h_rest)) = (costs.as_chunks::<LANES>(), h.as_chunks::<LANES>());
            let rest = || cost_rest.iter().zip(h_rest).map(|(c, h)| exponent(*c, *h));
            let chunks = || cost_chunks.iter().zip(h_chunks);

            let mut lanes = [f32::NEG_INFINITY; LANES];
            for (c, h) in chunks() {
                for k in 0..LANES {
                    lanes[k] = larger(lanes[k], exponent(c[k], h[k]));
                }
            }
            let largest = rest().fold(largest_of(&lanes), larger);

            let mut lanes = [0.0; LANES];
            for (c, h) in chunks() {
                let mut counts = 0;
                let mut exponents = [0.0; LANES];
                for k in 0..LANES {
                    exponents[k] = exponent(c[k], h[k]) - largest;
                    counts |= u32::from(exponents[k] > NEGLIGIBLE);
                }
                if counts != 0 {
                    for k in 0..LANES {
                        lanes[k] += exp(exponents[k]);
                    }
                }
            }
            let sum = rest().fold(added(&lanes), |sum, e| sum + exp(e - largest));
            (largest, sum)
        }
    }
    vectorised(Work(costs, h, inverse))
}

fn average(a: &mut [f32], b: &[f32]) {
    a.iter_mut().zip(b).for_each(|(a, b)| *a = 0.5 * (*a + b));
}

fn mean(values: &[f32]) -> f32 {
    (values.iter().map(|v| f64::from(*v)).sum::<f64>() / values.len() as f64) as f32
}

/// The mean of points. Costs do not depend on where the origin is, but their rounding does: it is best among the points.
fn centre(points: &[f32], dimensions: usize) -> Vec<f32> {
    let count = (points.len() / dimensions) as f64;
    let sum = |k: usize| points.iter().skip(k).step_by(dimensions).map(|v| f64::from(*v)).sum::<f64>();
    (0..dimensions).map(|k| (sum(k) / count) as f32).collect()
}

fn around(points: &[f32], centre: &[f32]) -> Vec<f32> {
    points.chunks_exact(centre.len()).flat_map(|p| p.iter().zip(centre).map(|(v, c)| v - c)).collect()
}

fn self_potential(costs: &Costs, schedule: &Schedule) -> Vec<f32> {
    let mut f = costs.softmin(schedule.first(), None);
    for &eps in schedule.epsilons() {
        let next = costs.softmin(eps, Some(&f));
        average(&mut f, &next);
    }
    f
}

/// As [`super::self_term`].
pub fn self_term(points: &[f32], dimensions: usize, schedule: &Schedule) -> f32 {
    let points = around(points, &centre(points, dimensions));
    let costs = Costs::between(&points, &points, dimensions, MOST_HELD);
    let potential = self_potential(&costs, schedule);
    mean(&costs.softmin(schedule.last(), Some(&potential)))
}

/// As [`super::divergence`].
pub fn divergence(x: &[f32], y: &[f32], dimensions: usize, y_self_term: f32, schedule: &Schedule) -> HostDivergence {
    holding_at_most(MOST_HELD, x, y, dimensions, y_self_term, schedule)
}

fn holding_at_most(
    most_held: usize,
    x: &[f32],
    y: &[f32],
    dimensions: usize,
    y_self_term: f32,
    schedule: &Schedule,
) -> HostDivergence {
    let centre = centre(y, dimensions);
    let (x, y) = (&*around(x, &centre), &*around(y, &centre));
    let between = |x, y| Costs::between(x, y, dimensions, most_held);
    let (xy, yx, xx) = (between(x, y), between(y, x), between(x, x));
    let (mut f, mut g) = (xy.softmin(schedule.first(), None), yx.softmin(schedule.first(), None));
    for &eps in schedule.epsilons() {
        let next_f = xy.softmin(eps, Some(&g));
        let next_g = yx.softmin(eps, Some(&f));
        average(&mut f, &next_f);
        average(&mut g, &next_g);
    }
    let f_self = self_potential(&xx, schedule);

    let eps = schedule.last();
    let value = mean(&xy.softmin(eps, Some(&g))) - mean(&xx.softmin(eps, Some(&f_self)))
        + mean(&yx.softmin(eps, Some(&f)))
        - y_self_term;
    let pull = xy.barycentres(eps, &g, y);
    let mut gradient = xx.barycentres(eps, &f_self, x);
    let share = 1.0 / xy.rows() as f32;
    gradient.iter_mut().zip(pull).for_each(|(push, pull)| *push = (*push - pull) * share);
    HostDivergence { value, gradient }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sde::Brownian;

    #[test]
    fn costs_that_are_not_held_give_the_same_bits() {
        let (x, y) = (Brownian::new(1).normals(0, 70 * 3), Brownian::new(2).normals(0, 45 * 3));
        let schedule = Schedule::new(8.0, 0.1, 0.7);
        let [held, streamed] = [MOST_HELD, 0].map(|most| holding_at_most(most, &x, &y, 3, 0.5, &schedule));
        assert_eq!((held.value, held.gradient), (streamed.value, streamed.gradient));
        assert!(held.value.is_finite());
    }
}

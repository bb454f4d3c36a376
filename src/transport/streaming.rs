//! The Sinkhorn divergence on the CPU: the same numbers as `sinkhorn`, without ever holding a matrix of exponents.
//!
//! On the CPU the tensor version is bound by memory: each epsilon step passes a dozen times over matrices of all pairs. Here every softmin
//! reads each row of the costs twice, with an exponential that is computed in vectors. Costs of up to 128 MB are computed once; larger ones
//! (a large time point) are computed again, some rows at a time, whenever they are asked for.

use super::Schedule;
use scimf_host::exponential::exp;
use scimf_host::for_blocks;
use scimf_host::product::{Matrix, Onto, Panels, product};
use scimf_host::softmin::log_sum_exp;
use scimf_host::sums::dot;

/// Most costs held at once: 128 MB for each of the two directions.
const MOST_HELD: usize = 32 << 20;
/// Rows that one task takes.
const ROWS: usize = 8;

/// Divergence and its gradient with respect to the first cloud, as [`super::Divergence`] on the host.
pub struct HostDivergence {
    /// S.
    pub value: f32,
    /// dS/dX, `[n, d]` row-major.
    pub gradient: Vec<f32>,
    /// The potential at each point of the second cloud.
    pub potential: Vec<f32>,
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
    /// Logarithm of the weight of each point of the other cloud.
    log_weights: Vec<f32>,
}

/// Weights of some points that sum to 1; none for uniform ones.
type Mass<'a> = Option<&'a [f32]>;

impl<'a> Costs<'a> {
    /// `of_y` are the weights of the points of `y`.
    fn between(x: &'a [f32], y: &[f32], of_y: Mass, dimensions: usize, most_held: usize) -> Self {
        let half_squares =
            |points: &[f32]| -> Vec<f32> { points.chunks_exact(dimensions).map(|p| 0.5 * dot(p, p)).collect() };
        let (half_of_x, half_of_y) = (half_squares(x), half_squares(y));
        let (rows, columns) = (half_of_x.len(), half_of_y.len());
        let y = Panels::of(Matrix::rows(y, dimensions).transposed(), dimensions, columns);
        let log_weights = match of_y {
            Some(weights) => weights.iter().map(|weight| libm::logf(*weight)).collect(),
            None => vec![-libm::logf(columns as f32); columns],
        };
        let mut costs = Self { x, half_of_x, y, half_of_y, dimensions, held: None, log_weights };
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

    /// softmin_eps(C, log a + potential / eps) of each row.
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
        match potential {
            Some(g) => self.log_weights.iter().zip(g).map(|(log, g)| log + (f64::from(*g) / eps) as f32).collect(),
            None => self.log_weights.clone(),
        }
    }
}

fn average(a: &mut [f32], b: &[f32]) {
    a.iter_mut().zip(b).for_each(|(a, b)| *a = 0.5 * (*a + b));
}

pub(super) fn mean(values: &[f32]) -> f32 {
    (values.iter().map(|v| f64::from(*v)).sum::<f64>() / values.len() as f64) as f32
}

fn mean_under(mass: Mass, values: &[f32]) -> f32 {
    match mass {
        Some(weights) => values.iter().zip(weights).map(|(v, w)| f64::from(*v) * f64::from(*w)).sum::<f64>() as f32,
        None => mean(values),
    }
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

/// The potentials of two clouds, from costs in both directions.
fn potentials(xy: &Costs, yx: &Costs, schedule: &Schedule) -> (Vec<f32>, Vec<f32>) {
    let (mut f, mut g) = (xy.softmin(schedule.first(), None), yx.softmin(schedule.first(), None));
    for &eps in schedule.epsilons() {
        let next_f = xy.softmin(eps, Some(&g));
        let next_g = yx.softmin(eps, Some(&f));
        average(&mut f, &next_f);
        average(&mut g, &next_g);
    }
    (f, g)
}

/// Entropic transport of half the squared distance between two clouds of equal weights: the term of the divergence that is between them.
pub fn transport(x: &[f32], y: &[f32], dimensions: usize, schedule: &Schedule) -> f32 {
    let centre = centre(y, dimensions);
    let (x, y) = (&*around(x, &centre), &*around(y, &centre));
    let between = |x, y| Costs::between(x, y, None, dimensions, MOST_HELD);
    let (xy, yx) = (between(x, y), between(y, x));
    let (f, g) = potentials(&xy, &yx, schedule);
    let eps = schedule.last();
    mean(&xy.softmin(eps, Some(&g))) + mean(&yx.softmin(eps, Some(&f)))
}

/// As [`super::self_term`].
pub fn self_term(points: &[f32], dimensions: usize, schedule: &Schedule) -> f32 {
    mean(&own_potential(points, dimensions, schedule))
}

/// As [`super::own_potential`].
pub fn own_potential(points: &[f32], dimensions: usize, schedule: &Schedule) -> Vec<f32> {
    let points = around(points, &centre(points, dimensions));
    let costs = Costs::between(&points, &points, None, dimensions, MOST_HELD);
    let potential = self_potential(&costs, schedule);
    costs.softmin(schedule.last(), Some(&potential))
}

/// As [`super::divergence`].
pub fn divergence(x: &[f32], y: &[f32], dimensions: usize, y_self_term: f32, schedule: &Schedule) -> HostDivergence {
    holding_at_most(MOST_HELD, x, None, y, dimensions, y_self_term, schedule)
}

/// As [`super::weighted_divergence`].
pub fn weighted_divergence(
    x: &[f32],
    weights: &[f32],
    y: &[f32],
    dimensions: usize,
    y_self_term: f32,
    schedule: &Schedule,
) -> HostDivergence {
    holding_at_most(MOST_HELD, x, Some(weights), y, dimensions, y_self_term, schedule)
}

fn holding_at_most(
    most_held: usize,
    x: &[f32],
    of_x: Mass,
    y: &[f32],
    dimensions: usize,
    y_self_term: f32,
    schedule: &Schedule,
) -> HostDivergence {
    let centre = centre(y, dimensions);
    let (x, y) = (&*around(x, &centre), &*around(y, &centre));
    let between = |x, y, of_y| Costs::between(x, y, of_y, dimensions, most_held);
    let (xy, yx, xx) = (between(x, y, None), between(y, x, of_x), between(x, x, of_x));
    let (f, g) = potentials(&xy, &yx, schedule);
    let f_self = self_potential(&xx, schedule);

    let eps = schedule.last();
    let potential = yx.softmin(eps, Some(&f));
    let value = mean_under(of_x, &xy.softmin(eps, Some(&g))) - mean_under(of_x, &xx.softmin(eps, Some(&f_self)))
        + mean(&potential)
        - y_self_term;
    let pull = xy.barycentres(eps, &g, y);
    let mut gradient = xx.barycentres(eps, &f_self, x);
    let uniform = 1.0 / xy.rows() as f32;
    for (point, (gradient, pull)) in
        gradient.chunks_exact_mut(dimensions).zip(pull.chunks_exact(dimensions)).enumerate()
    {
        let share = of_x.map_or(uniform, |weights| weights[point]);
        gradient.iter_mut().zip(pull).for_each(|(push, pull)| *push = (*push - pull) * share);
    }
    HostDivergence { value, gradient, potential }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sde::Brownian;
    use crate::tensor::{cpu, read_now, upload};

    #[test]
    fn costs_that_are_not_held_give_the_same_bits() {
        let (x, y) = (Brownian::new(1).normals(0, 70 * 3), Brownian::new(2).normals(0, 45 * 3));
        let schedule = Schedule::new(8.0, 0.1, 0.7);
        let [held, streamed] = [MOST_HELD, 0].map(|most| holding_at_most(most, &x, None, &y, 3, 0.5, &schedule));
        assert_eq!((held.value, held.gradient), (streamed.value, streamed.gradient));
        assert!(held.value.is_finite());
    }

    #[test]
    fn a_divergence_is_transport_without_the_clouds_own() {
        let (x, y) = (Brownian::new(1).normals(0, 70 * 3), Brownian::new(2).normals(0, 45 * 3));
        let schedule = Schedule::new(8.0, 0.5, 0.9);
        let own = self_term(&y, 3, &schedule);
        let whole = divergence(&x, &y, 3, own, &schedule).value;
        let parts = transport(&x, &y, 3, &schedule) - self_term(&x, 3, &schedule) - own;
        assert!((whole - parts).abs() < 1e-4, "{whole} {parts}");
    }

    #[test]
    fn a_weight_of_two_shares_is_the_point_twice() {
        let (x, y) = (Brownian::new(1).normals(0, 6 * 3), Brownian::new(2).normals(0, 9 * 3));
        let twice = [&x[..], &x[..3]].concat();
        let schedule = Schedule::new(8.0, 0.1, 0.7);
        let mut weights = vec![1.0 / 7.0; 6];
        weights[0] = 2.0 / 7.0;
        let weighted = weighted_divergence(&x, &weights, &y, 3, 0.5, &schedule);
        let uniform = divergence(&twice, &y, 3, 0.5, &schedule);
        assert!((weighted.value - uniform.value).abs() < 1e-4, "{} {}", weighted.value, uniform.value);
        for (axis, value) in weighted.gradient.iter().enumerate() {
            let of_copy = if axis < 3 { uniform.gradient[18 + axis] } else { 0.0 };
            let expected = uniform.gradient[axis] + of_copy;
            assert!((value - expected).abs() < 1e-4, "{axis}: {value} {expected}");
        }
        let tensor = |values: &[f32]| upload(values.to_vec(), [values.len() / 3, 3], &cpu());
        let own = upload(vec![0.5], [1], &cpu());
        let mass = upload(weights.clone(), [6, 1], &cpu());
        let tensors = super::super::weighted_divergence(tensor(&x), mass, tensor(&y), own, &schedule);
        assert!((read_now(tensors.value)[0] - weighted.value).abs() < 1e-4);
        let apart =
            read_now(tensors.gradient).iter().zip(&weighted.gradient).fold(0.0f32, |m, (a, b)| m.max((a - b).abs()));
        assert!(apart < 1e-4, "{apart}");
    }
}

//! Debiased Sinkhorn divergence with epsilon scaling (Feydy, thesis, algorithm 3.5), cost |x - y|^2 / 2; y has uniform weights, x has
//! uniform or given ones.
//!
//! S(X, Y) = mean_i (f_xy - f_xx)_i + mean_j (g_xy - g_yy)_j, where the mean over x is that under its weights. Potentials are found without gradients; by the envelope theorem only the last
//! softmin is differentiated, with respect to its own points, which gives the closed form
//! dS/dx_i = a_i (sum_j P^xx_ij x_j - sum_j P^xy_ij y_j) with row-stochastic plans P and weights a, 1 / n if uniform.

use super::kernels;
use crate::product::product;
use burn::tensor::{Tensor, activation::softmax};
use libm::{exp, log};

/// The decreasing epsilons of one divergence.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    epsilons: Vec<f64>,
}

impl Schedule {
    /// diameter^2 twice, then down by factors scaling^2 while above blur^2, then blur^2.
    ///
    /// `diameter` is the diagonal of the joint bounding box; `blur` and `scaling` (between 0 and 1) are the settings.
    pub fn new(diameter: f64, blur: f64, scaling: f64) -> Self {
        let diameter = diameter.max(blur); // identical points have none
        // logarithms and exponentials of one library, so that a browser's schedule has the same bits
        let (start, stop, step) = (2.0 * log(diameter), 2.0 * log(blur), 2.0 * log(scaling));
        let count = ((stop - start) / step).ceil().max(0.0) as usize;
        let mut epsilons = vec![diameter * diameter];
        epsilons.extend((0..count).map(|k| exp(start + k as f64 * step)));
        epsilons.push(blur * blur);
        Self { epsilons }
    }

    /// One with these epsilons, largest first; there is at least one.
    pub fn of(epsilons: Vec<f64>) -> Self {
        Self { epsilons }
    }

    /// All of them, largest first.
    pub fn epsilons(&self) -> &[f64] {
        &self.epsilons
    }

    /// The largest.
    pub fn first(&self) -> f64 {
        self.epsilons[0]
    }

    /// The smallest: blur^2.
    pub fn last(&self) -> f64 {
        self.epsilons[self.epsilons.len() - 1]
    }
}

/// A divergence and its gradient with respect to the first cloud.
pub struct Divergence {
    /// S, `[1]`.
    pub value: Tensor<1>,
    /// dS/dX, `[n, d]`.
    pub gradient: Tensor<2>,
    /// The potential at each point of the second cloud, `[m]`.
    pub potential: Tensor<1>,
}

/// Half squared distances between all points, `[n, m]`.
fn cost(x: &Tensor<2>, y: &Tensor<2>) -> Tensor<2> {
    let half_square = |points: &Tensor<2>| points.clone().square().sum_dim(1).mul_scalar(0.5);
    let inner = product(x.clone(), y.clone().transpose());
    half_square(x) + half_square(y).transpose() - inner
}

/// The weights of a cloud of m points, which sum to 1.
#[expect(clippy::large_enum_variant, reason = "there are two of them")]
enum Mass {
    /// 1 / m each.
    Uniform(usize),
    /// Given, `[m, 1]`.
    Given(Tensor<2>),
}

impl Mass {
    /// sum_i a_i v_i of `[m, 1]`: `[1]`.
    fn mean(&self, values: Tensor<2>) -> Tensor<1> {
        match self {
            Self::Uniform(_) => values.mean(),
            Self::Given(weights) => (values * weights.clone()).sum(),
        }
    }

    /// a_i v_i of `[m, d]`.
    fn times(&self, values: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Uniform(count) => values.mul_scalar(1.0 / *count as f64),
            Self::Given(weights) => values * weights.clone(),
        }
    }
}

/// Exponents h_j - C_ij / eps of a softmin, `[n, m]`, with h = log a + potential / eps.
fn exponents(cost: &Tensor<2>, mass: &Mass, eps: f64, potential: Option<&Tensor<2>>) -> Tensor<2> {
    let scaled = cost.clone().mul_scalar(-1.0 / eps);
    // [m, 1] -> [1, m]
    let potential = potential.map(|g| g.clone().transpose().mul_scalar(1.0 / eps));
    match mass {
        Mass::Uniform(count) => {
            let log_weight = -(*count as f64).ln();
            match potential {
                Some(g) => scaled + g.add_scalar(log_weight),
                None => scaled.add_scalar(log_weight),
            }
        }
        Mass::Given(weights) => {
            let log_weights = weights.clone().log().transpose();
            scaled + potential.map_or_else(|| log_weights.clone(), |g| g + log_weights.clone())
        }
    }
}

/// softmin_eps(C, h)_i = -eps log sum_j exp(h_j - C_ij / eps), `[n, 1]`; the points j have this mass.
fn softmin(cost: &Tensor<2>, mass: &Mass, eps: f64, potential: Option<&Tensor<2>>) -> Tensor<2> {
    let exponents = exponents(cost, mass, eps, potential);
    let largest = exponents.clone().max_dim(1);
    let sum = (exponents - largest.clone()).exp().sum_dim(1);
    (sum.log() + largest).mul_scalar(-eps)
}

fn average(a: Tensor<2>, b: Tensor<2>) -> Tensor<2> {
    (a + b).mul_scalar(0.5)
}

/// The potential of a cloud against itself before the last update, `[n, 1]`.
fn self_potential(cost: &Tensor<2>, mass: &Mass, schedule: &Schedule) -> Tensor<2> {
    let mut f = softmin(cost, mass, schedule.first(), None);
    for &eps in schedule.epsilons() {
        let next = softmin(cost, mass, eps, Some(&f));
        f = average(f, next);
    }
    f
}

/// mean_j (g_yy)_j of a cloud, `[1]`: its part of the divergence, which no other cloud touches.
pub fn self_term(points: Tensor<2>, schedule: &Schedule) -> Tensor<1> {
    own_potential(points, schedule).mean()
}

/// g_yy of a cloud, `[m]`.
pub fn own_potential(points: Tensor<2>, schedule: &Schedule) -> Tensor<1> {
    if let Some(potential) = kernels::own_potential(&points, schedule) {
        return potential;
    }
    let (cost, mass) = (cost(&points, &points), Mass::Uniform(points.dims()[0]));
    let potential = self_potential(&cost, &mass, schedule);
    softmin(&cost, &mass, schedule.last(), Some(&potential)).squeeze_dim(1)
}

/// S(X, Y) and its gradient with respect to X, both with uniform weights.
///
/// # Shapes
/// - `x`: `[n, d]`; `y`: `[m, d]`, both without gradients
/// - `y_self_term`: `[1]`, from [`self_term`] of `y`
pub fn divergence(x: Tensor<2>, y: Tensor<2>, y_self_term: Tensor<1>, schedule: &Schedule) -> Divergence {
    if let Some(found) = kernels::divergence(&x, &y, &y_self_term, schedule) {
        return found;
    }
    let mass = Mass::Uniform(x.dims()[0]);
    by_tensors(x, &mass, y, y_self_term, schedule)
}

/// The same where x has weights.
///
/// # Shapes
/// - `weights`: `[n, 1]`, positive, with the sum 1
pub fn weighted_divergence(
    x: Tensor<2>,
    weights: Tensor<2>,
    y: Tensor<2>,
    y_self_term: Tensor<1>,
    schedule: &Schedule,
) -> Divergence {
    by_tensors(x, &Mass::Given(weights), y, y_self_term, schedule)
}

fn by_tensors(x: Tensor<2>, of_x: &Mass, y: Tensor<2>, y_self_term: Tensor<1>, schedule: &Schedule) -> Divergence {
    let of_y = &Mass::Uniform(y.dims()[0]);
    let (xy, yx, xx) = (cost(&x, &y), cost(&y, &x), cost(&x, &x));

    let first = schedule.first();
    let (mut f, mut g) = (softmin(&xy, of_y, first, None), softmin(&yx, of_x, first, None));
    for &eps in schedule.epsilons() {
        let next_f = softmin(&xy, of_y, eps, Some(&g));
        let next_g = softmin(&yx, of_x, eps, Some(&f));
        (f, g) = (average(f, next_f), average(g, next_g));
    }
    let f_self = self_potential(&xx, of_x, schedule);

    let eps = schedule.last();
    let f_last = softmin(&xy, of_y, eps, Some(&g));
    let g_last = softmin(&yx, of_x, eps, Some(&f));
    let f_self_last = softmin(&xx, of_x, eps, Some(&f_self));
    let value = of_x.mean(f_last - f_self_last) + g_last.clone().mean() - y_self_term;

    let pull = product(softmax(exponents(&xy, of_y, eps, Some(&g)), 1), y);
    let push = product(softmax(exponents(&xx, of_x, eps, Some(&f_self)), 1), x);
    Divergence { value, gradient: of_x.times(push - pull), potential: g_last.squeeze_dim(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schedule_starts_twice_at_the_diameter_and_ends_at_the_blur() {
        let schedule = Schedule::new(10.0, 0.1, 0.5);
        let expected = [100.0, 100.0, 25.0, 6.25, 1.5625, 0.390625, 0.09765625, 0.0244140625, 0.01];
        assert_eq!(schedule.epsilons.len(), expected.len());
        assert!(schedule.epsilons.iter().zip(expected).all(|(a, b)| (a / b - 1.0).abs() < 1e-9));
    }

    #[test]
    fn clouds_smaller_than_the_blur_still_have_a_schedule() {
        assert_eq!(Schedule::new(0.01, 0.1, 0.7).epsilons.len(), 2);
    }
}

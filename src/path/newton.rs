//! One Gauss-Newton step of a path.
//!
//! The action is half the squared length of the residuals ρ_k = √h (m_k / h - f_k), one for each step k of time h, with m_k the move and f_k
//! the drift in its middle. ρ_k depends on the two points around it and on h.

use super::action::Way;
use faer::linalg::solvers::Solve;
use faer::{Mat, Side};

/// How the drift in the middle of a step changes.
#[derive(Clone, Debug)]
pub(super) struct Slope {
    /// With the place: d x d, row = component of the drift.
    pub(super) place: Mat<f64>,
    /// With the time, per sampling interval.
    pub(super) time: Vec<f64>,
}

/// Where a step leads.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    /// Added to the inner points, row-major.
    pub(super) points: Vec<f64>,
    /// Added to the logarithm of the step of time.
    pub(super) stretch: f64,
}

/// The normal equations of the inner points, and of the step of time.
pub(super) struct Normal {
    /// Blocks of the diagonal, one for each inner point.
    diagonal: Vec<Mat<f64>>,
    /// Blocks beside it: between each inner point and the next.
    beside: Vec<Mat<f64>>,
    /// Slope of the action, and how the points hold the step of time: d x 2 for each inner point.
    right: Vec<Mat<f64>>,
    /// Slope of the action with the logarithm of the step of time, and its curvature.
    time: [f64; 2],
    /// What the damping is measured by.
    unit: f64,
}

impl Normal {
    pub(super) fn new(way: &Way, slopes: &[Slope]) -> Self {
        let (d, h) = (way.dimensions, way.step);
        let (root, inner) = (h.sqrt(), way.steps() - 1);
        let moves = way.moves();
        let mut normal = Self {
            diagonal: vec![Mat::zeros(d, d); inner],
            beside: Vec::with_capacity(inner.saturating_sub(1)),
            right: vec![Mat::zeros(d, 2); inner],
            time: [0.0; 2],
            unit: 2.0 / h,
        };
        for (step, slope) in slopes.iter().enumerate() {
            let [go, drift] = [&moves, &way.drift].map(|rows| &rows[step * d..(step + 1) * d]);
            let residual = Mat::from_fn(d, 1, |i, _| root * (go[i] / h - drift[i]));
            let since = (step as f64 + 0.5) * h;
            let stretch = Mat::from_fn(d, 1, |i, _| -root * (0.5 * (go[i] / h + drift[i]) + since * slope.time[i]));
            let toward = |sign: f64| {
                Mat::from_fn(d, d, |i, j| root * (f64::from(i == j) * sign / h - 0.5 * slope.place[(i, j)]))
            };
            let (before, after) = (toward(-1.0), toward(1.0));
            normal.time[0] += dot(&stretch, &residual);
            normal.time[1] += dot(&stretch, &stretch);
            let both = Mat::from_fn(d, 2, |i, j| if j == 0 { residual[(i, 0)] } else { stretch[(i, 0)] });
            // The point before the first step and the one after the last are the ends.
            if step > 0 {
                normal.diagonal[step - 1] += before.transpose() * &before;
                normal.right[step - 1] += before.transpose() * &both;
            }
            if step < inner {
                normal.diagonal[step] += after.transpose() * &after;
                normal.right[step] += after.transpose() * &both;
            }
            if step > 0 && step < inner {
                normal.beside.push(before.transpose() * &after);
            }
        }
        normal
    }

    /// The step under a damping; none where the damped equations have no solution. With `held` the step of time stays as it is.
    pub(super) fn step(&self, damping: f64, held: bool) -> Option<Step> {
        let solved = self.solved(damping)?;
        let product = |column: usize| {
            let of = |(right, solved): (&Mat<f64>, &Mat<f64>)| {
                (0..right.nrows()).map(|i| right[(i, 1)] * solved[(i, column)]).sum::<f64>()
            };
            self.right.iter().zip(&solved).map(of).sum::<f64>()
        };
        let [slope, curvature] = self.time;
        let own = curvature * (1.0 + damping) - product(1);
        let stretch = if held || own <= 0.0 { 0.0 } else { -(slope - product(0)) / own };
        let stretch = stretch.clamp(-1.0, 1.0);
        let points = solved.iter().flat_map(|it| (0..it.nrows()).map(move |i| -it[(i, 0)] - stretch * it[(i, 1)]));
        Some(Step { points: points.collect(), stretch })
    }

    /// Both right sides solved, d x 2 for each inner point: the blocks are eliminated one after the other.
    fn solved(&self, damping: f64) -> Option<Vec<Mat<f64>>> {
        let count = self.diagonal.len();
        let mut onward: Vec<Mat<f64>> = Vec::with_capacity(count);
        let mut solved: Vec<Mat<f64>> = Vec::with_capacity(count);
        for at in 0..count {
            let (mut block, mut right) = (self.diagonal[at].clone(), self.right[at].clone());
            (0..block.nrows()).for_each(|i| block[(i, i)] += damping * self.unit);
            if at > 0 {
                let beside = &self.beside[at - 1];
                block -= beside.transpose() * &onward[at - 1];
                right -= beside.transpose() * &solved[at - 1];
            }
            let factor = block.llt(Side::Lower).ok()?;
            solved.push(factor.solve(&right));
            if let Some(beside) = self.beside.get(at) {
                onward.push(factor.solve(beside));
            }
        }
        for at in (0..count.saturating_sub(1)).rev() {
            let next = &onward[at] * &solved[at + 1];
            solved[at] -= next;
        }
        Some(solved)
    }
}

fn dot(a: &Mat<f64>, b: &Mat<f64>) -> f64 {
    (0..a.nrows()).map(|i| a[(i, 0)] * b[(i, 0)]).sum()
}

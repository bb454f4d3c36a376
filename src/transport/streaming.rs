//! The Sinkhorn divergence on the CPU: the same numbers as `sinkhorn`, without ever holding a matrix of exponents.
//!
//! On the CPU the tensor version is bound by memory: each epsilon step passes a dozen times over matrices of all pairs. Here the cost
//! matrix is computed once and every softmin reads each of its rows once, with an exponential that the compiler vectorises.

use super::Schedule;

/// Divergence and its gradient with respect to the first cloud, as [`super::Divergence`] on the host.
pub struct HostDivergence {
    /// S.
    pub value: f32,
    /// dS/dX, `[n, d]` row-major.
    pub gradient: Vec<f32>,
}

/// Half squared distances between all pairs, row-major.
struct Costs {
    rows: usize,
    columns: usize,
    values: Vec<f32>,
}

impl Costs {
    fn between(x: &[f32], y: &[f32], dimensions: usize) -> Self {
        let (rows, columns) = (x.len() / dimensions, y.len() / dimensions);
        let half_squares = |points: &[f32]| -> Vec<f32> {
            points.chunks_exact(dimensions).map(|p| 0.5 * p.iter().map(|v| v * v).sum::<f32>()).collect()
        };
        let (of_x, of_y) = (half_squares(x), half_squares(y));
        // y by dimension, so that the innermost loop runs over neighbouring columns
        let mut by_dimension = vec![0.0; y.len()];
        for (column, point) in y.chunks_exact(dimensions).enumerate() {
            for (k, &v) in point.iter().enumerate() {
                by_dimension[k * columns + column] = v;
            }
        }
        let mut values = vec![0.0; rows * columns];
        for_rows(&mut values, columns, |row, costs| {
            costs.iter_mut().zip(&of_y).for_each(|(cost, half)| *cost = of_x[row] + half);
            for (k, &v) in x[row * dimensions..(row + 1) * dimensions].iter().enumerate() {
                let axis = &by_dimension[k * columns..(k + 1) * columns];
                costs.iter_mut().zip(axis).for_each(|(cost, &w)| *cost -= v * w);
            }
        });
        Self { rows, columns, values }
    }

    fn transposed(&self) -> Self {
        let mut values = vec![0.0; self.values.len()];
        for_rows(&mut values, self.rows, |column, out| {
            out.iter_mut().enumerate().for_each(|(row, v)| *v = self.values[row * self.columns + column]);
        });
        Self { rows: self.columns, columns: self.rows, values }
    }

    /// softmin_eps(C, -log m + potential / eps) of each row.
    fn softmin(&self, eps: f64, potential: Option<&[f32]>) -> Vec<f32> {
        let weights = self.exponents(eps, potential);
        let inverse = (1.0 / eps) as f32;
        let mut softmin = vec![0.0; self.rows];
        for_rows(&mut softmin, 1, |row, out| {
            let (largest, sum) = log_sum_exp(self.row(row), &weights, inverse);
            out[0] = -(eps as f32) * (sum.ln() + largest);
        });
        softmin
    }

    /// Weighted means of `points` under the row-stochastic plan of a softmin, `[rows, d]`.
    fn barycentres(&self, eps: f64, potential: &[f32], points: &[f32], dimensions: usize) -> Vec<f32> {
        let weights = self.exponents(eps, Some(potential));
        let inverse = (1.0 / eps) as f32;
        let mut means = vec![0.0; self.rows * dimensions];
        for_rows(&mut means, dimensions, |row, mean| {
            let costs = self.row(row);
            let (largest, sum) = log_sum_exp(costs, &weights, inverse);
            for ((cost, h), point) in costs.iter().zip(&weights).zip(points.chunks_exact(dimensions)) {
                let share = exp(h - cost * inverse - largest) / sum;
                if share > 0.0 {
                    mean.iter_mut().zip(point).for_each(|(m, p)| *m += share * p);
                }
            }
        });
        means
    }

    fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.columns..(row + 1) * self.columns]
    }

    fn exponents(&self, eps: f64, potential: Option<&[f32]>) -> Vec<f32> {
        let log_weight = -(self.columns as f32).ln();
        match potential {
            Some(g) => g.iter().map(|g| log_weight + (f64::from(*g) / eps) as f32).collect(),
            None => vec![log_weight; self.columns],
        }
    }
}

/// The largest exponent h_j - C_j / eps and the sum of exp(exponent - largest).
fn log_sum_exp(costs: &[f32], h: &[f32], inverse: f32) -> (f32, f32) {
    const LANES: usize = 16;
    let exponent = |cost: f32, h: f32| h - cost * inverse;
    let (cost_blocks, h_blocks) = (costs.chunks_exact(LANES), h.chunks_exact(LANES));
    let rest = || cost_blocks.remainder().iter().zip(h_blocks.remainder()).map(|(c, h)| exponent(*c, *h));

    let mut lanes = [f32::NEG_INFINITY; LANES];
    for (c, h) in cost_blocks.clone().zip(h_blocks.clone()) {
        for k in 0..LANES {
            let e = exponent(c[k], h[k]);
            lanes[k] = if e > lanes[k] { e } else { lanes[k] };
        }
    }
    let largest = lanes.into_iter().chain(rest()).fold(f32::NEG_INFINITY, f32::max);

    let mut lanes = [0.0; LANES];
    for (c, h) in cost_blocks.clone().zip(h_blocks.clone()) {
        for k in 0..LANES {
            lanes[k] += exp(exponent(c[k], h[k]) - largest);
        }
    }
    let sum = lanes.iter().sum::<f32>() + rest().map(|e| exp(e - largest)).sum::<f32>();
    (largest, sum)
}

/// e^x for x <= 0 to about 2e-7 relative, without branches or calls (Cephes' polynomial); 0 below -87.
fn exp(x: f32) -> f32 {
    const LOG2_E: f32 = std::f32::consts::LOG2_E;
    const LN2_HIGH: f32 = 0.693_359_4;
    const LN2_LOW: f32 = -2.121_944_4e-4;
    // adding and subtracting 1.5 * 2^23 rounds to the nearest integer
    const ROUND: f32 = 12_582_912.0;
    let clamped = if x < -87.0 { -87.0 } else { x };
    let power = (clamped * LOG2_E + ROUND) - ROUND;
    let r = clamped - power * LN2_HIGH - power * LN2_LOW;
    let mut p = 1.987_569_1e-4;
    for coefficient in [1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 5.000_000_3e-1] {
        p = p * r + coefficient;
    }
    let mantissa = p * r * r + r + 1.0;
    let scale = f32::from_bits((((power as i32) + 127) << 23) as u32);
    if x < -87.0 { 0.0 } else { mantissa * scale }
}

/// Calls `work(row, values of the row)` for every row, on all threads where there are any.
fn for_rows(values: &mut [f32], columns: usize, work: impl Fn(usize, &mut [f32]) + Sync) {
    #[cfg(not(target_arch = "wasm32"))]
    {
        use rayon::prelude::*;
        // a row alone can be too little work for a task
        let rows_at_once = (4096 / columns.max(1)).max(1);
        values.par_chunks_mut(columns * rows_at_once).enumerate().for_each(|(block, rows)| {
            for (k, row) in rows.chunks_exact_mut(columns).enumerate() {
                work(block * rows_at_once + k, row);
            }
        });
    }
    #[cfg(target_arch = "wasm32")]
    for (row, values) in values.chunks_exact_mut(columns).enumerate() {
        work(row, values);
    }
}

fn average(a: &mut [f32], b: &[f32]) {
    a.iter_mut().zip(b).for_each(|(a, b)| *a = 0.5 * (*a + b));
}

fn mean(values: &[f32]) -> f32 {
    (values.iter().map(|v| f64::from(*v)).sum::<f64>() / values.len() as f64) as f32
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
    let costs = Costs::between(points, points, dimensions);
    let potential = self_potential(&costs, schedule);
    mean(&costs.softmin(schedule.last(), Some(&potential)))
}

/// As [`super::divergence`].
pub fn divergence(x: &[f32], y: &[f32], dimensions: usize, y_self_term: f32, schedule: &Schedule) -> HostDivergence {
    let xy = Costs::between(x, y, dimensions);
    let (yx, xx) = (xy.transposed(), Costs::between(x, x, dimensions));
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
    let pull = xy.barycentres(eps, &g, y, dimensions);
    let mut gradient = xx.barycentres(eps, &f_self, x, dimensions);
    let share = 1.0 / xy.rows as f32;
    gradient.iter_mut().zip(pull).for_each(|(push, pull)| *push = (*push - pull) * share);
    HostDivergence { value, gradient }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_is_accurate_to_single_precision() {
        for k in 0..87_000 {
            let x = -(k as f32) / 1000.0;
            let exact = f64::from(x).exp();
            assert!((f64::from(exp(x)) / exact - 1.0).abs() < 3e-7, "{x}");
        }
        assert_eq!((exp(0.0), exp(-100.0), exp(f32::NEG_INFINITY)), (1.0, 0.0, 0.0));
    }
}

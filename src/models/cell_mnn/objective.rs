//! What a training of Cell-MNN makes small (section "Training" of the paper's model).

use super::Operators;
use super::batch::Batch;
use crate::models::operators::{decode, matvec};
use burn::tensor::Tensor;

/// The loss of a batch and its parts.
pub(super) struct Objective {
    /// What is minimised: `[1]`.
    pub total: Tensor<1>,
    /// Discounted squared discrepancies alone: `[1]`.
    pub discrepancy: Tensor<1>,
    /// Squared discrepancy at each training time point after the first, of cells that come from the one before: `[days - 1]`.
    pub next: Tensor<1>,
    /// Mean squared velocity along the path: `[1]`.
    pub speed: Tensor<1>,
}

/// sum over start days s and later days u of gamma^(h - 1) MMD^2, plus the weighted mean squared velocity and, where the operators have
/// eigenvectors, what keeps these apart. `width` is the kernel's, as a multiple of the dimensions; `steps` as for [`decode`].
pub(super) fn objective(
    operators: Operators,
    batch: &Batch,
    gamma: f32,
    speed_weight: f32,
    width: f64,
    steps: usize,
) -> Objective {
    let Operators { matrices, ill_conditioned } = operators;
    let [rows, d] = batch.cells.dims();
    let block = rows / batch.starts;
    let states = decode(&matrices, batch.cells.clone(), &batch.spans, steps);
    let mut velocities = vec![matvec(&matrices, batch.cells.clone())];
    let mut discrepancy = None::<Tensor<1>>;
    let mut next = None;
    let within_targets = mean_kernel(batch.targets.clone(), batch.targets.clone(), width);
    for (index, states) in states.into_iter().enumerate() {
        // Cells of the last days have fewer days ahead.
        let starts = batch.starts - index;
        let states = states.narrow(0, 0, starts * block);
        velocities.push(matvec(&matrices.clone().narrow(0, 0, starts * block), states.clone()));
        let states = states.reshape([starts, block, d]);
        let targets = batch.targets.clone().narrow(0, index, starts);
        let mmd = mean_kernel(states.clone(), states.clone(), width) + within_targets.clone().narrow(0, index, starts)
            - mean_kernel(states, targets, width).mul_scalar(2.0);
        let share = mmd.clone().sum().mul_scalar(gamma.powi(index as i32));
        discrepancy = Some(match discrepancy {
            Some(sum) => sum + share,
            None => share,
        });
        next = next.or(Some(mmd.inner()));
    }
    let discrepancy = discrepancy.unwrap_or_else(|| Tensor::zeros([1], &batch.cells.device()));
    let speed = Tensor::cat(velocities, 0).square().mean();
    let mut total = discrepancy.clone() + speed.clone().mul_scalar(speed_weight);
    if let Some(ill_conditioned) = ill_conditioned {
        total = total + ill_conditioned;
    }
    Objective {
        total,
        discrepancy: discrepancy.inner(),
        next: next.unwrap_or_else(|| Tensor::zeros([batch.starts], &batch.cells.device())),
        speed: speed.inner(),
    }
}

/// Mean Laplace kernel exp(-|a - b|_1 / (d width)) between the rows of each pair of matrices: `[g, n, d]` and `[g, m, d]` to `[g]`.
fn mean_kernel(one: Tensor<3>, other: Tensor<3>, width: f64) -> Tensor<1> {
    let [groups, rows, d] = one.dims();
    let columns = other.dims()[1];
    let distances = (one.unsqueeze_dim::<4>(2) - other.unsqueeze_dim::<4>(1)).abs().sum_dim(3);
    let kernel = distances.mul_scalar(-1.0 / (d as f64 * width)).exp();
    kernel.reshape([groups, rows * columns]).mean_dim(1).reshape([groups])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::{cpu, read_now, upload};

    #[test]
    fn the_mean_kernel_is_that_of_its_formula() {
        let a = [[0.0, 1.0], [2.0, -1.0], [0.5, 0.5]];
        let b = [[1.0, 1.0], [0.0, 0.0]];
        let flat = |rows: &[[f32; 2]]| rows.concat();
        let found = mean_kernel(upload(flat(&a), [1, 3, 2], &cpu()), upload(flat(&b), [1, 2, 2], &cpu()), 1.5);
        let kernel = |x: &[f32; 2], y: &[f32; 2]| (-((x[0] - y[0]).abs() + (x[1] - y[1]).abs()) / 3.0).exp();
        let expected = a.iter().flat_map(|x| b.iter().map(move |y| kernel(x, y))).sum::<f32>() / 6.0;
        assert!((read_now(found)[0] - expected).abs() < 1e-6);
    }
}

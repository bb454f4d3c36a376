//! From a cell to its operator.

use crate::models::SLOPE;
use crate::models::linear::Linear;
use crate::product::product;
use crate::protocol::{CellMnnConfig, OperatorForm};
use burn::module::Module;
use burn::tensor::{Tensor, activation::leaky_relu};

/// Steps of the Newton-Schulz iteration: ten reach 3e-7 in single precision for matrices near the identity.
const INVERSE_STEPS: usize = 10;
/// Added to a determinant before its reciprocal is taken (paper).
const DETERMINANT_FLOOR: f64 = 1e-4;
/// Dimensions above which the bound on the entries shrinks with the root of the dimensions.
const BOUND_DIMENSIONS: f64 = 5.0;

/// [z, t] -> four hidden layers with LeakyReLU -> linear head.
#[derive(Module, Debug)]
pub struct OperatorNetwork {
    /// d + 1 -> hidden, then hidden -> hidden.
    pub hidden: Vec<Linear>,
    /// hidden -> the numbers that make an operator.
    pub head: Linear,
}

/// The operators of some cells.
pub struct Operators {
    /// `[n, d, d]`.
    pub matrices: Tensor<3>,
    /// mean(1 / (|det P| + 1e-4)) for the form with eigenvectors, which training keeps small; `[1]`.
    pub ill_conditioned: Option<Tensor<1>>,
}

impl OperatorNetwork {
    /// # Shapes
    /// - `z`: `[n, d]`; `time`: `[n, 1]`
    pub fn forward(&self, config: &CellMnnConfig, z: Tensor<2>, time: Tensor<2>) -> Operators {
        let [cells, d] = z.dims();
        let hidden =
            self.hidden.iter().fold(Tensor::cat(vec![z, time], 1), |x, layer| leaky_relu(layer.forward(x), SLOPE));
        let answer = self.head.forward(hidden);
        let bound = f64::from(config.bound);
        match config.form {
            OperatorForm::Direct => {
                let bound = bound / (d as f64 / BOUND_DIMENSIONS).max(1.0).sqrt();
                Operators { matrices: bounded(answer, bound).reshape([cells, d, d]), ill_conditioned: None }
            }
            OperatorForm::Eigen => {
                let values = bounded(answer.clone().narrow(1, 0, d), bound);
                let vectors = answer.narrow(1, d, d * d).reshape([cells, d, d]);
                let identity = Tensor::<2>::eye(d, &vectors.device().inner()).unsqueeze::<3>();
                let vectors = vectors + identity.clone();
                let scaled = vectors.clone() * values.unsqueeze_dim(1);
                Operators {
                    matrices: product(scaled, inverse(vectors.clone(), &identity)),
                    ill_conditioned: Some(
                        determinant(vectors, &identity).abs().add_scalar(DETERMINANT_FLOOR).recip().mean(),
                    ),
                }
            }
        }
    }
}

/// bound * tanh(raw / bound): near zero as it is, never beyond the bound.
fn bounded(raw: Tensor<2>, bound: f64) -> Tensor<2> {
    raw.div_scalar(bound).tanh().mul_scalar(bound)
}

/// Newton-Schulz iteration, matrix products only, from the transposed matrix over the product of its norms.
fn inverse(matrix: Tensor<3>, identity: &Tensor<3>) -> Tensor<3> {
    let rows = matrix.clone().abs().sum_dim(2).max_dim(1);
    let columns = matrix.clone().abs().sum_dim(1).max_dim(2);
    let start = matrix.clone().swap_dims(1, 2) / (rows * columns);
    (0..INVERSE_STEPS).fold(start, |x, _| {
        let left = identity.clone().mul_scalar(2.0) - product(matrix.clone(), x.clone());
        product(x, left)
    })
}

/// Determinants by the Faddeev-LeVerrier recursion, matrix products only: `[n]`.
fn determinant(matrix: Tensor<3>, identity: &Tensor<3>) -> Tensor<1> {
    let [cells, d, _] = matrix.dims();
    let trace = |m: Tensor<3>| (m * identity.clone()).sum_dim(2).sum_dim(1);
    let mut power = matrix.clone();
    let mut coefficient = trace(power.clone()).neg();
    for k in 2..=d {
        power = product(matrix.clone(), power + coefficient * identity.clone());
        coefficient = trace(power.clone()).div_scalar(-(k as f64));
    }
    let sign = if d.is_multiple_of(2) { 1.0 } else { -1.0 };
    coefficient.reshape([cells]).mul_scalar(sign)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::{cpu, read_now, upload};

    #[test]
    fn inverses_and_determinants_are_those_of_the_textbook() {
        let matrices = vec![1.2, 0.3, -0.1, 0.2, 0.9, 0.4, 0.0, -0.3, 1.1, 2.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.5];
        let identity = Tensor::<2>::eye(3, &cpu()).unsqueeze::<3>();
        let matrices = upload(matrices, [2, 3, 3], &cpu());
        let products = read_now(product(matrices.clone(), inverse(matrices.clone(), &identity)));
        for (index, value) in products.iter().enumerate() {
            let expected = if index % 9 % 4 == 0 { 1.0 } else { 0.0 };
            assert!((value - expected).abs() < 1e-6, "{products:?}");
        }
        let determinants = read_now(determinant(matrices, &identity));
        let by_hand: f32 = 1.2 * (0.9 * 1.1 + 0.4 * 0.3) - 0.3 * (0.2 * 1.1) - 0.1 * (0.2 * -0.3);
        assert!((determinants[0] - by_hand).abs() < 1e-6 && (determinants[1] - 1.0).abs() < 1e-6, "{determinants:?}");
    }
}

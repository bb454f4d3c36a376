//! What a cell would do alone: f_intra.

use crate::models::SLOPE;
use crate::models::linear::Linear;
use burn::module::Module;
use burn::tensor::{Tensor, activation::leaky_relu};

/// Linear d -> hidden, LeakyReLU, Linear hidden -> hidden, LeakyReLU, Linear hidden -> d (paper, Methods, f_intra).
#[derive(Module, Debug)]
pub struct Intrinsic {
    /// d -> hidden.
    pub linear1: Linear,
    /// hidden -> hidden.
    pub linear2: Linear,
    /// hidden -> d.
    pub linear: Linear,
}

impl Intrinsic {
    /// # Shapes
    /// - `x`, output: `[n, d]`
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        let hidden = leaky_relu(self.linear1.forward(x), SLOPE);
        let hidden = leaky_relu(self.linear2.forward(hidden), SLOPE);
        self.linear.forward(hidden)
    }
}

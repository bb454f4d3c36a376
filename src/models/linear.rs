//! A linear layer.

use crate::product::product;
use burn::module::{Module, Param};
use burn::tensor::Tensor;

/// x W + b, for each row x.
#[derive(Module, Debug)]
pub struct Linear {
    /// W, `[inputs, outputs]`.
    pub weight: Param<Tensor<2>>,
    /// b, `[outputs]`.
    pub bias: Option<Param<Tensor<1>>>,
}

impl Linear {
    /// # Shapes
    /// - `x`: `[n, inputs]`
    /// - output: `[n, outputs]`
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        let x = product(x, self.weight.val());
        match &self.bias {
            Some(bias) => x + bias.val().unsqueeze(),
            None => x,
        }
    }
}

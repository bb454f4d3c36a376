//! The right-hand side of an SDE.

use burn::tensor::Tensor;

/// dx = f(t, x) dt + sigma dW with constant diagonal noise, for n particles in d dimensions at once.
pub trait Sde {
    /// Drift f.
    ///
    /// # Shapes
    /// - `state`: `[n, d]`; row i may depend on all rows (mean-field interaction)
    /// - output: `[n, d]`
    fn drift(&self, time: f64, state: Tensor<2>) -> Tensor<2>;

    /// Diffusion sigma of each dimension.
    ///
    /// # Shapes
    /// - output: `[1, d]`
    fn diffusion(&self) -> Tensor<2>;
}

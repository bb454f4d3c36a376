//! The action as one more state column, so that no solver needs to know it.

use super::{Sde, TrainedSde};
use burn::tensor::Tensor;

/// Adds a last column e with de = |f|^2 dt and no noise on it (paper, Methods: the action regulariser).
///
/// States have shape `[n, d + 1]`.
pub struct WithAction<S>(pub S);

impl<S: TrainedSde> TrainedSde for WithAction<S> {
    type Weights = S::Weights;

    fn weights(&self) -> &S::Weights {
        self.0.weights()
    }

    fn recording(&self) -> Self {
        Self(self.0.recording())
    }
}

impl<S: Sde> Sde for WithAction<S> {
    fn drift(&self, time: f64, state: Tensor<2>) -> Tensor<2> {
        let [_, columns] = state.dims();
        let drift = self.0.drift(time, state.narrow(1, 0, columns - 1));
        let power = drift.clone().square().sum_dim(1);
        Tensor::cat(vec![drift, power], 1)
    }

    fn diffusion(&self) -> Tensor<2> {
        let sigma = self.0.diffusion();
        let none = Tensor::zeros([1, 1], &sigma.device());
        Tensor::cat(vec![sigma, none], 1)
    }
}

//! Steps of any equation with trained weights, and their adjoints, by automatic differentiation.

use super::{Sde, euler_maruyama};
use burn::module::Module;
use burn::optim::{GradientsAccumulator, GradientsParams};
use burn::tensor::Tensor;

/// An equation with trained weights.
pub trait TrainedSde: Sde {
    /// Its weights.
    type Weights: Module;

    /// Its weights.
    fn weights(&self) -> &Self::Weights;

    /// The same equation under weights that record gradients.
    #[must_use]
    fn recording(&self) -> Self;
}

/// Takes Euler-Maruyama steps of an equation, and takes them back: the discrete adjoint of a rollout whose states are kept.
///
/// It runs on every device. A faster form of the same steps for one equation and device is tested against it.
pub struct Stepper<S: TrainedSde> {
    forward: S,
    /// Made when the first step is taken back.
    recording: Option<S>,
    gradients: GradientsAccumulator<S::Weights>,
}

impl<S: TrainedSde> Stepper<S> {
    /// Steps of `sde`.
    pub fn new(sde: S) -> Self {
        Self { recording: None, forward: sde, gradients: GradientsAccumulator::new() }
    }

    /// The equation of the steps forward.
    pub fn equation(&mut self) -> &mut S {
        &mut self.forward
    }

    /// The state after a step from `time`.
    ///
    /// # Shapes
    /// - `state`, `noise` (standard normal; none for the deterministic part alone), output: `[n, columns]`
    pub fn step(&self, time: f64, dt: f64, state: Tensor<2>, noise: Option<Tensor<2>>) -> Tensor<2> {
        euler_maruyama(&self.forward, time, dt, state, noise)
    }

    /// The cotangent of the state before the step from `state`, given that after it. Collects the gradients of the weights.
    ///
    /// # Shapes
    /// - `state`, `cotangent`, output: `[n, columns]`
    pub fn adjoint(&mut self, time: f64, dt: f64, state: Tensor<2>, cotangent: Tensor<2>) -> Tensor<2> {
        let recording = self.recording.get_or_insert_with(|| self.forward.recording());
        let state = state.autodiff().require_grad();
        // Additive noise moves no gradient, so the step is taken again without it.
        let next = euler_maruyama(recording, time, dt, state.clone(), None);
        let mut found = (next * cotangent.clone().autodiff()).sum().backward();
        let before = state.grad_remove(&mut found).unwrap_or(cotangent);
        let weights = recording.weights();
        self.gradients.accumulate(weights, GradientsParams::from_module(&mut found, weights));
        before
    }

    /// Adds the gradients of a further part of the loss, which `part` computes from the weights; returns its value.
    ///
    /// # Shapes
    /// - output: `[1]`
    pub fn add(&mut self, part: impl FnOnce(&S::Weights) -> Tensor<1>) -> Tensor<1> {
        let weights = self.recording.get_or_insert_with(|| self.forward.recording()).weights();
        let value = part(weights);
        let mut found = value.backward();
        self.gradients.accumulate(weights, GradientsParams::from_module(&mut found, weights));
        value.inner()
    }

    /// The collected gradients of all weights.
    pub fn gradients(&mut self) -> GradientsParams {
        self.gradients.grads()
    }
}

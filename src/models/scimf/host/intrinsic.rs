//! f_intra and its derivative.

use super::dense::{Dense, leak, leak_adjoint};
use super::interaction::Scratch;

/// The weights of f_intra.
pub struct HostIntrinsic {
    linear1: Dense,
    linear2: Dense,
    linear: Dense,
}

/// What some cells compute on the way there.
#[derive(Default)]
pub struct Alone {
    pub hidden1: Vec<f32>,
    pub hidden2: Vec<f32>,
}

impl HostIntrinsic {
    /// The layers whose weights begin at `*next` of `weights`; `next` is moved behind them.
    pub fn take(weights: &[f32], next: &mut usize, dimensions: usize, hidden: usize) -> Self {
        Self {
            linear1: Dense::take(weights, next, dimensions, hidden, true),
            linear2: Dense::take(weights, next, hidden, hidden, true),
            linear: Dense::take(weights, next, hidden, dimensions, true),
        }
    }

    /// Writes f_intra of the rows of `x`.
    pub fn forward(&self, x: &[f32], kept: &mut Alone, drift: &mut [f32]) {
        let cells = x.len() / self.linear1.inputs;
        kept.hidden1.resize(cells * self.linear1.outputs, 0.0);
        kept.hidden2.resize(cells * self.linear2.outputs, 0.0);
        self.linear1.forward(x, &mut kept.hidden1);
        leak(&mut kept.hidden1);
        self.linear2.forward(&kept.hidden1, &mut kept.hidden2);
        leak(&mut kept.hidden2);
        self.linear.forward(&kept.hidden2, drift);
    }

    /// Writes the gradient with respect to `x`, given that with respect to f_intra; adds those of the weights to `gradient`.
    pub fn backward(
        &self,
        x: &[f32],
        on_drift: &[f32],
        kept: &Alone,
        on_x: &mut [f32],
        scratch: &mut Scratch,
        gradient: &mut [f32],
    ) {
        let Alone { hidden1, hidden2 } = kept;
        let Scratch { on_hidden1, on_hidden2, panels, .. } = scratch;
        on_hidden1.resize(hidden1.len(), 0.0);
        on_hidden2.resize(hidden2.len(), 0.0);
        self.linear.collect(hidden2, on_drift, panels, gradient);
        self.linear.backward(on_drift, on_hidden2, false);
        leak_adjoint(hidden2, on_hidden2);
        self.linear2.collect(hidden1, on_hidden2, panels, gradient);
        self.linear2.backward(on_hidden2, on_hidden1, false);
        leak_adjoint(hidden1, on_hidden1);
        self.linear1.collect(x, on_hidden1, panels, gradient);
        self.linear1.backward(on_hidden1, on_x, false);
    }
}

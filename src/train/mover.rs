//! How the steps of a rollout are taken, and taken back.

use super::gradients::clip_global_norm;
use crate::error::Result;
use crate::model::{Kernels, Network, Population, ScImf};
use crate::sde::{WithAction, euler_maruyama};
use crate::tensor::upload;
use burn::optim::{GradientsAccumulator, GradientsParams};
use burn::tensor::{Device, Tensor};

/// A population that is rolled out once and then differentiated: each step is taken again on the way back, from the state before it.
///
/// States and adjoints are `[n, d + 1]`; the last column is the action.
pub struct Mover {
    network: Network,
    device: Device,
    way: Way,
}

#[expect(clippy::large_enum_variant, reason = "there is one of them")]
enum Way {
    /// On any device, by tensor operations and automatic differentiation.
    Tensors {
        forward: WithAction<Population>,
        backward: WithAction<Population>,
        gradients: GradientsAccumulator<Network>,
    },
    /// On a GPU that takes WGSL, for the shapes that have kernels.
    Kernels(Kernels),
}

impl Mover {
    /// `cells` cells moved by `model`, with attention weights dropped under the seed `dropout` if any.
    ///
    /// # Errors
    /// The device failed.
    pub async fn new(model: &ScImf, cells: usize, dropout: Option<u64>, device: &Device) -> Result<Self> {
        let way = match Kernels::new(model, cells, dropout, device) {
            Some(kernels) => Way::Kernels(kernels),
            None => Way::tensors(model, cells, dropout, device),
        };
        Ok(Self { network: model.network.clone(), device: device.clone(), way })
    }

    /// The state after a step from `time`, with standard normal `noise` (that of the action has no effect).
    ///
    /// # Errors
    /// The device failed.
    pub async fn step(&mut self, time: f64, dt: f64, state: Tensor<2>, noise: Vec<f32>) -> Result<Tensor<2>> {
        let noise = upload(noise, state.dims(), &self.device);
        Ok(match &mut self.way {
            Way::Tensors { forward, .. } => euler_maruyama(forward, time, dt, state, Some(noise)),
            Way::Kernels(kernels) => kernels.step(time, dt, &state, noise),
        })
    }

    /// The adjoint before the step from `state`, given that after it. Collects the gradients of the weights.
    ///
    /// # Errors
    /// The device failed.
    pub async fn back(&mut self, time: f64, dt: f64, state: Tensor<2>, adjoint: Tensor<2>) -> Result<Tensor<2>> {
        match &mut self.way {
            Way::Tensors { backward, gradients, .. } => {
                let state = state.autodiff().require_grad();
                // Additive noise moves no gradient, so the step is taken again without it.
                let next = euler_maruyama(backward, time, dt, state.clone(), None);
                let mut found = (next * adjoint.clone().autodiff()).sum().backward();
                let before = state.grad_remove(&mut found).unwrap_or(adjoint);
                let network = backward.0.network();
                gradients.accumulate(network, GradientsParams::from_module(&mut found, network));
                Ok(before)
            }
            Way::Kernels(kernels) => Ok(kernels.back(time, dt, &state, adjoint)),
        }
    }

    /// The collected gradients of all weights.
    pub fn gradients(self) -> GradientsParams {
        match self.way {
            Way::Tensors { mut gradients, .. } => gradients.grads(),
            Way::Kernels(kernels) => kernels.gradients(),
        }
    }

    /// The collected gradients, scaled down to a global norm of at most `limit`, and their norm before, `[1]`.
    pub fn clipped_gradients(self, limit: f32) -> (GradientsParams, Tensor<1>) {
        let (network, device) = (self.network.clone(), self.device.clone());
        clip_global_norm(self.gradients(), &network, limit, &device)
    }
}

impl Way {
    fn tensors(model: &ScImf, cells: usize, dropout: Option<u64>, device: &Device) -> Self {
        let population = Population::new(model.clone(), cells, dropout, device);
        let backward = WithAction(population.with_gradients());
        Self::Tensors { forward: WithAction(population), backward, gradients: GradientsAccumulator::new() }
    }
}

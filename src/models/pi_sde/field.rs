//! The potential, its derivatives, and how cells move in it.

use super::config::PiSdeConfig;
use super::weights::{PREFIX, PiSdeWeights};
use crate::error::Result;
use crate::models::fitted::Stored;
use crate::models::potential;
use crate::models::potential::Potential;
use crate::sde::{Sde, TrainedSde};
use burn::module::Module;
use burn::tensor::{Device, Tensor};

/// A PI-SDE model on a device.
#[derive(Clone, Debug)]
pub struct PiSde {
    /// Its shape.
    pub config: PiSdeConfig,
    /// Psi of [x, t].
    pub network: Potential,
}

/// Derivatives of the potential at some cells.
pub struct Field {
    /// grad_x Psi, `[n, d]`.
    pub by_state: Tensor<2>,
    /// d_t Psi, `[n, 1]`.
    pub by_time: Tensor<2>,
}

impl Field {
    /// The Hamilton-Jacobi residual | d_t Psi - |grad_x Psi|^2 / 2 |, `[n, 1]`, per unit of the data's time labels.
    pub fn residual(&self) -> Tensor<2> {
        let kinetic = self.by_state.clone().square().sum_dim(1).mul_scalar(0.5);
        (self.by_time.clone() - kinetic).abs()
    }
}

impl PiSde {
    /// Puts weights on a device.
    ///
    /// # Errors
    /// As [`PiSdeWeights::checked`].
    pub fn from_weights(weights: &PiSdeWeights, device: &Device) -> Result<Self> {
        let weights = weights.clone().checked()?;
        let network = potential::loaded(&weights.tensors, PREFIX, super::weights::LAYERS, device)?;
        Ok(Self { config: weights.config, network })
    }

    /// Psi(x, t) of each cell.
    ///
    /// # Shapes
    /// - `x`: `[n, d]`; `time`: `[n, 1]`, in the data's time labels
    /// - output: `[n, 1]`
    pub fn potential(&self, x: Tensor<2>, time: Tensor<2>) -> Tensor<2> {
        self.network.value(Tensor::cat(vec![x, time], 1))
    }

    /// The derivatives of Psi at each cell.
    ///
    /// # Shapes
    /// - `x`: `[n, d]`; `time`: `[n, 1]`, in the data's time labels
    pub fn field(&self, x: Tensor<2>, time: Tensor<2>) -> Field {
        field(&self.network, x, time)
    }

    /// Cells in motion.
    pub fn motion(&self, device: &Device) -> Motion {
        let none = Tensor::zeros([1, 1], device);
        let sigma = Tensor::full([1, self.config.dimensions], self.config.sigma, device);
        Motion { network: self.network.clone(), sigma: Tensor::cat(vec![sigma, none], 1) }
    }
}

fn field(network: &Potential, x: Tensor<2>, time: Tensor<2>) -> Field {
    let d = x.dims()[1];
    let gradient = network.gradient(Tensor::cat(vec![x, time], 1));
    Field { by_state: gradient.clone().narrow(1, 0, d), by_time: gradient.narrow(1, d, 1) }
}

/// The equation that is solved and differentiated. States are `[n, d + 1]`: the last column is the Hamilton-Jacobi residual that has been
/// gathered on the way, without noise. Time is that of the data's labels.
pub struct Motion {
    network: Potential,
    sigma: Tensor<2>,
}

impl TrainedSde for Motion {
    type Weights = Potential;

    fn weights(&self) -> &Potential {
        &self.network
    }

    fn recording(&self) -> Self {
        Self { network: self.network.clone().train(), sigma: self.sigma.clone().autodiff() }
    }
}

impl Sde for Motion {
    fn drift(&self, time: f64, state: Tensor<2>) -> Tensor<2> {
        let d = state.dims()[1] - 1;
        let now = state.clone().narrow(1, d, 1).zeros_like().add_scalar(time);
        let field = field(&self.network, state.narrow(1, 0, d), now);
        let residual = field.residual();
        Tensor::cat(vec![field.by_state.neg(), residual], 1)
    }

    fn diffusion(&self) -> Tensor<2> {
        self.sigma.clone()
    }
}

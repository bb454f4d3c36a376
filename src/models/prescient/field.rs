//! The network, its gradient, and how cells move along it.

use super::config::{GrowthGenes, PrescientConfig};
use super::weights::{PREFIX, PrescientWeights};
use crate::error::Result;
use crate::models::fitted::Stored;
use crate::models::potential;
use crate::models::potential::Potential;
use crate::sde::{Sde, TrainedSde};
use burn::module::Module;
use burn::tensor::{Device, Tensor};

/// A PRESCIENT model on a device.
#[derive(Clone, Debug)]
pub struct Prescient {
    /// Its shape.
    pub config: PrescientConfig,
    /// The genes by which its start cells were weighted.
    pub growth: GrowthGenes,
    /// net(x); the potential is -net.
    pub network: Potential,
}

impl Prescient {
    /// Puts weights on a device.
    ///
    /// # Errors
    /// As [`PrescientWeights::checked`].
    pub fn from_weights(weights: &PrescientWeights, device: &Device) -> Result<Self> {
        let weights = weights.clone().checked()?;
        let network = potential::loaded(&weights.tensors, PREFIX, weights.config.layers, device)?;
        Ok(Self { config: weights.config, growth: weights.growth, network })
    }

    /// The potential -net(x) of each cell.
    ///
    /// # Shapes
    /// - `x`: `[n, d]`
    /// - output: `[n, 1]`
    pub fn potential(&self, x: Tensor<2>) -> Tensor<2> {
        self.network.value(x).neg()
    }

    /// The drift grad net(x) of each cell, per unit of the data's time labels.
    ///
    /// # Shapes
    /// - `x`, output: `[n, d]`
    pub fn drift(&self, x: Tensor<2>) -> Tensor<2> {
        self.network.gradient(x)
    }

    /// Cells in motion.
    pub fn motion(&self, device: &Device) -> Motion {
        let sd = Tensor::full([1, self.config.dimensions], self.config.sd, device);
        Motion { network: self.network.clone(), sd }
    }
}

/// The equation that is solved and differentiated; states are `[n, d]`.
pub struct Motion {
    network: Potential,
    sd: Tensor<2>,
}

impl TrainedSde for Motion {
    type Weights = Potential;

    fn weights(&self) -> &Potential {
        &self.network
    }

    fn recording(&self) -> Self {
        Self { network: self.network.clone().train(), sd: self.sd.clone().autodiff() }
    }
}

impl Sde for Motion {
    fn drift(&self, _time: f64, state: Tensor<2>) -> Tensor<2> {
        self.network.gradient(state)
    }

    fn diffusion(&self) -> Tensor<2> {
        self.sd.clone()
    }
}

//! The velocity field, and how cells move along it.

use super::OtCfmWeights;
use super::shape::{LAYERS, OtCfmShape, PREFIX};
use crate::data::{Clock, Dataset};
use crate::error::Result;
use crate::models::fitted::{Perceptron, Stored, Tensors, selu};
use crate::sde::three_eighths;
use crate::simulate::{CellStepper, Noise};
use burn::tensor::{Device, Tensor};

/// An OT-CFM model on a device.
#[derive(Clone, Debug)]
pub struct OtCfm {
    /// Its shape.
    pub shape: OtCfmShape,
    /// The velocity of [x, t]: linear layers with SELU between them.
    pub network: Perceptron,
}

/// The velocity of each row of [x, t], per sampling interval.
///
/// # Shapes
/// - `at`: `[n, d + 1]`
/// - output: `[n, d]`
pub fn velocities(network: &Perceptron, at: Tensor<2>) -> Tensor<2> {
    network.forward(at, selu)
}

impl OtCfm {
    /// Puts weights on a device.
    ///
    /// # Errors
    /// As [`Stored::checked`].
    pub fn from_weights(weights: &OtCfmWeights, device: &Device) -> Result<Self> {
        let OtCfmWeights { shape, tensors, .. } = weights.clone().checked()?;
        let network = Self::layers(&tensors, device)?;
        Ok(Self { shape, network })
    }

    /// The layers out of tensors by name.
    ///
    /// # Errors
    /// A tensor is missing.
    pub(super) fn layers(tensors: &Tensors, device: &Device) -> Result<Perceptron> {
        Perceptron::loaded(tensors, PREFIX, LAYERS + 1, device)
    }

    /// The drift of each cell at a time in index units, per sampling interval.
    ///
    /// # Shapes
    /// - `x`, output: `[n, d]`
    pub fn drift(&self, time: f64, x: Tensor<2>) -> Tensor<2> {
        drift(&self.network, time, x)
    }

    /// Cells in motion.
    pub fn motion(&self) -> Motion {
        Motion(self.network.clone())
    }
}

fn drift(network: &Perceptron, time: f64, x: Tensor<2>) -> Tensor<2> {
    let now = x.clone().narrow(1, 0, 1).zeros_like().add_scalar(time);
    velocities(network, Tensor::cat(vec![x, now], 1))
}

/// Cells in motion, by Runge-Kutta steps and without noise.
pub struct Motion(Perceptron);

impl CellStepper for Motion {
    fn clock(&self, dataset: &Dataset) -> Clock {
        Clock::of_positions(dataset)
    }

    fn enter(&self, cells: Tensor<2>, _: &mut Noise) -> Tensor<2> {
        cells
    }

    fn step(&self, time: f64, dt: f64, state: Tensor<2>, _: &mut Noise) -> Tensor<2> {
        three_eighths(|_, at, x| drift(&self.0, at, x), time, dt, state)
    }

    fn leave(&self, state: Tensor<2>, _: usize) -> Tensor<2> {
        state
    }
}

//! The velocity field, and how cells move along it.

use super::shape::OtCfmShape;
use crate::data::{Clock, Dataset};
use crate::models::fitted::{Perceptron, Shaped, selu};
use crate::sde::three_eighths;
use crate::simulate::{CellStepper, Noise};
use burn::tensor::Tensor;

/// An OT-CFM model on a device.
pub type OtCfm = Shaped<OtCfmShape>;

/// The velocity of each row of [x, t], per sampling interval.
///
/// # Shapes
/// - `at`: `[n, d + 1]`
/// - output: `[n, d]`
pub fn velocities(network: &Perceptron, at: Tensor<2>) -> Tensor<2> {
    network.forward(at, selu)
}

impl OtCfm {
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

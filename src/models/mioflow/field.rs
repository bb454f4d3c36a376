//! The network, and how cells move under it.

use super::autoencoder::Autoencoder;
use super::shape::{ALPHA, FURTHER_INPUTS, MioFlowShape, PREFIX};
use crate::data::weights::Tensor as Named;
use crate::data::{Clock, Dataset};
use crate::error::Result;
use crate::models::fitted::{Perceptron, Shaped, Tensors, elu};
use crate::models::parameters::Source;
use crate::sde::three_eighths;
use crate::simulate::{CellStepper, Noise};
use crate::tensor::read;
use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};

/// A MIOFlow model on a device.
pub type MioFlow = Shaped<MioFlowShape>;

/// The drift g of [z, t, 0, 0], and the scales of the noise.
#[derive(Module, Debug)]
pub struct MioFlowNetwork {
    /// Linear layers with CELU between them.
    pub layers: Perceptron,
    /// Scale of the noise in each bin of time.
    pub alpha: Param<Tensor<1>>,
    /// The way to the learned space and back; none in the model space.
    pub space: Option<Autoencoder>,
}

impl MioFlowNetwork {
    pub(super) fn loaded(tensors: &Tensors, shape: &MioFlowShape, device: &Device) -> Result<Self> {
        let alpha = Source { tensors, device }.vector(ALPHA)?;
        let space = shape.space.as_ref().map(|space| Autoencoder::loaded(tensors, space, device)).transpose()?;
        Ok(Self { layers: Perceptron::loaded(tensors, PREFIX, shape.hidden.len() + 1, device)?, alpha, space })
    }

    pub(super) async fn saved(&self) -> Result<Tensors> {
        let mut tensors = self.layers.saved(PREFIX).await?;
        let values = read(self.alpha.val()).await?;
        tensors.insert(ALPHA.into(), Named { shape: vec![values.len()], values });
        if let Some(space) = &self.space {
            tensors.extend(space.saved().await?);
        }
        Ok(tensors)
    }

    /// The drift of each cell where cells are moved, per sampling interval.
    ///
    /// # Shapes
    /// - `z`, output: `[n, moved]`; `time` in index units
    pub fn drift(&self, time: f64, z: Tensor<2>) -> Tensor<2> {
        let further = z.clone().narrow(1, 0, 1).zeros_like();
        let mut inputs = vec![z, further.clone().add_scalar(time)];
        inputs.resize(1 + FURTHER_INPUTS, further);
        self.layers.forward(Tensor::cat(inputs, 1), |x| elu(x, 1.0))
    }

    /// Where cells of the model space are moved.
    ///
    /// # Shapes
    /// - `cells`: `[n, d]`
    /// - output: `[n, moved]`
    pub fn enter(&self, cells: Tensor<2>) -> Tensor<2> {
        match &self.space {
            Some(space) => space.encode(cells),
            None => cells,
        }
    }

    /// Cells of the model space, from where they were moved.
    ///
    /// # Shapes
    /// - `places`: `[n, moved]`
    /// - output: `[n, d]`
    pub fn leave(&self, places: Tensor<2>) -> Tensor<2> {
        match &self.space {
            Some(space) => space.decode(places),
            None => places,
        }
    }

    /// Velocity of each cell in the model space, per sampling interval.
    ///
    /// # Shapes
    /// - `cells`, output: `[n, d]`; `time` in index units
    pub fn velocity(&self, time: f64, cells: Tensor<2>) -> Tensor<2> {
        let places = self.enter(cells);
        let drift = self.drift(time, places.clone());
        match &self.space {
            Some(space) => space.push(places, drift),
            None => drift,
        }
    }

    /// The derivative of each cell under standard normal `noise`: the drift plus the noise times its scale. Without noise, the drift.
    ///
    /// # Shapes
    /// - `z`, `noise`, output: `[n, d]`
    pub fn rate(&self, time: f64, z: Tensor<2>, noise: Option<Tensor<2>>) -> Tensor<2> {
        let drift = self.drift(time, z);
        let Some(noise) = noise else { return drift };
        let bin = bin(time, self.alpha.val().dims()[0]);
        drift + noise * self.alpha.val().narrow(0, bin, 1).unsqueeze::<2>()
    }

    /// One step of `dt` from `time`, by the 3/8 form of the fourth-order Runge-Kutta method, with the noise of each of its four stages.
    ///
    /// # Shapes
    /// - `z`, `noise`, output: `[n, d]`
    pub fn step(
        &self,
        time: f64,
        dt: f64,
        z: Tensor<2>,
        mut noise: impl FnMut(usize) -> Option<Tensor<2>>,
    ) -> Tensor<2> {
        three_eighths(|stage, at, z| self.rate(at, z, noise(stage)), time, dt, z)
    }
}

/// The bin of the noise at a time: int(t - 1) of the program, where -1 means the last bin.
pub(super) fn bin(time: f64, bins: usize) -> usize {
    match (time - 1.0).trunc() {
        before if before < 0.0 => bins - 1,
        index => (index as usize).min(bins - 1),
    }
}

impl MioFlow {
    /// Cells in motion.
    pub fn motion(&self) -> Motion {
        Motion(self.network.clone())
    }
}

/// Cells in motion: one Runge-Kutta step from each time point to the next, with new noise at every evaluation.
pub struct Motion(MioFlowNetwork);

impl CellStepper for Motion {
    fn clock(&self, dataset: &Dataset) -> Clock {
        Clock::of_positions(dataset)
    }

    fn enter(&self, cells: Tensor<2>, _: &mut Noise) -> Tensor<2> {
        self.0.enter(cells)
    }

    fn step(&self, time: f64, dt: f64, state: Tensor<2>, noise: &mut Noise) -> Tensor<2> {
        let columns = state.dims()[1];
        self.0.step(time, dt, state, |_| noise.next(columns))
    }

    fn leave(&self, state: Tensor<2>, _: usize) -> Tensor<2> {
        self.0.leave(state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_time_point_takes_the_last_bin() {
        let found = [0.0, 0.5, 1.0, 1.9, 2.0, 3.0, 4.0, 9.0].map(|time| bin(time, 5));
        assert_eq!(found, [4, 0, 0, 0, 1, 2, 3, 4]);
    }
}

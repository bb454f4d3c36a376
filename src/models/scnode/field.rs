//! Encoder, latent drift and decoder, and how cells move through them.

use super::shape::{DECODER, DEVIATION, DRIFT, ENCODER, MEAN, ScNodeShape};
use crate::data::{Clock, Dataset};
use crate::error::Result;
use crate::models::fitted::{Perceptron, Shaped, Tensors};
use crate::models::linear::Linear;
use crate::models::parameters::{Sink, Source};
use crate::product::product;
use crate::simulate::{CellStepper, Noise};
use burn::module::Module;
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};

/// A scNODE model on a device.
pub type ScNode = Shaped<ScNodeShape>;

/// The layers of scNODE.
#[derive(Module, Debug)]
pub struct ScNodeNetwork {
    /// d -> latent, without activations.
    pub encoder: Perceptron,
    /// Mean of a cell's latent place.
    pub mean: Linear,
    /// Deviation of it, up to its sign.
    pub deviation: Linear,
    /// Drift of latent cells.
    pub drift: Perceptron,
    /// latent -> d.
    pub decoder: Perceptron,
    /// The drift ends in a ReLU.
    rising: bool,
}

impl ScNodeNetwork {
    pub(in crate::models) fn loaded(tensors: &Tensors, shape: &ScNodeShape, device: &Device) -> Result<Self> {
        let part = |prefix, hidden: &[usize]| Perceptron::loaded(tensors, prefix, hidden.len() + 1, device);
        let source = Source { tensors, device };
        Ok(Self {
            encoder: part(ENCODER, &shape.encoder)?,
            mean: source.linear(MEAN, true)?,
            deviation: source.linear(DEVIATION, true)?,
            drift: part(DRIFT, &shape.drift)?,
            decoder: part(DECODER, &shape.decoder)?,
            rising: shape.rising,
        })
    }

    pub(in crate::models) async fn saved(&self) -> Result<Tensors> {
        let mut sink = Sink::default();
        sink.linear(MEAN, &self.mean).await?;
        sink.linear(DEVIATION, &self.deviation).await?;
        let mut tensors = sink.0;
        for (prefix, part) in [(ENCODER, &self.encoder), (DRIFT, &self.drift), (DECODER, &self.decoder)] {
            tensors.extend(part.saved(prefix).await?);
        }
        Ok(tensors)
    }

    /// Mean and deviation of the latent place of each cell.
    ///
    /// # Shapes
    /// - `cells`: `[n, d]`
    /// - outputs: `[n, latent]`
    pub fn encode(&self, cells: Tensor<2>) -> [Tensor<2>; 2] {
        let hidden = self.encoder.forward(cells, |x| x);
        [self.mean.forward(hidden.clone()), self.deviation.forward(hidden).abs()]
    }

    /// A latent place of each cell, drawn with standard normal `noise`; the mean without.
    ///
    /// # Shapes
    /// - `cells`: `[n, d]`
    /// - `noise`, output: `[n, latent]`
    pub fn sampled(&self, cells: Tensor<2>, noise: Option<Tensor<2>>) -> Tensor<2> {
        let [mean, deviation] = self.encode(cells);
        match noise {
            Some(noise) => mean + deviation * noise,
            None => mean,
        }
    }

    /// The latent drift, per sampling interval.
    ///
    /// # Shapes
    /// - `latent`, output: `[n, latent]`
    pub fn flow(&self, latent: Tensor<2>) -> Tensor<2> {
        let drift = self.drift.forward(latent, relu);
        if self.rising { relu(drift) } else { drift }
    }

    /// The cells of latent places.
    ///
    /// # Shapes
    /// - `latent`: `[n, latent]`
    /// - output: `[n, d]`
    pub fn decode(&self, latent: Tensor<2>) -> Tensor<2> {
        let cells = self.decoder.forward(latent, relu);
        if self.decoder.layers.len() > 1 { relu(cells) } else { cells }
    }

    /// How fast decoded cells move whose latent places move by `drift`: the decoder's Jacobian times it.
    ///
    /// # Shapes
    /// - `latent`, `drift`: `[n, latent]`
    /// - output: `[n, d]`
    pub fn push(&self, latent: Tensor<2>, drift: Tensor<2>) -> Tensor<2> {
        let bends = self.decoder.layers.len() > 1;
        let layers = self.decoder.layers.iter();
        let (_, pushed) = layers.fold((latent, drift), |(x, v), layer| {
            let (x, v) = (layer.forward(x), product(v, layer.weight.val()));
            if bends {
                let open = x.clone().greater_elem(0.0).float();
                (relu(x), v * open)
            } else {
                (x, v)
            }
        });
        pushed
    }

    /// Latent places after `steps` Euler steps over `gap` sampling intervals.
    ///
    /// # Shapes
    /// - `latent`, output: `[n, latent]`
    pub fn moved(&self, latent: Tensor<2>, gap: f64, steps: usize) -> Tensor<2> {
        let dt = gap / steps as f64;
        (0..steps).fold(latent, |latent, _| latent.clone() + self.flow(latent).mul_scalar(dt))
    }
}

impl ScNodeNetwork {
    /// Velocity of each cell, per sampling interval, from the mean of its latent place.
    ///
    /// # Shapes
    /// - `cells`, output: `[n, d]`
    pub fn drift(&self, cells: Tensor<2>) -> Tensor<2> {
        let latent = self.sampled(cells, None);
        self.push(latent.clone(), self.flow(latent))
    }

    /// Cells in motion, in `latent` dimensions.
    pub fn motion(&self, latent: usize) -> Motion {
        Motion { network: self.clone(), latent }
    }
}

/// Cells in motion: encoded once, moved in the latent space, decoded wherever they are looked at.
pub struct Motion {
    network: ScNodeNetwork,
    latent: usize,
}

impl CellStepper for Motion {
    fn clock(&self, dataset: &Dataset) -> Clock {
        Clock::of_positions(dataset)
    }

    fn enter(&self, cells: Tensor<2>, noise: &mut Noise) -> Tensor<2> {
        self.network.sampled(cells, noise.next(self.latent))
    }

    fn step(&self, _: f64, dt: f64, state: Tensor<2>, _: &mut Noise) -> Tensor<2> {
        self.network.moved(state, dt, 1)
    }

    fn leave(&self, state: Tensor<2>, _: usize) -> Tensor<2> {
        self.network.decode(state)
    }
}

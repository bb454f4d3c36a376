//! The geodesic autoencoder: a space in which squared distances are those along the graph of the cells.

use crate::error::Result;
use crate::models::fitted::{Perceptron, Tensors};
use crate::product::product;
use burn::module::Module;
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

/// Before the names of the encoder's tensors.
pub(super) const ENCODER: &str = "encoder.";
/// Before those of the decoder's.
pub(super) const DECODER: &str = "decoder.";

/// Shape of a geodesic autoencoder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AutoencoderShape {
    /// Coordinates of its space.
    pub latent: usize,
    /// Widths of the encoder's hidden layers; the decoder has them in the other order.
    pub hidden: Vec<usize>,
}

impl AutoencoderShape {
    /// Widths of the encoder's layers for `dimensions` components; reversed they are the decoder's.
    pub(super) fn widths(&self, dimensions: usize) -> Vec<usize> {
        [&[dimensions], &self.hidden[..], &[self.latent]].concat()
    }

    /// Name and shape of each tensor.
    pub(super) fn tensors(&self, dimensions: usize) -> Vec<(String, Vec<usize>)> {
        let mut widths = self.widths(dimensions);
        let encoder = Perceptron::shapes(ENCODER, &widths);
        widths.reverse();
        encoder.into_iter().chain(Perceptron::shapes(DECODER, &widths)).collect()
    }

    /// The shape that tensors tell, with the components that it encodes; none if they have no encoder.
    pub(super) fn told(tensors: &Tensors) -> Option<(usize, Self)> {
        let widths = Perceptron::widths(ENCODER, tensors);
        let [dimensions, hidden @ .., latent] = &widths[..] else { return None };
        Some((*dimensions, Self { latent: *latent, hidden: hidden.to_vec() }))
    }
}

/// Encoder and decoder, with ReLU between their layers.
#[derive(Module, Debug)]
pub struct Autoencoder {
    /// d -> latent.
    pub encoder: Perceptron,
    /// latent -> d.
    pub decoder: Perceptron,
}

impl Autoencoder {
    pub(super) fn loaded(tensors: &Tensors, shape: &AutoencoderShape, device: &Device) -> Result<Self> {
        let part = |prefix| Perceptron::loaded(tensors, prefix, shape.hidden.len() + 1, device);
        Ok(Self { encoder: part(ENCODER)?, decoder: part(DECODER)? })
    }

    pub(super) async fn saved(&self) -> Result<Tensors> {
        let mut tensors = self.encoder.saved(ENCODER).await?;
        tensors.extend(self.decoder.saved(DECODER).await?);
        Ok(tensors)
    }

    /// Places of cells in the space.
    ///
    /// # Shapes
    /// - `cells`: `[n, d]`
    /// - output: `[n, latent]`
    pub fn encode(&self, cells: Tensor<2>) -> Tensor<2> {
        self.encoder.forward(cells, relu)
    }

    /// Cells of places in the space.
    ///
    /// # Shapes
    /// - `places`: `[n, latent]`
    /// - output: `[n, d]`
    pub fn decode(&self, places: Tensor<2>) -> Tensor<2> {
        self.decoder.forward(places, relu)
    }

    /// How fast decoded cells move whose places move by `drift`: the decoder's Jacobian times it.
    ///
    /// # Shapes
    /// - `places`, `drift`: `[n, latent]`
    /// - output: `[n, d]`
    pub fn push(&self, places: Tensor<2>, drift: Tensor<2>) -> Tensor<2> {
        let last = self.decoder.layers.len() - 1;
        let layers = self.decoder.layers.iter().enumerate();
        let (_, pushed) = layers.fold((places, drift), |(x, v), (index, layer)| {
            let (x, v) = (layer.forward(x), product(v, layer.weight.val()));
            if index == last {
                return (x, v);
            }
            let open = x.clone().greater_elem(0.0).float();
            (relu(x), v * open)
        });
        pushed
    }

    /// Mean squared errors of what `noisy` cells are given back as, against `clean` ones, and of the squared distances between their places, against
    /// `distances`.
    ///
    /// # Shapes
    /// - `clean`, `noisy`: `[n, d]`
    /// - `distances`: `[n, n]`
    pub fn losses(&self, clean: Tensor<2>, noisy: Tensor<2>, distances: Tensor<2>) -> [Tensor<1>; 2] {
        let places = self.encode(noisy);
        let given = (self.decode(places.clone()) - clean).square().mean();
        let lengths = places.clone().square().sum_dim(1);
        let apart = lengths.clone() + lengths.transpose() - product(places.clone(), places.transpose()).mul_scalar(2.0);
        [given, (apart - distances).square().mean()]
    }
}

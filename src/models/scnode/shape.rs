//! The shape of scNODE, its tensors by name, and fresh ones.

use super::ScNodeWeights;
use crate::error::{Error, Result};
use crate::models::fitted::{Perceptron, Shape, Tensors, initial};
use crate::protocol::limits::{MOST_LAYERS, MOST_STEPS_PER_UNIT, MOST_WIDTH};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Before the names of the layers' tensors.
pub(super) const ENCODER: &str = "latent_encoder.net.";
pub(super) const MEAN: &str = "latent_encoder.mu_layer";
pub(super) const DEVIATION: &str = "latent_encoder.var_layer";
pub(super) const DRIFT: &str = "diffeq_decoder.net.net.";
pub(super) const DECODER: &str = "obs_decoder.net.";

/// Shape of a scNODE model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScNodeShape {
    /// Dimensions d of the model space.
    pub dimensions: usize,
    /// Dimensions of the latent space.
    pub latent: usize,
    /// Widths of the encoder's hidden layers, which have no activation.
    pub encoder: Vec<usize>,
    /// Widths of the decoder's hidden layers. With any, a ReLU follows every layer, the last among them; without, the decoder is linear.
    pub decoder: Vec<usize>,
    /// Widths of the drift's hidden layers.
    pub drift: Vec<usize>,
    /// The drift ends in a ReLU, as published.
    pub rising: bool,
    /// Euler steps from a time point to the next; in training from a training time to the next, however far it is.
    pub steps: usize,
}

impl ScNodeShape {
    fn widths(first: usize, hidden: &[usize], last: usize) -> Vec<usize> {
        [&[first], hidden, &[last]].concat()
    }

    /// Name and shape of every tensor, in the order in which fresh ones are drawn.
    pub(in crate::models) fn list(&self) -> Vec<(String, Vec<usize>)> {
        let Self { dimensions: d, latent, .. } = *self;
        let mut list = Perceptron::shapes(ENCODER, &Self::widths(d, &self.encoder, latent));
        for name in [MEAN, DEVIATION] {
            list.push((format!("{name}.weight"), vec![latent, latent]));
            list.push((format!("{name}.bias"), vec![latent]));
        }
        list.extend(Perceptron::shapes(DRIFT, &Self::widths(latent, &self.drift, latent)));
        list.extend(Perceptron::shapes(DECODER, &Self::widths(latent, &self.decoder, d)));
        list
    }
}

impl Shape for ScNodeShape {
    const KEY: &'static str = "scnode";
    const NAME: &'static str = "scNODE";

    fn dimensions(&self) -> usize {
        self.dimensions
    }

    fn tensors(&self) -> BTreeMap<String, Vec<usize>> {
        self.list().into_iter().collect()
    }

    fn check(&self) -> Result<()> {
        let hidden = [&self.encoder, &self.decoder, &self.drift];
        let mut sizes = hidden.into_iter().flatten().chain([&self.dimensions, &self.latent]);
        let usable = sizes.all(|size| (1..=MOST_WIDTH).contains(size))
            && hidden.into_iter().all(|hidden| hidden.len() <= MOST_LAYERS)
            && (1..=MOST_STEPS_PER_UNIT).contains(&self.steps);
        if usable { Ok(()) } else { Err(Error::input(format!("a model of this shape is not usable: {self:?}"))) }
    }

    fn recognises(tensors: &Tensors) -> bool {
        tensors.contains_key(&format!("{MEAN}.weight"))
    }

    fn infer(tensors: &Tensors) -> Result<Self> {
        let hidden = |prefix: &str| match Perceptron::widths(prefix, tensors)[..] {
            [first, ref hidden @ .., last] => Ok((first, hidden.to_vec(), last)),
            _ => Err(Error::input(format!("the tensor “{prefix}0.weight” is missing"))),
        };
        let ((dimensions, encoder, latent), (_, decoder, _), (_, drift, _)) =
            (hidden(ENCODER)?, hidden(DECODER)?, hidden(DRIFT)?);
        Ok(Self { dimensions, latent, encoder, decoder, drift, rising: true, steps: 1 })
    }
}

/// Fresh weights: linear layers as PyTorch's.
pub fn initial_weights(shape: ScNodeShape, seed: u32) -> ScNodeWeights {
    let tensors = initial(&shape.list(), "", seed);
    ScNodeWeights { shape, updates: 0, held_out: Vec::new(), tensors }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::fitted::Stored;
    use std::collections::HashMap;

    #[test]
    fn what_is_written_is_read_and_published_checkpoints_tell_their_shape() {
        let (encoder, decoder, drift) = (vec![5], vec![6, 6], vec![4]);
        let shape = ScNodeShape { dimensions: 3, latent: 2, encoder, decoder, drift, rising: true, steps: 1 };
        let weights = ScNodeWeights { updates: 7, held_out: vec![1], ..initial_weights(shape, 2) };
        let (tensors, metadata) = crate::data::weights::tensors(&weights.write().unwrap()).unwrap();
        assert_eq!(ScNodeWeights::from_file(tensors, &metadata).unwrap(), weights);
        let found = ScNodeWeights::from_file(weights.tensors.clone(), &HashMap::new()).unwrap();
        assert_eq!(found.shape, weights.shape);
        let mut without = weights.clone();
        without.tensors.remove("latent_encoder.var_layer.bias");
        assert!(without.checked().unwrap_err().to_string().contains("var_layer.bias” is missing"));
        let steps = ScNodeShape { steps: 0, ..weights.shape.clone() };
        assert!(ScNodeWeights { shape: steps, ..weights }.checked().is_err());
    }
}

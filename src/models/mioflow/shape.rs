//! The shape of MIOFlow, its tensors by name, and fresh ones.

use super::MioFlowWeights;
use super::autoencoder::AutoencoderShape;
use crate::data::weights::Tensor;
use crate::error::{Error, Result};
use crate::models::fitted::{Perceptron, Shape, Tensors, initial};
use crate::protocol::limits::{MOST_LAYERS, MOST_PARTS, MOST_WIDTH};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Before the names of the layers' tensors.
pub(super) const PREFIX: &str = "func.seq.";
/// Name of the scales of the noise.
pub(super) const ALPHA: &str = "func.alpha";
/// Inputs besides the coordinates: time, and two that are always 0.
pub(super) const FURTHER_INPUTS: usize = 3;

/// Shape of a MIOFlow model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MioFlowShape {
    /// Dimensions d of the model space.
    pub dimensions: usize,
    /// Widths of the hidden layers.
    pub hidden: Vec<usize>,
    /// Scales of the noise: as many as the dataset has time points.
    pub bins: usize,
    /// The learned space in which cells are moved; none for the model space.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub space: Option<AutoencoderShape>,
}

impl MioFlowShape {
    /// Coordinates in which cells are moved.
    pub fn moved(&self) -> usize {
        self.space.as_ref().map_or(self.dimensions, |space| space.latent)
    }

    fn widths(&self) -> Vec<usize> {
        [&[self.moved() + FURTHER_INPUTS], &self.hidden[..], &[self.moved()]].concat()
    }

    fn list(&self) -> Vec<(String, Vec<usize>)> {
        let mut list = Perceptron::shapes(PREFIX, &self.widths());
        list.push((ALPHA.into(), vec![self.bins]));
        list.extend(self.space.iter().flat_map(|space| space.tensors(self.dimensions)));
        list
    }
}

impl Shape for MioFlowShape {
    const KEY: &'static str = "mioflow";
    const NAME: &'static str = "MIOFlow";

    fn dimensions(&self) -> usize {
        self.dimensions
    }

    fn tensors(&self) -> BTreeMap<String, Vec<usize>> {
        self.list().into_iter().collect()
    }

    fn check(&self) -> Result<()> {
        let of_space = self.space.iter().flat_map(|space| space.hidden.iter().chain([&space.latent]));
        let mut sizes = self.hidden.iter().chain([&self.dimensions]).chain(of_space);
        let layers = self.hidden.len().max(self.space.as_ref().map_or(0, |space| space.hidden.len()));
        if sizes.all(|size| (1..=MOST_WIDTH).contains(size))
            && layers <= MOST_LAYERS
            && (1..=MOST_PARTS).contains(&self.bins)
        {
            return Ok(());
        }
        let Self { dimensions, hidden, bins, .. } = self;
        let what = format!(
            "a model of {dimensions} dimensions, hidden layers of {hidden:?} units and {bins} scales of noise is not usable"
        );
        Err(Error::input(what))
    }

    fn recognises(tensors: &Tensors) -> bool {
        tensors.contains_key(ALPHA)
    }

    fn infer(tensors: &Tensors) -> Result<Self> {
        let widths = Perceptron::widths(PREFIX, tensors);
        let (Some((&moved, rest)), Some(alpha)) = (widths.split_last(), tensors.get(ALPHA)) else {
            return Err(Error::input(format!("the tensors “{PREFIX}0.weight” and “{ALPHA}” are needed")));
        };
        let (dimensions, space) = match AutoencoderShape::told(tensors) {
            Some((dimensions, space)) => (dimensions, Some(space)),
            None => (moved, None),
        };
        Ok(Self { dimensions, hidden: rest.iter().skip(1).copied().collect(), bins: alpha.values.len(), space })
    }
}

/// Fresh weights: linear layers as PyTorch's, every scale of the noise at `noise`.
pub fn initial_weights(shape: MioFlowShape, noise: f32, seed: u32) -> MioFlowWeights {
    let mut tensors = initial(&shape.list(), "", seed);
    tensors.insert(ALPHA.into(), Tensor { shape: vec![shape.bins], values: vec![noise; shape.bins] });
    MioFlowWeights { shape, updates: 0, held_out: Vec::new(), tensors }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::fitted::Stored;
    use std::collections::HashMap;

    fn small() -> MioFlowWeights {
        let shape = MioFlowShape { dimensions: 3, hidden: vec![4, 8, 4], bins: 5, space: None };
        MioFlowWeights { updates: 7, held_out: vec![1], ..initial_weights(shape, 0.2, 2) }
    }

    #[test]
    fn what_is_written_is_read_and_published_checkpoints_tell_their_shape() {
        let bytes = small().write().unwrap();
        let (tensors, metadata) = crate::data::weights::tensors(&bytes).unwrap();
        assert_eq!(MioFlowWeights::from_file(tensors, &metadata).unwrap(), small());
        let found = MioFlowWeights::from_file(small().tensors, &HashMap::new()).unwrap();
        assert_eq!((found.shape, found.updates), (small().shape, 0));
        assert!(MioFlowWeights::recognises(&small().tensors, &HashMap::new()));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let refused = |change: fn(&mut MioFlowWeights), says: &str| {
            let mut weights = small();
            change(&mut weights);
            let error = weights.checked().unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        };
        refused(|weights| drop(weights.tensors.remove(ALPHA)), "“func.alpha” is missing");
        refused(|weights| weights.shape.bins = 4, "has shape");
        refused(|weights| weights.shape.hidden[1] = usize::MAX, "not usable");
    }
}

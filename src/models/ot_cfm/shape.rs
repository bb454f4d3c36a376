//! The shape of OT-CFM, its tensors by name, and fresh ones.

use super::OtCfmWeights;
use crate::error::{Error, Result};
use crate::models::fitted::{Perceptron, Shape, Tensors, initial};
use crate::protocol::limits::{MOST_STEPS_PER_UNIT, MOST_WIDTH};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Before the names of the layers' tensors.
pub(super) const PREFIX: &str = "net.";
/// Hidden layers.
pub(super) const LAYERS: usize = 3;

/// Shape of an OT-CFM model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OtCfmShape {
    /// Dimensions d of the model space.
    pub dimensions: usize,
    /// Width of the three hidden layers.
    pub hidden: usize,
    /// Steps in which cells are moved from a time point to the next.
    pub steps: usize,
}

impl OtCfmShape {
    fn list(&self) -> Vec<(String, Vec<usize>)> {
        let widths = [&[self.dimensions + 1][..], &[self.hidden; LAYERS], &[self.dimensions]].concat();
        Perceptron::shapes(PREFIX, &widths)
    }
}

impl Shape for OtCfmShape {
    const KEY: &'static str = "ot-cfm";
    const NAME: &'static str = "OT-CFM";

    fn dimensions(&self) -> usize {
        self.dimensions
    }

    fn tensors(&self) -> BTreeMap<String, Vec<usize>> {
        self.list().into_iter().collect()
    }

    fn check(&self) -> Result<()> {
        let Self { dimensions, hidden, steps } = self;
        if [dimensions, hidden].into_iter().all(|size| (1..=MOST_WIDTH).contains(size))
            && (1..=MOST_STEPS_PER_UNIT).contains(steps)
        {
            return Ok(());
        }
        let what = format!(
            "a model of {dimensions} dimensions, {hidden} hidden units and {steps} steps of an interval is not usable"
        );
        Err(Error::input(what))
    }

    /// The program has no checkpoints of its own.
    fn infer(_: &Tensors) -> Result<Self> {
        Err(Error::input("the file does not say which shape the model has"))
    }
}

/// Fresh weights: linear layers as PyTorch's.
pub fn initial_weights(shape: OtCfmShape, seed: u32) -> OtCfmWeights {
    let tensors = initial(&shape.list(), "", seed);
    OtCfmWeights { shape, updates: 0, held_out: Vec::new(), tensors }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::fitted::Stored;

    #[test]
    fn what_is_written_is_read_and_what_does_not_fit_is_refused() {
        let shape = OtCfmShape { dimensions: 3, hidden: 4, steps: 10 };
        let weights = OtCfmWeights { updates: 7, held_out: vec![1], ..initial_weights(shape, 2) };
        let (tensors, metadata) = crate::data::weights::tensors(&weights.write().unwrap()).unwrap();
        assert_eq!(OtCfmWeights::from_file(tensors, &metadata).unwrap(), weights);
        for shape in [
            OtCfmShape { hidden: 5, ..weights.shape.clone() },
            OtCfmShape { steps: 0, ..weights.shape.clone() },
            OtCfmShape { dimensions: usize::MAX, ..weights.shape.clone() },
        ] {
            assert!(OtCfmWeights { shape, ..weights.clone() }.checked().is_err());
        }
    }
}

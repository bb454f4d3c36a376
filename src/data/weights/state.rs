//! A training's whole state as tensors and metadata, whatever the model: the current and the kept weights, the optimiser's moments, and
//! where it stands.

use super::progress::{PARTS, missing, split};
use super::{Tensor, safetensors};
use crate::protocol::Recipe;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// Everything that a training needs to go on as if it had not been interrupted, but for the configuration of its model.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainingState {
    /// What it does.
    pub recipe: Recipe,
    /// The weights after the last update.
    pub weights: BTreeMap<String, Tensor>,
    /// The weights that are kept.
    pub best: BTreeMap<String, Tensor>,
    /// The loss that chose them, and the update.
    pub best_loss: (f32, u32),
    /// Means of the gradients and of their squares.
    pub moments: [BTreeMap<String, Tensor>; 2],
    /// Seconds spent so far.
    pub seconds: f64,
    /// Steps of the optimiser; fewer than the updates if the training was rolled back.
    pub optimizer_steps: u32,
    /// Times that the training was rolled back.
    pub rollbacks: u32,
}

#[derive(Serialize, Deserialize)]
struct Written {
    recipe: Recipe,
    #[serde(alias = "best_transport")]
    best_loss: (f32, u32),
    seconds: f64,
    optimizer_steps: u32,
    #[serde(alias = "setbacks")]
    rollbacks: u32,
}

/// Metadata key of a training's state whose model has this key.
fn key(model: &str) -> String {
    format!("{model}-training")
}

impl TrainingState {
    /// A `.safetensors` file; `header` is the metadata of the model's weights, the key of which names the state's own.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, header: (String, String)) -> Result<Vec<u8>> {
        let written = Written {
            recipe: self.recipe.clone(),
            best_loss: self.best_loss,
            seconds: self.seconds,
            optimizer_steps: self.optimizer_steps,
            rollbacks: self.rollbacks,
        };
        let written = serde_json::to_string(&written).map_err(|error| Error::internal(error.to_string()))?;
        let metadata = HashMap::from([(key(&header.0), written), header]);
        let mut tensors = self.weights.clone();
        let [first, second] = &self.moments;
        for (prefix, part) in PARTS.into_iter().zip([&self.best, first, second]) {
            tensors.extend(part.iter().map(|(name, tensor)| (format!("{prefix}{name}"), tensor.clone())));
        }
        safetensors::serialise(&tensors, metadata)
    }

    /// Reads the state of a training of `model` out of a file's tensors and metadata.
    ///
    /// # Errors
    /// The file holds weights alone, or what it says of the training cannot be used. Whether the tensors are those of a model is not checked.
    pub fn of_file(
        model: &str,
        mut tensors: BTreeMap<String, Tensor>,
        metadata: &HashMap<String, String>,
    ) -> Result<Self> {
        let written = metadata.get(&key(model)).ok_or_else(missing)?;
        let written: Written = serde_json::from_str(written)
            .map_err(|error| Error::input(format!("the state of the training cannot be used ({error})")))?;
        let [best, first, second] = PARTS.map(|prefix| split(&mut tensors, prefix));
        Ok(Self {
            recipe: written.recipe,
            weights: tensors,
            best,
            best_loss: written.best_loss,
            moments: [first, second],
            seconds: written.seconds,
            optimizer_steps: written.optimizer_steps,
            rollbacks: written.rollbacks,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::ModelKind;

    #[test]
    fn a_state_that_was_written_with_old_words_opens() {
        let recipe = serde_json::to_value(Recipe::new(ModelKind::ScImf)).unwrap();
        let old = serde_json::json!({
            "recipe": recipe, "best_transport": [0.5, 3], "seconds": 1.5, "optimizer_steps": 4, "setbacks": 1,
        });
        let metadata = HashMap::from([(key("some"), old.to_string())]);
        let tensors = BTreeMap::from([("weight".to_owned(), Tensor { shape: vec![1], values: vec![2.0] })]);
        let found = TrainingState::of_file("some", tensors, &metadata).unwrap();
        assert_eq!((found.best_loss, found.optimizer_steps, found.rollbacks), ((0.5, 3), 4, 1));
        let bytes = found.write(("some".into(), String::new())).unwrap();
        let (tensors, metadata) = crate::data::weights::tensors(&bytes).unwrap();
        assert_eq!(TrainingState::of_file("some", tensors, &metadata).unwrap(), found);
    }
}

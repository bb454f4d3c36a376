//! A file of tensors, of whatever model.

use crate::data::weights::{self, Tensor};
use crate::error::{Error, Result};
use crate::protocol::Recipe;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// Key of the metadata that holds a recipe.
const RECIPE: &str = "recipe";

/// Tensors by name, with what was written beside them.
#[derive(Clone, Debug, Default)]
pub struct File {
    /// The tensors, as their program named them.
    pub tensors: BTreeMap<String, Tensor>,
    /// Texts by key; a published checkpoint has none.
    pub metadata: HashMap<String, String>,
}

impl File {
    /// Reads a `.safetensors` file or a PyTorch checkpoint (`.pt`); the content decides which, not the name.
    ///
    /// # Errors
    /// It is neither, or cannot be read.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        let (tensors, metadata) = weights::tensors(bytes)?;
        Ok(Self { tensors, metadata })
    }

    /// The weights alone, without the other parts of the state of a training.
    #[must_use]
    pub fn weights_alone(mut self) -> Self {
        weights::progress::leave_weights(&mut self.tensors);
        self
    }
}

/// A `.safetensors` file of weights that says how they were trained.
///
/// # Errors
/// It has no header.
pub fn with_recipe(bytes: &[u8], recipe: &Recipe) -> Result<Vec<u8>> {
    let broken = || Error::internal("these weights have no header to write a recipe into");
    let (mut header, tensors) = header(bytes).ok_or_else(broken)?;
    header["__metadata__"][RECIPE] = serde_json::to_string(recipe).map_err(|_| broken())?.into();
    let mut text = serde_json::to_vec(&header).map_err(|_| broken())?;
    text.resize(text.len().next_multiple_of(8), b' ');
    Ok([&(text.len() as u64).to_le_bytes(), &text[..], tensors].concat())
}

/// How weights were trained, if their file says so.
#[must_use]
pub fn recipe(bytes: &[u8]) -> Option<Recipe> {
    serde_json::from_str(header(bytes)?.0["__metadata__"][RECIPE].as_str()?).ok()
}

/// The header of a `.safetensors` file, and its tensors.
fn header(bytes: &[u8]) -> Option<(Value, &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    let (header, tensors) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
    let header: Value = serde_json::from_slice(header).ok()?;
    header.is_object().then_some((header, tensors))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::TrainSettings;

    #[test]
    fn a_recipe_travels_with_weights_and_changes_none() {
        let text = br#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}  "#;
        let plain = [&(text.len() as u64).to_le_bytes(), &text[..], &1.5f32.to_le_bytes()].concat();
        assert_eq!(recipe(&plain), None);
        let asked: Recipe = TrainSettings { seed: 7, blur: 0.2, ..TrainSettings::default() }.into();
        let told = with_recipe(&plain, &asked).unwrap();
        assert_eq!(recipe(&told), Some(asked));
        let [before, after] = [&plain, &told].map(|bytes| File::read(bytes).unwrap().tensors);
        assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
        assert!(told.ends_with(&1.5f32.to_le_bytes()));
        for broken in [&b""[..], b"PK\x03\x04 no header", &[255; 40]] {
            assert!(
                recipe(broken).is_none()
                    && with_recipe(broken, &Recipe::new(crate::protocol::ModelKind::ScImf)).is_err()
            );
        }
    }
}

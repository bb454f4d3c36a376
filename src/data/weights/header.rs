//! What a file of weights says about them besides the tensors, as JSON.

use crate::{Error, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The configuration of a model, and where its weights come from.
#[derive(Serialize, Deserialize)]
pub struct Header<C> {
    /// Shape of the model.
    pub config: C,
    /// Updates behind the weights; 0 if unknown.
    #[serde(default)]
    pub updates: u32,
    /// Time points that were held out when the weights were trained.
    #[serde(default)]
    pub held_out: Vec<usize>,
}

impl<C: Serialize + DeserializeOwned> Header<C> {
    /// Reads it.
    ///
    /// # Errors
    /// It is not what it should be.
    pub fn read(text: &str) -> Result<Self> {
        serde_json::from_str(text)
            .map_err(|error| Error::input(format!("the configuration in the file cannot be used ({error})")))
    }

    /// Writes it.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|error| Error::internal(error.to_string()))
    }
}

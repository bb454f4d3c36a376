//! A file of tensors, of whatever model.

use crate::data::weights::{self, Tensor};
use crate::error::Result;
use std::collections::{BTreeMap, HashMap};

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

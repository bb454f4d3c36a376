//! Weights of a fitted model by name, and their file.

use crate::data::weights::{EPOCH, Header, Tensor, check_tensors, safetensors};
use crate::error::Result;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;

/// Tensors by name, in PyTorch's layout.
pub type Tensors = BTreeMap<String, Tensor>;

/// The weights of a fitted model in host memory, with the shape of the model.
pub trait Stored: Clone {
    /// Metadata key of the configuration in a `.safetensors` file.
    const KEY: &'static str;

    /// These tensors are those of this model.
    fn recognises(tensors: &Tensors, metadata: &HashMap<String, String>) -> bool;

    /// Weights out of a file's tensors and metadata.
    ///
    /// # Errors
    /// As [`Self::checked`]; or the stored configuration cannot be used.
    fn from_file(tensors: Tensors, metadata: &HashMap<String, String>) -> Result<Self>;

    /// The configuration as metadata of a file: key and text.
    ///
    /// # Errors
    /// It cannot be written.
    fn header(&self) -> Result<(String, String)>;

    /// Checks the tensors against the configuration.
    ///
    /// # Errors
    /// A tensor is missing, left over, of the wrong shape or not finite, or the configuration is not usable.
    fn checked(self) -> Result<Self>;

    /// The tensors.
    fn tensors(&self) -> &Tensors;

    /// The same shape with the tensors of another network.
    #[must_use]
    fn with_tensors(&self, tensors: Tensors) -> Self;

    /// Dimensions of the model space.
    fn dimensions(&self) -> usize;

    /// Updates behind the weights; 0 if unknown.
    fn updates(&self) -> u32;

    /// Time points that were held out when the weights were trained.
    fn held_out(&self) -> &[usize];

    /// A `.safetensors` file with the configuration inside.
    ///
    /// # Errors
    /// As [`Self::checked`].
    fn write(&self) -> Result<Vec<u8>> {
        let weights = self.clone().checked()?;
        safetensors::serialise(weights.tensors(), [weights.header()?].into())
    }
}

/// The shape of a model whose tensors all follow from it.
pub trait Shape: Clone + Debug + PartialEq + Serialize + DeserializeOwned {
    /// Metadata key of the shape in a `.safetensors` file.
    const KEY: &'static str;
    /// What people call the model.
    const NAME: &'static str;

    /// Dimensions of the model space.
    fn dimensions(&self) -> usize;

    /// Name and shape of every tensor, in PyTorch's layout.
    fn tensors(&self) -> BTreeMap<String, Vec<usize>>;

    /// Sizes and numbers are usable.
    ///
    /// # Errors
    /// They are not.
    fn check(&self) -> Result<()>;

    /// These tensors are those of a checkpoint of the authors' program.
    fn recognises(tensors: &Tensors) -> bool {
        let _ = tensors;
        false
    }

    /// The shape that the tensors of a published checkpoint tell.
    ///
    /// # Errors
    /// A tensor that tells it is missing.
    fn infer(tensors: &Tensors) -> Result<Self>;
}

/// Weights whose tensors all follow from a shape.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedWeights<S> {
    /// Shape of the model.
    pub shape: S,
    /// Updates behind the weights; 0 if unknown.
    pub updates: u32,
    /// Time points that were held out when the weights were trained.
    pub held_out: Vec<usize>,
    /// Every tensor by name: exactly those of [`Shape::tensors`].
    pub tensors: Tensors,
}

impl<S: Shape> Stored for NamedWeights<S> {
    const KEY: &'static str = S::KEY;

    fn recognises(tensors: &Tensors, metadata: &HashMap<String, String>) -> bool {
        metadata.contains_key(S::KEY) || S::recognises(tensors)
    }

    fn from_file(tensors: Tensors, metadata: &HashMap<String, String>) -> Result<Self> {
        let Header { config: shape, updates, held_out } = match metadata.get(S::KEY) {
            Some(header) => Header::read(header)?,
            None => {
                let updates = metadata.get(EPOCH).and_then(|epoch| epoch.parse().ok()).unwrap_or(0);
                Header { config: S::infer(&tensors)?, updates, held_out: Vec::new() }
            }
        };
        Self { shape, updates, held_out, tensors }.checked()
    }

    fn header(&self) -> Result<(String, String)> {
        let config = self.shape.clone();
        let header = Header { config, updates: self.updates, held_out: self.held_out.clone() };
        Ok((S::KEY.into(), header.write()?))
    }

    fn checked(self) -> Result<Self> {
        self.shape.check()?;
        check_tensors(&self.tensors, &self.shape.tensors(), S::NAME)?;
        Ok(self)
    }

    fn tensors(&self) -> &Tensors {
        &self.tensors
    }

    fn with_tensors(&self, tensors: Tensors) -> Self {
        Self { tensors, ..self.clone() }
    }

    fn dimensions(&self) -> usize {
        self.shape.dimensions()
    }

    fn updates(&self) -> u32 {
        self.updates
    }

    fn held_out(&self) -> &[usize] {
        &self.held_out
    }
}

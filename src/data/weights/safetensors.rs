//! Weights as `.safetensors`, with the configuration as JSON under the metadata key `scimf`.

use super::{Tensor, Weights, infer};
use crate::data::number::Number;
use crate::protocol::ScImfConfig;
use crate::{Error, Result};
use ::safetensors::tensor::TensorView;
use ::safetensors::{Dtype, SafeTensors, serialize};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

pub(super) const KEY: &str = "scimf";

#[derive(Serialize, Deserialize)]
struct Header {
    config: ScImfConfig,
    #[serde(default)]
    updates: u32,
    #[serde(default)]
    held_out: Vec<usize>,
}

/// Weights of scIMF whose tensors and metadata are at hand, not checked yet. Without a stored configuration the tensors' shapes give dimensions,
/// hidden width and blocks; heads are then 2 (1 where 2 does not divide the dimensions) and dropout is 0.1, the authors' settings.
///
/// # Errors
/// The configuration cannot be used, or cannot be told from the tensors.
pub fn of_scimf(tensors: BTreeMap<String, Tensor>, metadata: &HashMap<String, String>) -> Result<Weights> {
    let Header { config, updates, held_out } = match metadata.get(KEY) {
        Some(header) => serde_json::from_str(header)
            .map_err(|error| Error::input(format!("the configuration in the file cannot be used ({error})")))?,
        None => {
            let updates = metadata.get(super::EPOCH).and_then(|epoch| epoch.parse().ok()).unwrap_or(0);
            Header { config: infer(&tensors)?, updates, held_out: Vec::new() }
        }
    };
    Ok(Weights { config, updates, held_out, tensors })
}

/// Reads all tensors and the metadata of a file.
pub(super) fn tensors(bytes: &[u8]) -> Result<(BTreeMap<String, Tensor>, HashMap<String, String>)> {
    let unreadable = |error: &dyn std::fmt::Display| {
        Error::input(format!("the safetensors file cannot be read ({error})"))
            .remedy("It may have been cut off on its way; get it again.")
    };
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(|error| unreadable(&error))?;
    let file = SafeTensors::deserialize(bytes).map_err(|error| unreadable(&error))?;
    let mut tensors = BTreeMap::new();
    for (name, view) in file.iter() {
        let number = match view.dtype() {
            Dtype::F16 => Number::Float(2),
            Dtype::BF16 => Number::Bfloat16,
            Dtype::F32 => Number::Float(4),
            Dtype::F64 => Number::Float(8),
            other => {
                return Err(Error::input(format!("the tensor “{name}” holds {other:?}, not floating point numbers")));
            }
        };
        let values = number.decode(view.data(), false).map(|value| value as f32).collect();
        tensors.insert(name.to_owned(), Tensor { shape: view.shape().to_vec(), values });
    }
    Ok((tensors, metadata.metadata().clone().unwrap_or_default()))
}

pub(super) fn write(weights: &Weights) -> Result<Vec<u8>> {
    pack(&weights.clone().checked()?, &[])
}

/// Writes all tensors, the configuration and further metadata.
pub(super) fn pack(weights: &Weights, metadata: &[(&str, String)]) -> Result<Vec<u8>> {
    let header = Header { config: weights.config, updates: weights.updates, held_out: weights.held_out.clone() };
    let header = serde_json::to_string(&header).map_err(|error| failed(&error))?;
    let mut all = HashMap::from([(KEY.to_owned(), header)]);
    all.extend(metadata.iter().map(|(key, value)| ((*key).to_owned(), value.clone())));
    serialise(&weights.tensors, all)
}

/// Writes tensors and metadata.
pub(crate) fn serialise(tensors: &BTreeMap<String, Tensor>, metadata: HashMap<String, String>) -> Result<Vec<u8>> {
    let bytes: Vec<(&String, &[usize], Vec<u8>)> = tensors
        .iter()
        .map(|(name, Tensor { shape, values })| {
            (name, shape.as_slice(), values.iter().flat_map(|value| value.to_le_bytes()).collect())
        })
        .collect();
    let views = bytes
        .iter()
        .map(|(name, shape, data)| TensorView::new(Dtype::F32, shape.to_vec(), data).map(|view| (*name, view)))
        .collect::<std::result::Result<Vec<_>, _>>()
        .map_err(|error| failed(&error))?;
    serialize(views, Some(metadata)).map_err(|error| failed(&error))
}

fn failed(error: &dyn std::fmt::Display) -> Error {
    Error::internal(format!("the weights could not be written ({error})"))
}

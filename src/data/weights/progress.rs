//! A training's whole state as `.safetensors`: the current and the best weights, the optimiser's moments, and where it stands.
//!
//! The file opens as weights, too: those of the last update.

use super::safetensors::{pack, unpack};
use super::{Tensor, Weights};
use crate::protocol::TrainSettings;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Metadata key of [`Header`].
const KEY: &str = "scimf-training";
/// Prefixes of the names of tensors besides the current weights.
pub(super) const PARTS: [&str; 3] = ["best.", "first_moment.", "second_moment."];

/// Everything that a training needs to go on as if it had not been interrupted.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// The settings it runs under.
    pub settings: TrainSettings,
    /// The weights after the last update.
    pub weights: Weights,
    /// The weights with the lowest transport loss.
    pub best: Weights,
    /// That loss, and the update that measured it.
    pub best_transport: (f32, u32),
    /// Means of the gradients and of their squares.
    pub moments: [BTreeMap<String, Tensor>; 2],
    /// Seconds spent so far.
    pub seconds: f64,
    /// The observed cells' own part of the divergence at each training time, kept since the first update.
    pub self_terms: Vec<f32>,
}

#[derive(Serialize, Deserialize)]
struct Header {
    settings: TrainSettings,
    best_transport: (f32, u32),
    seconds: f64,
    self_terms: Vec<f32>,
}

/// Writes a training's state.
///
/// # Errors
/// The tensors are not those of the configuration.
pub fn write(progress: &Progress) -> Result<Vec<u8>> {
    let Progress { settings, weights, best, best_transport, moments, seconds, self_terms } = progress.clone();
    let mut tensors = weights.clone().checked()?.tensors;
    for (prefix, part) in PARTS.into_iter().zip([best.checked()?.tensors].into_iter().chain(moments)) {
        tensors.extend(part.into_iter().map(|(name, tensor)| (format!("{prefix}{name}"), tensor)));
    }
    let header = serde_json::to_string(&Header { settings, best_transport, seconds, self_terms });
    let header = header.map_err(|error| Error::internal(error.to_string()))?;
    pack(&Weights { tensors, ..weights }, &[(KEY, header)])
}

/// Reads a training's state.
///
/// # Errors
/// The file cannot be read, or holds weights alone; names it.
pub fn read(name: &str, bytes: &[u8]) -> Result<Progress> {
    parse(bytes).map_err(|error| error.at(name).or_remedy("Save the training again, or start a new one."))
}

fn parse(bytes: &[u8]) -> Result<Progress> {
    let (mut weights, metadata) = unpack(bytes)?;
    let header = metadata.get(KEY).ok_or_else(|| {
        Error::input("this file holds weights, but not the state of a training")
            .remedy("Start from the weights instead.")
    })?;
    let header: Header = serde_json::from_str(header)
        .map_err(|error| Error::input(format!("the state of the training cannot be used ({error})")))?;
    let [best, first, second] = PARTS.map(|prefix| {
        let names: Vec<String> = weights.tensors.keys().filter(|name| name.starts_with(prefix)).cloned().collect();
        let take = |name: String| Some((name[prefix.len()..].to_owned(), weights.tensors.remove(&name)?));
        names.into_iter().filter_map(take).collect::<BTreeMap<_, _>>()
    });
    let of = |tensors| Weights { tensors, ..weights.clone() }.checked();
    let best = Weights { updates: header.best_transport.1, ..of(best)? };
    let moments = [of(first)?.tensors, of(second)?.tensors];
    Ok(Progress {
        settings: header.settings,
        best,
        best_transport: header.best_transport,
        moments,
        seconds: header.seconds,
        self_terms: header.self_terms,
        weights: weights.checked()?,
    })
}

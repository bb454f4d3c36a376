//! A training's whole state as `.safetensors`: the current and the best weights, the optimiser's moments, and where it stands.
//!
//! The file opens as weights, too: those of the last update.

use super::safetensors::{self, pack};
use super::{Tensor, Weights};
use crate::protocol::TrainSettings;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// Metadata key of [`Header`].
const KEY: &str = "scimf-training";
/// Prefixes of the names of tensors besides the current weights: the kept weights and the optimiser's moments.
pub(super) const KEPT: &str = "best.";
pub(super) const FIRST: &str = "first_moment.";
pub(super) const SECOND: &str = "second_moment.";
pub(super) const PARTS: [&str; 3] = [KEPT, FIRST, SECOND];

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
    /// Steps of the optimiser; fewer than the updates if the training was rolled back.
    pub optimizer_steps: u32,
    /// Times that the training was rolled back.
    pub rollbacks: u32,
}

#[derive(Serialize, Deserialize)]
struct Header {
    settings: TrainSettings,
    best_transport: (f32, u32),
    seconds: f64,
    self_terms: Vec<f32>,
    /// None in files from before there were rollbacks: as many as there were updates.
    #[serde(default)]
    optimizer_steps: Option<u32>,
    #[serde(default, alias = "setbacks")]
    rollbacks: u32,
}

/// Writes a training's state.
///
/// # Errors
/// The tensors are not those of the configuration.
pub fn write(progress: &Progress) -> Result<Vec<u8>> {
    let Progress { settings, weights, best, best_transport, moments, seconds, self_terms, optimizer_steps, rollbacks } =
        progress.clone();
    let mut tensors = weights.clone().checked()?.tensors;
    for (prefix, part) in PARTS.into_iter().zip([best.checked()?.tensors].into_iter().chain(moments)) {
        tensors.extend(part.into_iter().map(|(name, tensor)| (format!("{prefix}{name}"), tensor)));
    }
    let optimizer_steps = Some(optimizer_steps);
    let header = Header { settings, best_transport, seconds, self_terms, optimizer_steps, rollbacks };
    let header = serde_json::to_string(&header);
    let header = header.map_err(|error| Error::internal(error.to_string()))?;
    pack(&Weights { tensors, ..weights }, &[(KEY, header)])
}

/// Takes the parts of a training's state besides the current weights out of the tensors of a file.
pub fn leave_weights(tensors: &mut BTreeMap<String, Tensor>) {
    tensors.retain(|name, _| !PARTS.iter().any(|prefix| name.starts_with(prefix)));
}

/// Reads a training's state.
///
/// # Errors
/// The file cannot be read, or holds weights alone; names it.
pub fn read(name: &str, bytes: &[u8]) -> Result<Progress> {
    let read = || {
        let (tensors, metadata) = super::tensors(bytes)?;
        parse(tensors, &metadata)
    };
    read().map_err(|error| error.at(name).or_remedy("Save the training again, or start a new one."))
}

/// A training's state whose tensors and metadata are at hand.
///
/// # Errors
/// There are weights alone, or the state cannot be used.
pub fn parse(mut tensors: BTreeMap<String, Tensor>, metadata: &HashMap<String, String>) -> Result<Progress> {
    let header = metadata.get(KEY).ok_or_else(missing)?;
    let header: Header = serde_json::from_str(header)
        .map_err(|error| Error::input(format!("the state of the training cannot be used ({error})")))?;
    let [best, first, second] = PARTS.map(|prefix| split(&mut tensors, prefix));
    let weights = safetensors::of_scimf(tensors, metadata)?;
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
        optimizer_steps: header.optimizer_steps.unwrap_or(weights.updates),
        rollbacks: header.rollbacks,
        weights: weights.checked()?,
    })
}

/// Takes the tensors under a prefix out of the others.
pub(super) fn split(tensors: &mut BTreeMap<String, Tensor>, prefix: &str) -> BTreeMap<String, Tensor> {
    let names: Vec<String> = tensors.keys().filter(|name| name.starts_with(prefix)).cloned().collect();
    names.into_iter().filter_map(|name| Some((name[prefix.len()..].to_owned(), tensors.remove(&name)?))).collect()
}

pub(super) fn missing() -> Error {
    Error::input("this file holds weights, but not the state of a training").remedy("Start from the weights instead.")
}

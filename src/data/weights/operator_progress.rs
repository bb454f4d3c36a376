//! A training's whole state for Cell-MNN, as [`super::progress`] is for scIMF: between any two steps, also within an epoch.

use super::cell_mnn;
use super::progress::{FIRST, KEPT, SECOND, missing, split};
use super::{OperatorWeights, Tensor, safetensors};
use crate::protocol::CellMnnSettings;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// Metadata key of [`Header`].
const KEY: &str = "cell-mnn-training";

/// Everything that a training of Cell-MNN needs to go on as if it had not been interrupted.
#[derive(Clone, Debug, PartialEq)]
pub struct OperatorProgress {
    /// The settings it runs under.
    pub settings: CellMnnSettings,
    /// The weights after the last step; the epochs in them are those that are complete.
    pub weights: OperatorWeights,
    /// The weights that the stop rule keeps, with the value that chose them; none before the first epoch is complete.
    pub best: Option<(OperatorWeights, f32)>,
    /// Means of the gradients and of their squares.
    pub moments: [BTreeMap<String, Tensor>; 2],
    /// Steps taken.
    pub step: u64,
    /// Largest operator norm at the last reading, for each dataset.
    pub norms: Vec<f32>,
    /// What the steps of the epoch so far have reported.
    pub reports: Vec<Vec<f32>>,
    /// Seconds spent in the epoch so far.
    pub spent: f64,
    /// Seconds spent in the epochs before.
    pub seconds: f64,
    /// Steps of the optimiser; fewer than [`Self::step`] if the training was rolled back.
    pub optimizer_steps: u32,
    /// Times that the training was rolled back.
    pub rollbacks: u32,
}

#[derive(Serialize, Deserialize)]
struct Header {
    settings: CellMnnSettings,
    best: Option<(u32, f32)>,
    step: u64,
    norms: Vec<f32>,
    reports: Vec<Vec<f32>>,
    spent: f64,
    seconds: f64,
    optimizer_steps: u32,
    #[serde(alias = "setbacks")]
    rollbacks: u32,
}

/// Writes a training's state.
///
/// # Errors
/// The tensors are not those of the configuration.
pub fn write(progress: &OperatorProgress) -> Result<Vec<u8>> {
    let OperatorProgress { weights, best, moments, .. } = progress.clone();
    let header = Header {
        settings: progress.settings.clone(),
        best: best.as_ref().map(|(weights, value)| (weights.updates, *value)),
        step: progress.step,
        norms: progress.norms.clone(),
        reports: progress.reports.clone(),
        spent: progress.spent,
        seconds: progress.seconds,
        optimizer_steps: progress.optimizer_steps,
        rollbacks: progress.rollbacks,
    };
    let weights = weights.checked()?;
    let mut metadata = HashMap::from([cell_mnn::header(&weights)?]);
    let header = serde_json::to_string(&header).map_err(|error| Error::internal(error.to_string()))?;
    metadata.insert(KEY.into(), header);
    let mut tensors = weights.tensors;
    let [first, second] = moments;
    let best = best.map(|(weights, _)| weights.checked()).transpose()?.map(|weights| (KEPT, weights.tensors));
    for (prefix, part) in best.into_iter().chain([(FIRST, first), (SECOND, second)]) {
        tensors.extend(part.into_iter().map(|(name, tensor)| (format!("{prefix}{name}"), tensor)));
    }
    safetensors::serialise(&tensors, metadata)
}

/// Reads a training's state whose tensors and metadata are at hand.
///
/// # Errors
/// There are weights alone, or the state cannot be used.
pub fn parse(mut tensors: BTreeMap<String, Tensor>, metadata: &HashMap<String, String>) -> Result<OperatorProgress> {
    let (Some(model), Some(header)) = (metadata.get(cell_mnn::KEY), metadata.get(KEY)) else { return Err(missing()) };
    let header: Header = serde_json::from_str(header)
        .map_err(|error| Error::input(format!("the state of the training cannot be used ({error})")))?;
    let [best, first, second] = [KEPT, FIRST, SECOND].map(|prefix| split(&mut tensors, prefix));
    let weights = cell_mnn::read(tensors, model)?;
    let of = |tensors| OperatorWeights { tensors, ..weights.clone() }.checked();
    let best = match header.best {
        Some((updates, value)) => Some((OperatorWeights { updates, ..of(best)? }, value)),
        None => None,
    };
    Ok(OperatorProgress {
        moments: [of(first)?.tensors, of(second)?.tensors],
        best,
        settings: header.settings,
        step: header.step,
        norms: header.norms,
        reports: header.reports,
        spent: header.spent,
        seconds: header.seconds,
        optimizer_steps: header.optimizer_steps,
        rollbacks: header.rollbacks,
        weights,
    })
}

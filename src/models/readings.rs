//! Numbers that some models have for every cell, or for every interval.

use super::AnyModel;
use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::protocol::{IntervalNoise, ModelKind, Recipe, ValuesQuery};
use burn::tensor::Device;

/// Cells whose numbers are computed at once.
const CELLS_AT_ONCE: usize = 8192;

/// What some models tell of every cell. A model that cannot tell it leaves the function as it is.
pub trait Readings {
    /// The potential of the drift at some states, row-major, each at a time in index units; none if the drift has no potential.
    ///
    /// # Errors
    /// The device failed.
    fn potentials(
        &self,
        dataset: &Dataset,
        states: Vec<f32>,
        times: &[f64],
        device: &Device,
    ) -> impl Future<Output = Result<Option<Vec<f32>>>> {
        let _ = (dataset, states, times, device);
        async { Ok(None) }
    }

    /// How far the potential is from the law that it was trained to obey, as [`Self::potentials`]; none if there is no such law.
    ///
    /// # Errors
    /// The device failed.
    fn residuals(
        &self,
        dataset: &Dataset,
        states: Vec<f32>,
        times: &[f64],
        device: &Device,
    ) -> impl Future<Output = Result<Option<Vec<f32>>>> {
        let _ = (dataset, states, times, device);
        async { Ok(None) }
    }

    /// What each start cell weighs in the training for the last time point that is not `held_out`, 1 in the mean; not a number for other cells.
    /// None if they all weigh the same.
    ///
    /// # Errors
    /// The dataset has none of the genes that decide.
    fn growth_weights(&self, dataset: &Dataset, held_out: &[usize]) -> Result<Option<Vec<f32>>> {
        let _ = (dataset, held_out);
        Ok(None)
    }

    /// How much noise it needs in each interval, if it has a scale of its own for each; `recipe` is that of its training, if it is known.
    ///
    /// # Errors
    /// The device failed.
    fn interval_noise(
        &self,
        dataset: &Dataset,
        recipe: Option<&Recipe>,
    ) -> impl Future<Output = Result<Option<IntervalNoise>>> {
        let _ = (dataset, recipe);
        async { Ok(None) }
    }
}

/// A number that some models have for every cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The potential, at the cell's own time.
    Potential,
    /// How far the potential is from the law that it was trained to obey, at the cell's own time.
    Residual,
    /// What the cell weighs as a start cell.
    GrowthWeight,
}

impl Reading {
    /// The model and the number that a question about values is for; none if it is for the data.
    pub fn of(query: ValuesQuery) -> Option<(ModelKind, Self)> {
        match query {
            ValuesQuery::Potential(model) => Some((model, Self::Potential)),
            ValuesQuery::Residual(model) => Some((model, Self::Residual)),
            ValuesQuery::GrowthWeight(model) => Some((model, Self::GrowthWeight)),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Potential => "potential",
            Self::Residual => "residual",
            Self::GrowthWeight => "growth",
        }
    }
}

/// A number for every cell of a dataset. `held_out` are the time points that the model's training did not see.
///
/// # Errors
/// The model has no such number, or the device failed.
pub async fn readings(
    model: &AnyModel,
    dataset: &Dataset,
    reading: Reading,
    held_out: &[usize],
    device: &Device,
) -> Result<Vec<f32>> {
    let missing = || lacks(model.kind(), reading);
    if reading == Reading::GrowthWeight {
        return model.growth_weights(dataset, held_out)?.ok_or_else(missing);
    }
    let mut all = Vec::with_capacity(dataset.states.rows);
    let times: Vec<f64> = dataset.times.iter().map(|time| f64::from(*time)).collect();
    let rows = dataset.states.values.chunks(CELLS_AT_ONCE * dataset.states.cols);
    for (states, times) in rows.zip(times.chunks(CELLS_AT_ONCE)) {
        let found = match reading {
            Reading::Potential => model.potentials(dataset, states.to_vec(), times, device).await?,
            _ => model.residuals(dataset, states.to_vec(), times, device).await?,
        };
        all.extend(found.ok_or_else(missing)?);
    }
    Ok(all)
}

/// How much noise a model needs in each interval. `recipe` is that of its training, if it is known.
///
/// # Errors
/// The noise of the model is the same in all intervals, or the device failed.
pub async fn interval_noise(model: &AnyModel, dataset: &Dataset, recipe: Option<&Recipe>) -> Result<IntervalNoise> {
    let missing = || {
        let able = ModelKind::ALL.into_iter().filter(|kind| kind.card().can.interval_noise).map(ModelKind::name);
        let error = Error::request(format!("{} has no noise of its own for each interval", model.kind().name()));
        error.remedy(format!("Models that have one: {}.", able.collect::<Vec<_>>().join(", ")))
    };
    model.interval_noise(dataset, recipe).await?.ok_or_else(missing)
}

/// A model, or its weights, have nothing of this kind.
pub(super) fn lacks(kind: ModelKind, reading: Reading) -> Error {
    let can = |kind: ModelKind| {
        let can = kind.card().can;
        match reading {
            Reading::Potential => can.potential,
            Reading::Residual => can.residual,
            Reading::GrowthWeight => can.growth,
        }
    };
    let error = Error::request(format!("{} has no {}", kind.name(), reading.name()));
    if can(kind) {
        return error.remedy("Name genes of birth or death, and train again.");
    }
    let others: Vec<&str> = ModelKind::ALL.into_iter().filter(|kind| can(*kind)).map(ModelKind::name).collect();
    error.remedy(format!("Models that have one: {}.", others.join(", ")))
}

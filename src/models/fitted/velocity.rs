//! The velocity of observed cells whose model moves each alone.

use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::projection::Plane;
use crate::protocol::{DriftPart, VelocityField, VelocityQuery};
use crate::velocity;

/// Velocity of the observed cells of a time point, from the drift of some states; `rate` is the drift's unit of time per sampling interval.
///
/// # Errors
/// The space does not exist, a part of the drift is asked for, or the device failed.
pub async fn velocity(
    dataset: &Dataset,
    query: VelocityQuery,
    rate: f64,
    drift: impl AsyncFn(Vec<f32>) -> Result<Vec<f32>>,
) -> Result<VelocityField> {
    if query.part != DriftPart::Total {
        return Err(Error::request("The velocity of this model has no parts").remedy("Ask for the whole of it."));
    }
    let plane = Plane::new(dataset, query.space)?;
    let cells = dataset.population_of(query.time, query.sample);
    let mut drift = drift(dataset.states_of(&cells)).await?;
    drift.iter_mut().for_each(|value| *value *= rate as f32);
    Ok(velocity::shown(query, &plane, cells, &drift))
}

//! Velocity of observed cells, without noise: f(x, population of its own time point).

use super::ScImf;
use super::host::HostPopulation;
use crate::data::Dataset;
use crate::error::Result;
use crate::projection::Plane;
use crate::protocol::{DriftPart, VelocityField, VelocityQuery};
use crate::tensor::{is_cpu, read, upload};
use crate::velocity::shown;
use burn::tensor::Device;

/// Velocity of the cells of `query.time` in the model space, row-major, in model-space units per sampling interval.
///
/// # Errors
/// The device failed.
pub async fn drift_of(
    model: &ScImf,
    dataset: &Dataset,
    cells: &[u32],
    part: DriftPart,
    device: &Device,
) -> Result<Vec<f32>> {
    let states = dataset.states_of(cells);
    if is_cpu(device) {
        let [mut intrinsic, interaction] = HostPopulation::of(model, cells.len()).await?.parts(&states);
        return Ok(match part {
            DriftPart::Intrinsic => intrinsic,
            DriftPart::Interaction => interaction,
            DriftPart::Total => {
                intrinsic.iter_mut().zip(interaction).for_each(|(sum, part)| *sum += part);
                intrinsic
            }
        });
    }
    let x = upload(states, [cells.len(), dataset.states.cols], device);
    read(match part {
        DriftPart::Total => model.intrinsic(x.clone()) + model.interaction(x),
        DriftPart::Intrinsic => model.intrinsic(x),
        DriftPart::Interaction => model.interaction(x),
    })
    .await
}

/// Velocity of a time point, projected into the space asked for.
///
/// # Errors
/// The space does not exist, or the device failed.
pub async fn velocity(
    model: &ScImf,
    dataset: &Dataset,
    query: VelocityQuery,
    device: &Device,
) -> Result<VelocityField> {
    let plane = Plane::new(dataset, query.space)?;
    let cells = dataset.population_of(query.time, query.sample);
    let drift = drift_of(model, dataset, &cells, query.part, device).await?;
    Ok(shown(query, &plane, cells, &drift))
}

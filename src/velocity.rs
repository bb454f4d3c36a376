//! Velocity of observed cells, without noise: f(x, population of its own time point) of scIMF, or A(z, t) z of Cell-MNN.

use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::model::ScImf;
use crate::model::host::HostPopulation;
use crate::operators::OperatorField;
use crate::projection::Plane;
use crate::protocol::{DriftPart, VelocityField, VelocityQuery};
use crate::tensor::{is_cpu, read, upload};
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
    let cells = dataset.population(query.time);
    let drift = drift_of(model, dataset, &cells, query.part, device).await?;
    Ok(shown(query, &plane, cells, &drift))
}

/// Velocity A(z, t) z of a time point under Cell-MNN, projected into the space asked for.
///
/// # Errors
/// The space does not exist or is not of the model's components, a part of the velocity is asked for, or the device failed.
pub async fn linear(field: &OperatorField, query: VelocityQuery, device: &Device) -> Result<VelocityField> {
    if query.part != DriftPart::Total {
        return Err(Error::request("The velocity of Cell-MNN has no parts").remedy("Ask for the whole of it."));
    }
    let plane = Plane::new(&field.dataset, query.space)?;
    let cells = field.dataset.population(query.time);
    let velocities = field.velocities(&cells, device).await?;
    Ok(shown(query, &plane, cells, &velocities))
}

/// Velocities of cells in the model space, row-major, as they are shown.
pub(crate) fn shown(query: VelocityQuery, plane: &Plane<'_>, cells: Vec<u32>, velocities: &[f32]) -> VelocityField {
    let dimensions = velocities.len() / cells.len();
    let speeds: Vec<f32> =
        velocities.chunks_exact(dimensions).map(|v| v.iter().map(|x| x * x).sum::<f32>().sqrt()).collect();
    let mean_speed = speeds.iter().sum::<f32>() / speeds.len() as f32;
    let vectors = plane.vectors(&cells, velocities);
    VelocityField {
        query,
        cells: cells.into(),
        vectors: vectors.into(),
        speeds: speeds.into(),
        mean_speed,
        exact: plane.is_exact(),
    }
}

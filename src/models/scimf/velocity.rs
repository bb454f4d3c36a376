//! Velocity of observed cells, without noise: f(x, population of its own time point).

use super::ScImf;
use super::host::HostPopulation;
use crate::data::Dataset;
use crate::error::Result;
use crate::protocol::DriftPart;
use crate::tensor::{is_cpu, read, upload};
use burn::tensor::{Device, Tensor};

/// Velocity of observed cells that form a population, in the model space, row-major, in model-space units per sampling interval.
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
    let [mut intrinsic, interaction] = parts(model, dataset.states_of(cells), device).await?;
    Ok(match part {
        DriftPart::Intrinsic => intrinsic,
        DriftPart::Interaction | DriftPart::Differing => interaction,
        DriftPart::Total => {
            intrinsic.iter_mut().zip(interaction).for_each(|(sum, part)| *sum += part);
            intrinsic
        }
    })
}

/// f_intra and f_inter of a population at row-major `states`, without dropout.
///
/// # Errors
/// The device failed.
pub(super) async fn parts(model: &ScImf, states: Vec<f32>, device: &Device) -> Result<[Vec<f32>; 2]> {
    let cells = states.len() / model.config.dimensions;
    if is_cpu(device) {
        return Ok(HostPopulation::of(model, cells).await?.parts(&states));
    }
    let x = upload(states, [cells, model.config.dimensions], device);
    let both = Tensor::cat(vec![model.intrinsic(x.clone()), model.interaction(x)], 0);
    let mut intrinsic = read(both).await?;
    let interaction = intrinsic.split_off(intrinsic.len() / 2);
    Ok([intrinsic, interaction])
}

//! Velocity of observed cells: A(z, t) z.

use super::OperatorField;
use crate::error::{Error, Result};
use crate::projection::Plane;
use crate::protocol::{DriftPart, VelocityField, VelocityQuery};
use crate::velocity::shown;
use burn::tensor::Device;

/// Velocity A(z, t) z of a time point under Cell-MNN, projected into the space asked for.
///
/// # Errors
/// The space does not exist or is not of the model's components, a part of the velocity is asked for, or the device failed.
pub async fn linear(field: &OperatorField, query: VelocityQuery, device: &Device) -> Result<VelocityField> {
    if query.part != DriftPart::Total {
        return Err(Error::request("The velocity of Cell-MNN has no parts").remedy("Ask for the whole of it."));
    }
    let plane = Plane::new(&field.dataset, query.space)?;
    let cells = field.dataset.population_of(query.time, query.sample);
    let velocities = field.velocities(&cells, device).await?;
    Ok(shown(query, &plane, cells, &velocities))
}

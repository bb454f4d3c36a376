//! How far a frozen operator leads away from one that is read anew on the way.

use super::OperatorField;
use super::path::{Path, plan};
use crate::error::Result;
use crate::projection::Plane;
use crate::protocol::{Linearisation, LinearisationQuery, SimulationQuery};
use crate::tensor::{read, upload};
use burn::tensor::{Device, Tensor};

/// Frozen and re-encoded trajectories of the same cells.
///
/// # Errors
/// The query cannot be followed, or the device failed.
pub async fn linearisation(field: &OperatorField, query: LinearisationQuery, device: &Device) -> Result<Linearisation> {
    let plane = Plane::new(&field.dataset, query.space)?;
    let simulation = SimulationQuery {
        cells: query.cells,
        start: query.start.clone(),
        until: query.until,
        ..SimulationQuery::default()
    };
    let (cells, times) = plan(field, &simulation)?;
    let start = upload(field.standardised(&cells), [cells.len(), field.dimensions()], device);
    let path = Path::new(field, times);
    let (frozen, reencoded) = (path.frozen(start.clone()).await?, path.reencoded(start.clone()).await?);
    let gap = frozen.iter().zip(&reencoded).map(|(a, b)| mean_distance(a, b)).collect();
    let travelled = reencoded.iter().map(|z| mean_distance(z, &start)).collect();
    Ok(Linearisation {
        query,
        cells: cells.into(),
        times: path.times.iter().map(|time| *time as f32).collect::<Vec<_>>().into(),
        frozen: drawn(field, &plane, frozen).await?.into(),
        reencoded: drawn(field, &plane, reencoded).await?.into(),
        gap: read(Tensor::cat(gap, 0)).await?.into(),
        travelled: read(Tensor::cat(travelled, 0)).await?.into(),
        exact: plane.is_exact(),
    })
}

/// x, y of each cell, frame after frame.
pub(super) async fn drawn(field: &OperatorField, plane: &Plane<'_>, frames: Vec<Tensor<2>>) -> Result<Vec<f32>> {
    let frames = frames.into_iter().map(|z| field.components(z)).collect();
    Ok(plane.points(&read(Tensor::cat(frames, 0)).await?))
}

/// Mean over the cells of the distance between two standardised states: `[1]`.
pub(super) fn mean_distance(one: &Tensor<2>, other: &Tensor<2>) -> Tensor<1> {
    (one.clone() - other.clone()).square().sum_dim(1).sqrt().mean()
}

//! Velocities of observed cells, as they are shown.

use crate::projection::Plane;
use crate::protocol::{VelocityField, VelocityQuery};

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

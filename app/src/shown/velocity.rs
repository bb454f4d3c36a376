//! The velocity that is drawn: of all cells of its time point, or of the pinned type alone.

use crate::state::{Part, State};
use scimf::protocol::VelocityField;
use std::sync::Arc;

/// What is drawn, if it is there.
pub fn drawn(state: State) -> Option<Arc<VelocityField>> {
    let field = state.velocity.get()?;
    let Some(Part::Type(kind)) = state.attention.pinned.get() else { return Some(field) };
    state.dataset.with(|dataset| {
        let types = &dataset.as_ref()?.cells.cell_types;
        let own = |cell: &u32| types.get(*cell as usize).is_some_and(|it| *it as usize == kind);
        let kept = || field.cells.iter().zip(field.vectors.chunks_exact(2)).filter(|(cell, _)| own(cell));
        let cells: Vec<u32> = kept().map(|(cell, _)| *cell).collect();
        if cells.is_empty() {
            return Some(field.clone());
        }
        let vectors: Vec<f32> = kept().flat_map(|(_, vector)| vector).copied().collect();
        let speeds = field.cells.iter().zip(field.speeds.iter()).filter(|(cell, _)| own(cell)).map(|(_, it)| *it);
        let speeds: Vec<f32> = speeds.collect();
        let mean_speed = speeds.iter().sum::<f32>() / speeds.len().max(1) as f32;
        let query = field.query;
        let (cells, vectors, speeds) = (cells.into(), vectors.into(), speeds.into());
        Some(Arc::new(VelocityField {
            query,
            cells,
            vectors,
            speeds,
            mean_speed,
            exact: field.exact,
            wind: field.wind,
        }))
    })
}

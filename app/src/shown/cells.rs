//! The selected cells, and those that the picked cell is joined with.

use crate::state::State;
use scimf::figure::hearing::{Listening, rank};

/// Cells that a cell is joined with in each direction.
const JOINED: usize = 8;

/// Who a cell listens to, and who listens to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    /// The cell.
    pub cell: u32,
    /// Its senders.
    pub listens_to: Listening,
    /// Its receivers.
    pub heard_by: Listening,
}

/// Which cells are selected; none without a selection.
pub fn selected(state: State) -> Option<Vec<bool>> {
    let cells = state.selection.cells.get();
    let count = state.dataset.with(|d| d.as_ref().map_or(0, |d| d.cells.times.len()));
    let mut mask = vec![false; count];
    for &cell in cells.iter() {
        if let Some(own) = mask.get_mut(cell as usize) {
            *own = true;
        }
    }
    (!cells.is_empty()).then_some(mask)
}

/// The picked cell with those that it is joined with, if they are known.
pub fn heard(state: State) -> Option<Heard> {
    let cell = state.cells.picked.get().filter(|_| state.can().attention)?;
    let answer = state.cells.attention.get().filter(|answer| answer.query.cell == cell)?;
    state.dataset.with(|dataset| {
        let types = &dataset.as_ref()?.cells.cell_types;
        let side = |scores: &[f32]| rank(&answer.cells, scores, types, JOINED);
        Some(Heard { cell, listens_to: side(&answer.listens_to), heard_by: side(&answer.heard_by) })
    })
}

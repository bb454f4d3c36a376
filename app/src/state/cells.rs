//! What the scatter plot shows besides positions, types and times.

use crate::signals::RwSignal;
use scimf::figure::scatter::Camera;
use scimf::protocol::{CellAttention, CellValues, Receivers};
use std::sync::Arc;

use scimf::figure::cells::Ink;
/// How the velocity is drawn.
pub use scimf::figure::flow::Flow;

/// Choices and answers of the scatter plot.
#[derive(Clone, Copy, Default)]
pub struct CellsState {
    /// Counts the datasets that were opened, the same one again included.
    pub opened: RwSignal<u32>,
    /// How the velocity is drawn.
    pub flow: RwSignal<Flow>,
    /// A gene to colour by is being looked for.
    pub seeking: RwSignal<bool>,
    /// The values of an annotation or a gene that were asked for last.
    pub values: RwSignal<Option<Arc<CellValues>>>,
    /// The potential receivers that were asked for last.
    pub receivers: RwSignal<Option<Arc<Receivers>>>,
    /// The cell whose attention is shown.
    pub picked: RwSignal<Option<u32>>,
    /// The attention from and to a cell that was asked for last.
    pub attention: RwSignal<Option<Arc<CellAttention>>>,
    /// What the user moved and magnified.
    pub camera: RwSignal<Option<Camera>>,
    /// How large and how dense cells are drawn.
    pub ink: RwSignal<Ink>,
    /// Dragging draws a lasso.
    pub lasso: RwSignal<bool>,
    /// The lasso and the menu select cells of all time points, not only of the chosen one.
    pub all_times: RwSignal<bool>,
}

impl CellsState {
    /// Forgets what belongs to a dataset.
    pub fn forget_dataset(&self) {
        self.seeking.set(false);
        self.values.set(None);
        self.picked.set(None);
    }

    /// Forgets what was computed with weights.
    pub fn forget_weights(&self) {
        self.receivers.set(None);
        self.attention.set(None);
    }
}

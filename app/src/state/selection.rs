//! The cells that the user has selected.

use leptos::prelude::*;
use std::sync::Arc;

/// A selection that every view shares.
#[derive(Clone, Copy, Default)]
pub struct Selection {
    /// The cells, as indices in the dataset; empty for none.
    pub cells: RwSignal<Arc<Vec<u32>>>,
}

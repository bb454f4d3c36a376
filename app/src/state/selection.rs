//! The selected cells, and the selections before.

use leptos::prelude::*;
use std::sync::Arc;

/// Selections that can be taken back.
const REMEMBERED: usize = 50;

/// A set of cells, as indices in the dataset in rising order.
pub type Chosen = Arc<Vec<u32>>;

/// The selected cells with what was selected before and after; cheap to copy.
#[derive(Clone, Copy, Default)]
pub struct Selection {
    /// The selected cells; empty for none.
    pub cells: RwSignal<Chosen>,
    past: RwSignal<Vec<Chosen>>,
    future: RwSignal<Vec<Chosen>>,
}

impl Selection {
    /// Selects these cells instead.
    pub fn choose(&self, cells: Vec<u32>) {
        let before = self.cells.get_untracked();
        if *before == cells {
            return;
        }
        self.past.update(|past| {
            past.push(before);
            let many = past.len().saturating_sub(REMEMBERED);
            past.drain(..many);
        });
        self.future.update(Vec::clear);
        self.cells.set(Arc::new(cells));
    }

    /// Selects nothing.
    pub fn clear(&self) {
        self.choose(Vec::new());
    }

    /// Goes back to the selection before.
    pub fn undo(&self) {
        self.step(self.past, self.future);
    }

    /// Takes back an undo.
    pub fn redo(&self) {
        self.step(self.future, self.past);
    }

    /// There is a selection before this.
    pub fn can_undo(&self) -> bool {
        self.past.with(|past| !past.is_empty())
    }

    /// An undo can be taken back.
    pub fn can_redo(&self) -> bool {
        self.future.with(|future| !future.is_empty())
    }

    /// Forgets everything: the cells are those of another dataset.
    pub fn reset(&self) {
        self.past.update(Vec::clear);
        self.future.update(Vec::clear);
        self.cells.set(Chosen::default());
    }

    fn step(&self, from: RwSignal<Vec<Chosen>>, to: RwSignal<Vec<Chosen>>) {
        if let Some(next) = from.try_update(Vec::pop).flatten() {
            to.update(|to| to.push(self.cells.get_untracked()));
            self.cells.set(next);
        }
    }
}

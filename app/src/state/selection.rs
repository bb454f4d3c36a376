//! The selected cells, and the selections before.

use crate::signals::RwSignal;
use std::sync::Arc;

/// A set of cells, as indices in the dataset in rising order.
pub type Chosen = Arc<Vec<u32>>;

/// The selected cells with what was selected before and after; cheap to copy.
#[derive(Clone, Copy)]
pub struct Selection {
    /// The selected cells; empty for none.
    pub cells: RwSignal<Chosen>,
    /// All selections, in the order in which they were made; the first is none.
    made: RwSignal<Vec<Chosen>>,
    /// Which of them is the present one.
    at: RwSignal<usize>,
}

impl Default for Selection {
    fn default() -> Self {
        Self { cells: RwSignal::default(), made: RwSignal::new(vec![Chosen::default()]), at: RwSignal::new(0) }
    }
}

impl Selection {
    /// Selects these cells instead.
    pub fn choose(&self, cells: Vec<u32>) {
        if *self.cells.get_untracked() == cells {
            return;
        }
        let (cells, next) = (Arc::new(cells), self.at.get_untracked() + 1);
        self.made.update(|made| {
            made.truncate(next);
            made.push(cells.clone());
        });
        self.cells.set(cells);
        self.at.set(next);
    }

    /// Selects nothing.
    pub fn clear(&self) {
        self.choose(Vec::new());
    }

    /// Which of the selections that were made is the present one.
    pub fn position(&self) -> usize {
        self.at.get()
    }

    /// Makes another selection the present one; false if there is no such selection.
    pub fn go(&self, position: usize) -> bool {
        let Some(cells) = self.made.with_untracked(|made| made.get(position).cloned()) else { return false };
        self.cells.set(cells);
        self.at.set(position);
        true
    }

    /// Goes back to the selection before.
    pub fn undo(&self) {
        if let Some(before) = self.at.get_untracked().checked_sub(1) {
            self.go(before);
        }
    }

    /// Takes back an undo.
    pub fn redo(&self) {
        self.go(self.at.get_untracked() + 1);
    }

    /// There is a selection before this.
    pub fn can_undo(&self) -> bool {
        self.at.get() > 0
    }

    /// An undo can be taken back.
    pub fn can_redo(&self) -> bool {
        self.at.get() + 1 < self.made.with(Vec::len)
    }

    /// Forgets everything: the cells are those of another dataset.
    pub fn reset(&self) {
        self.made.set(vec![Chosen::default()]);
        self.go(0);
    }
}

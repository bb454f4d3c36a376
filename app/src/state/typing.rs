//! How the cells are sorted into types: as the study has it, and as the user made it.

use super::State;
use crate::prelude::*;
use scimf::protocol::{Array, CellType, DatasetSummary, Typing};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// All sortings that were made, and which is wanted; cheap to copy.
#[derive(Clone, Copy, Default)]
pub struct Typings {
    /// In the order in which they were made, the study's own first; empty while nothing was changed.
    made: RwSignal<Vec<Arc<Typing>>>,
    /// Which of them is wanted.
    at: RwSignal<usize>,
    /// The selected cells are to become a type: the dialog has a row for them.
    pub drawn: RwSignal<bool>,
    /// Names of the types to be left out once the cells are sorted; none where the positions that are left out are those of the new types.
    hides: RwSignal<Option<Vec<String>>>,
}

impl Typings {
    /// What is wanted; none while nothing was changed.
    pub fn wanted(&self) -> Option<Arc<Typing>> {
        self.made.with(|made| made.get(self.at.get()).cloned())
    }

    /// Which of those that were made is wanted.
    pub fn position(&self) -> usize {
        self.at.get()
    }

    /// Another dataset is open.
    pub(super) fn forget(&self) {
        self.made.set(Vec::new());
        self.at.set(0);
        self.drawn.set(false);
        self.hides.set(None);
    }
}

/// A sorting as a session file keeps it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct KeptTyping {
    types: Vec<CellType>,
    of: Vec<u32>,
}

/// Two datasets are of the same study, however its cells are sorted.
pub(super) fn same(one: &DatasetSummary, other: &DatasetSummary) -> bool {
    unsorted(one) == unsorted(other)
}

/// A dataset without what follows from how its cells are sorted.
pub fn unsorted(summary: &DatasetSummary) -> DatasetSummary {
    let (planted, fingerprint) = (Vec::new(), String::new());
    let mut summary = DatasetSummary { cell_types: Vec::new(), planted, fingerprint, ..summary.clone() };
    summary.samples.iter_mut().for_each(|sample| sample.lacks.clear());
    summary
}

impl State {
    /// How the cells are sorted now; none without a dataset.
    pub fn typing(&self) -> Option<Typing> {
        self.dataset.with(|it| {
            let it = it.as_ref()?;
            Some(Typing { types: it.summary.cell_types.clone(), of: it.cells.cell_types.clone() })
        })
    }

    /// The wanted sorting, if the engine's dataset is sorted otherwise.
    pub fn missing_typing(&self) -> Option<Arc<Typing>> {
        let wanted = self.typings.wanted()?;
        let named = |(one, other): (&CellType, &CellType)| (&one.name, &one.color) == (&other.name, &other.color);
        let differs = self.dataset.with(|it| {
            it.as_ref().is_some_and(|it| {
                let types = &it.summary.cell_types;
                let alike = types.len() == wanted.types.len() && types.iter().zip(&wanted.types).all(named);
                !alike || it.cells.cell_types != wanted.of
            })
        });
        differs.then_some(wanted)
    }

    /// The engine cannot sort the cells so: they stay as they are.
    pub fn typing_refused(&self) {
        self.typings.forget();
    }

    /// Types can be changed: nothing long is running.
    pub fn can_retype(&self) -> bool {
        self.ready() && !self.busy() && self.verdict.running.with(Option::is_none)
    }

    /// Sorts the cells otherwise, and leaves out the types of these names.
    pub fn sort_into(&self, typing: Typing, hides: Option<Vec<String>>) {
        let Some(now) = untrack(|| self.typing()) else { return };
        self.typings.hides.set(hides);
        let at = self.typings.at.get_untracked();
        self.typings.made.update(|made| {
            made.truncate(at + 1);
            if made.is_empty() {
                made.push(Arc::new(now));
            }
            made.push(Arc::new(typing));
        });
        self.typings.at.set(self.typings.made.with_untracked(Vec::len) - 1);
    }

    /// Sorts the cells as they were sorted before; false if that is not possible now.
    pub fn sort_as(&self, position: usize) -> bool {
        let known = self.typings.made.with_untracked(|made| position < made.len().max(1));
        let possible = known && untrack(|| self.can_retype() || self.typings.position() == position);
        if possible {
            self.typings.at.set(position);
        }
        possible
    }

    /// The sorting that a session file keeps; none while nothing was changed.
    pub fn kept_typing(&self) -> Option<KeptTyping> {
        self.typings.wanted().map(|it| KeptTyping { types: it.types.clone(), of: it.of.to_vec() })
    }

    /// Sorts the cells as a session file has them.
    pub fn take_typing(&self, kept: Option<KeptTyping>) -> bool {
        let cells = self.dataset.with_untracked(|it| it.as_ref().map_or(0, |it| it.cells.cell_types.len()));
        let Some(KeptTyping { types, of }) = kept else { return true };
        let fits = of.len() == cells && of.iter().all(|kind| (*kind as usize) < types.len());
        let typing = Typing { types, of: Array(of) };
        if fits && untrack(|| self.typing()).as_ref() != Some(&typing) {
            self.sort_into(typing, None);
        }
        fits
    }

    /// The engine has sorted the cells: what was computed by type is asked for anew, unless types have other names only.
    pub(super) fn retyped(&self, summary: DatasetSummary, of: Array<u32>) {
        let hides = self.typings.hides.try_update(Option::take).flatten();
        let hidden = self.attention.hidden.get_untracked();
        let names = summary.cell_types.iter().map(|kind| &kind.name).enumerate();
        let hidden: Vec<usize> = names
            .filter(|(at, name)| hides.as_ref().map_or_else(|| hidden.contains(at), |hides| hides.contains(name)))
            .map(|(at, _)| at)
            .collect();
        let kinds = summary.cell_types.len();
        let moved = untrack(|| self.typing()).is_none_or(|before| before.of != of);
        if moved {
            self.forget_answers_by_type();
        }
        self.dataset.update(|dataset| {
            if let Some(dataset) = dataset {
                let dataset = Arc::make_mut(dataset);
                dataset.summary = summary;
                dataset.cells.cell_types = of;
            }
        });
        self.attention.hidden.set(if hidden.len() < kinds { hidden } else { Vec::new() });
        if moved {
            self.models.date_anew();
        }
        self.status.set(format!("The cells are sorted into {}.", crate::words::counted(kinds, "type")));
    }

    /// Forgets what names types by their positions.
    fn forget_answers_by_type(&self) {
        self.attention.forget();
        self.attention.clear(*self);
        self.attention.strengths.forget();
        self.attention.links.set(None);
        self.samples.beside.set(None);
        self.markers.set(None);
        self.evidence.forget();
        self.simulation.set(None);
        self.simulate.beside.set(Vec::new());
        self.simulate.forget_types();
        self.paths.forget_types();
        self.experiments.reset();
        self.verdict.forget_heard();
        self.runs.forget_heard();
        self.playing.set(false);
        self.playhead.set(None);
    }
}

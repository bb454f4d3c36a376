//! Who acts on whom, as far as the open dataset tells.

use super::{State, WorkStage};
use crate::signals::RwSignal;
use leptos::prelude::*;
use scimf::figure::evidence::{Determined, Planted};
use scimf::protocol::{Evidence, EvidenceQuery};
use std::sync::Arc;

/// Evidence, what was asked for it, and how far it is; cheap to copy.
#[derive(Clone, Copy, Default)]
pub struct EvidenceState {
    /// Fits and twins of the next search.
    pub choice: RwSignal<EvidenceQuery>,
    /// How far the search is that the user asked for.
    pub running: RwSignal<Option<WorkStage>>,
    /// What the data determine is being looked for unasked; it gives way to everything else.
    pub glancing: RwSignal<bool>,
    /// The engine could not look unasked; it is not asked again for this dataset.
    pub refused: RwSignal<bool>,
    /// What was planted is shown in chord and matrix.
    pub shows_planted: RwSignal<bool>,
    /// What was found last.
    pub found: RwSignal<Option<Arc<Evidence>>>,
}

impl EvidenceState {
    /// Another dataset is open.
    pub(super) fn forget(&self) {
        self.choice.set(EvidenceQuery::default());
        self.refused.set(false);
        self.shows_planted.set(false);
        self.found.set(None);
    }

    /// Which links the data determine, as far as that is known.
    pub fn determined(&self) -> Option<Determined> {
        self.found.with(|found| found.as_ref().map(|found| Determined::of(found)))
    }
}

impl State {
    /// What was planted in the open dataset; none unless it is simulated.
    pub fn planted(&self) -> Option<Planted> {
        self.dataset.with(|dataset| dataset.as_ref().and_then(|it| Planted::of(&it.summary)))
    }

    /// What was planted, where it is to be shown.
    pub fn planted_shown(&self) -> Option<Planted> {
        if self.evidence.shows_planted.get() { self.planted() } else { None }
    }

    /// A search for evidence begins, asked for or not.
    pub fn begin_evidence(&self, unasked: bool) {
        if unasked {
            return self.evidence.glancing.set(true);
        }
        self.cancelling.set(false);
        self.status.set("The search for evidence has started.".into());
        self.evidence.running.set(Some(WorkStage { name: "starting".into(), done: 0.0 }));
    }

    /// A search goes on.
    pub fn evidence_goes_on(&self, stage: &str, done: f32) {
        if self.evidence.running.with_untracked(Option::is_some) {
            self.evidence.running.set(Some(WorkStage { name: stage.into(), done }));
        }
    }

    /// A search is over; `well` unless it failed or the engine is gone.
    pub fn end_evidence(&self, unasked: bool, well: bool) {
        if unasked {
            self.evidence.glancing.set(false);
            return self.evidence.refused.update(|refused| *refused |= !well);
        }
        if self.evidence.running.with_untracked(Option::is_none) {
            return;
        }
        self.evidence.running.set(None);
        match (well, self.cancelling.get_untracked()) {
            (true, true) => self.status.set("The search for evidence was stopped.".into()),
            (true, false) => self.status.set("The evidence is there.".into()),
            (false, _) => {}
        }
    }
}

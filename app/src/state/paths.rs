//! The path of least action between two groups of cells.

use super::{State, WorkStage};
use crate::signals::RwSignal;
use scimf::figure::path::Rank;
use scimf::protocol::{CellGroup, LeastActionPath, PathQuery};
use std::sync::Arc;

/// Choices and answer; cheap to copy.
#[derive(Clone, Copy)]
pub struct Paths {
    /// Where the next path begins and ends.
    pub ends: [RwSignal<CellGroup>; 2],
    /// Sampling intervals that it takes; none for as many as make the action least.
    pub duration: RwSignal<Option<f64>>,
    /// By what its genes are ranked.
    pub rank: RwSignal<Rank>,
    /// It is drawn over the cells.
    pub shown: RwSignal<bool>,
    /// How far the search is.
    pub running: RwSignal<Option<WorkStage>>,
    /// The path that was found last, and the count of the weights then.
    pub found: RwSignal<Option<(Arc<LeastActionPath>, u32)>>,
}

impl Default for Paths {
    fn default() -> Self {
        Self {
            ends: [RwSignal::default(), RwSignal::default()],
            duration: RwSignal::new(None),
            rank: RwSignal::default(),
            shown: RwSignal::new(true),
            running: RwSignal::new(None),
            found: RwSignal::new(None),
        }
    }
}

impl Paths {
    /// Another dataset is open, with so many time points: from the cells of the first to those of the last.
    pub(super) fn begin(&self, time_points: usize) {
        let at = |time| CellGroup { time: Some(time), ..CellGroup::default() };
        self.ends[0].set(at(0));
        self.ends[1].set(at(time_points.saturating_sub(1)));
        self.duration.set(None);
        self.found.set(None);
    }

    /// Types are others.
    pub(super) fn forget_types(&self) {
        self.ends.into_iter().for_each(|end| end.update(|group| group.types.clear()));
        self.found.set(None);
    }
}

impl State {
    /// The path that is looked for next.
    pub fn path_query(&self) -> PathQuery {
        PathQuery {
            model: self.models.chosen.get(),
            space: self.space.get(),
            from: self.paths.ends[0].get(),
            to: self.paths.ends[1].get(),
            sample: self.samples.chosen.get(),
            duration: self.paths.duration.get(),
            ..PathQuery::default()
        }
    }

    /// A search begins.
    pub fn begin_path(&self) {
        self.cancelling.set(false);
        self.status.set("The path is being looked for.".into());
        self.paths.running.set(Some(WorkStage { name: "starting".into(), done: 0.0 }));
    }

    /// Keeps the path that was asked for.
    pub(super) fn path_came(&self, path: LeastActionPath) {
        let weights = self.models.of(path.query.model).weights.get_untracked();
        self.status.set("The path was found.".into());
        self.paths.shown.set(true);
        self.paths.found.set(Some((Arc::new(path), weights)));
    }

    /// The path of the shown model that was found last.
    pub fn path(&self) -> Option<Arc<LeastActionPath>> {
        let shown = self.models.chosen.get();
        self.paths.found.with(|it| it.as_ref().map(|(path, _)| path.clone()).filter(|it| it.query.model == shown))
    }

    /// The same, if it is drawn over the cells of the plane that is shown.
    pub fn drawn_path(&self) -> Option<Arc<LeastActionPath>> {
        let space = self.space.get();
        self.path().filter(|it| self.paths.shown.get() && it.query.space == space)
    }
}

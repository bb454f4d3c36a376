//! A link between types that is made weaker or stronger, and the future that follows from it.

use super::{Part, Played, State};
use crate::prelude::*;
use scimf::figure::experiment;
use scimf::protocol::{Change, ExperimentQuery, SimulationQuery};
use serde::{Deserialize, Serialize};

/// What a link can be made at most, in per cent of what the model gives it.
pub const MOST: u32 = 300;
/// A link as the model gives it.
pub const AS_IT_IS: u32 = 100;
/// Cells of each simulation, and pairs of simulations: few, so that the answer comes while one looks.
const CELLS: usize = 128;
const SEEDS: u32 = 3;

/// A link and how strong it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Strength {
    /// Type that is listened to.
    pub sender: usize,
    /// Type that listens.
    pub receiver: usize,
    /// In per cent of what the model gives it.
    pub percent: u32,
}

impl Strength {
    /// What it does to a population: at 0 % the link is muted, at 100 % nothing.
    pub fn change(self) -> Option<Change> {
        let Self { sender, receiver, percent } = self;
        match percent {
            0 => Some(Change::Mute { receiver: Some(receiver), sender }),
            AS_IT_IS => None,
            _ => Some(Change::Scale { receiver: Some(receiver), sender, factor: percent as f32 / 100.0 }),
        }
    }
}

/// The link whose strength is set; cheap to copy.
#[derive(Clone, Copy, Default)]
pub struct Strengths {
    /// What the hand holds, until it lets go.
    pub held: RwSignal<Option<Strength>>,
    /// What was set last: the future is simulated with it.
    pub set: RwSignal<Option<Strength>>,
}

impl Strengths {
    /// Links are those of other types, or of another model.
    pub fn forget(&self) {
        self.held.set(None);
        self.set.set(None);
    }

    /// The strength of a link, in per cent.
    pub fn of(&self, sender: usize, receiver: usize) -> u32 {
        let own = |it: Option<Strength>| it.filter(|it| (it.sender, it.receiver) == (sender, receiver));
        own(self.held.get()).or_else(|| own(self.set.get())).map_or(AS_IT_IS, |it| it.percent)
    }
}

impl State {
    /// Links can be made weaker or stronger: the model that is shown has interaction and weights.
    pub fn can_scale(&self) -> bool {
        self.can().interaction && self.has_weights()
    }

    /// Sets a strength, and pins its link.
    pub fn set_strength(&self, strength: Strength) {
        self.attention.strengths.held.set(None);
        let Strength { sender, receiver, .. } = strength;
        let link = Some(Part::Link { sender, receiver });
        // Pinning anew would take the focus from the slider.
        if self.attention.pinned.get_untracked() != link {
            self.attention.pinned.set(link);
        }
        self.attention.strengths.set.set(Some(strength));
    }

    /// The experiment that shows the future under a strength; none where nothing is changed.
    pub fn strength_query(&self, strength: Strength) -> Option<ExperimentQuery> {
        let changes = vec![strength.change()?];
        let wanted = self.experiment_query().simulation;
        let simulation = SimulationQuery { cells: CELLS, ..wanted };
        Some(ExperimentQuery { simulation, changes, seeds: SEEDS })
    }

    /// The link is as the model gives it: the simulation is shown again.
    pub fn as_it_is(&self) {
        self.experiments.played.set(Played::Simulation);
        self.status.set("The link is as the model gives it.".into());
    }

    /// Says what the strength did that is set; false if the last experiment was about something else.
    pub(super) fn tell_strength(&self) -> bool {
        let change = self.attention.strengths.set.get_untracked().and_then(Strength::change);
        let found = self.experiments.found.get_untracked();
        let Some((change, found)) =
            change.zip(found).filter(|(change, it)| it.experiment.query.changes == [change.clone()])
        else {
            return false;
        };
        let (kinds, genes) = untrack(|| (self.type_names(), self.genes.names.get()));
        let said = experiment::findings(&found.experiment, &kinds, &genes);
        let what = untrack(|| self.change_words(&change));
        self.status.set(format!("{what}: {}", said.first().cloned().unwrap_or_default()));
        true
    }
}

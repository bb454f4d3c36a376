//! What is changed in a simulated population, and what came of it.

use super::{State, WorkStage};
use crate::prelude::*;
use crate::words;
use scimf::figure::experiment::signed;
use scimf::protocol::{Change, Experiment, ExperimentQuery, Simulation, SimulationQuery, Start};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What the next experiment does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExperimentChoice {
    /// What is changed, all together.
    pub changes: Vec<Change>,
    /// Time point at which it begins; none for the chosen one.
    pub start: Option<usize>,
    /// Time in index units at which it ends; none for the last time point.
    pub until: Option<f64>,
    /// Cells of each simulation.
    pub cells: usize,
    /// Pairs of simulations.
    pub seeds: u32,
    /// Seed of the first pair; the others count on from it.
    pub seed: u32,
}

impl Default for ExperimentChoice {
    fn default() -> Self {
        let ExperimentQuery { seeds, .. } = ExperimentQuery::default();
        Self { changes: Vec::new(), start: None, until: None, cells: 400, seeds, seed: 0 }
    }
}

/// What an experiment found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Its numbers.
    pub experiment: Arc<Experiment>,
    /// The cells without the change.
    pub unchanged: Arc<Simulation>,
    /// The same cells with it.
    pub changed: Arc<Simulation>,
    /// Where noise alone takes the cells: those without the change under other seeds, at the end.
    pub floor: Arc<Simulation>,
    /// The count of the weights that it was computed with.
    pub weights: u32,
}

/// Which simulated cells the scatter plot plays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Played {
    /// Those of the simulation.
    #[default]
    Simulation,
    /// Those of the experiment, without the change.
    Unchanged,
    /// With it.
    Changed,
    /// With and without it, over each other.
    Both,
}

/// How cells are marked on the scatter plot.
pub use scimf::figure::moving::Marker;

/// Experiments of the page.
#[derive(Clone, Copy, Default)]
pub struct Experiments {
    /// The choices for the next one.
    pub choice: RwSignal<ExperimentChoice>,
    /// How far the running one is.
    pub running: RwSignal<Option<WorkStage>>,
    /// What the last one found.
    pub found: RwSignal<Option<Found>>,
    /// What is played.
    pub played: RwSignal<Played>,
}

impl Experiments {
    /// Forgets what only the former dataset knew.
    pub(super) fn reset(&self) {
        self.choice.set(ExperimentChoice::default());
        self.found.set(None);
        self.played.set(Played::Simulation);
    }
}

impl State {
    /// The experiment that is chosen now.
    pub fn experiment_query(&self) -> ExperimentQuery {
        let ExperimentChoice { changes, start, until, cells, seeds, seed } = self.experiments.choice.get();
        let time = start.unwrap_or_else(|| self.time.get());
        // From the last time point on there is only what lies beyond the data.
        let last = self.time_labels().len().saturating_sub(1);
        let until = until.filter(|until| *until > time as f64).or((time >= last).then_some(last as f64 + 1.0));
        let simulation = SimulationQuery {
            model: self.models.chosen.get(),
            space: self.space.get(),
            cells,
            seed,
            start: Start { time, sample: self.moved_sample(time, &[]), ..Start::default() },
            until,
            fates: true,
            ..SimulationQuery::default()
        };
        ExperimentQuery { simulation, changes, seeds }
    }

    /// A change in a few words.
    pub fn change_words(&self, change: &Change) -> String {
        let kinds = self.type_names();
        let name = |kind: usize| kinds.get(kind).cloned().unwrap_or_else(|| format!("type {}", kind + 1));
        match change {
            Change::Remove { types, cells } => {
                let mut parts: Vec<String> = types.iter().map(|&kind| name(kind)).collect();
                if !cells.is_empty() {
                    parts.push(format!("{} selected cells", words::count(cells.len())));
                }
                format!("Remove {}", words::list(&parts))
            }
            Change::Mute { receiver: None, sender } => format!("No cell hears {}", name(*sender)),
            Change::Mute { receiver: Some(receiver), sender } => {
                format!("{} does not hear {}", name(*receiver), name(*sender))
            }
            Change::Scale { receiver, sender, factor } => {
                let who = receiver.map_or_else(|| "Every cell".to_owned(), name);
                format!("{who} hears {} at {:.0} %", name(*sender), 100.0 * factor)
            }
            Change::Shift { gene, by } => format!("{} {} at the start", self.genes.name(*gene), signed(*by)),
        }
    }

    /// The simulations that the scatter plot plays, each with its marks.
    pub fn played(&self) -> Vec<(Marker, Arc<Simulation>)> {
        let found = |marks: &[Marker]| {
            self.experiments.found.with(|found| {
                found.as_ref().map(|found| {
                    let of = |mark: Marker| if mark == Marker::Changed { &found.changed } else { &found.unchanged };
                    marks.iter().map(|&mark| (mark, of(mark).clone())).collect()
                })
            })
        };
        let experiment = match self.experiments.played.get() {
            Played::Simulation => None,
            Played::Unchanged => found(&[Marker::Unchanged]),
            Played::Changed => found(&[Marker::Changed]),
            Played::Both => found(&[Marker::Unchanged, Marker::Changed]),
        };
        let simulation = || self.simulation.get().map(|it| (Marker::Plain, it));
        experiment.unwrap_or_else(|| simulation().into_iter().collect())
    }

    /// The same over the noise floor of the experiment, which is that of its end.
    pub fn drawn(&self) -> Vec<(Marker, Arc<Simulation>)> {
        let played = self.played();
        let ended = self.playhead.get().zip(self.played_range()).is_some_and(|(head, [_, end])| head > end - 1e-6);
        let changed = played.iter().any(|(marker, _)| *marker == Marker::Changed);
        let floor = self.experiments.found.with(|it| it.as_ref().map(|it| it.floor.clone()));
        floor.filter(|_| ended && changed).map(|floor| (Marker::Floor, floor)).into_iter().chain(played).collect()
    }

    /// First and last time of what the scatter plot plays, in index units; none while there is nothing to play.
    pub fn played_range(&self) -> Option<[f64; 2]> {
        let played = self.played();
        let times = &played.first()?.1.times;
        Some([times.first(), times.last()].map(|time| time.map_or(0.0, |&time| f64::from(time))))
    }

    /// Shows the simulated cells at a time, or at the nearest that there is.
    pub fn seek(&self, time: f64) {
        self.playing.set(false);
        let range = untrack(|| self.played_range());
        self.playhead.set(range.map(|[low, high]| time.clamp(low, high.max(low))));
    }

    /// An experiment begins.
    pub fn begin_experiment(&self) {
        self.cancelling.set(false);
        self.status.set("The experiment has started.".into());
        self.experiments.running.set(Some(WorkStage { name: "starting".into(), done: 0.0 }));
    }

    /// An experiment goes on.
    pub fn experiment_goes_on(&self, stage: &str, done: f32) {
        self.experiments.running.set(Some(WorkStage { name: stage.into(), done }));
    }

    /// The experiment is over; `well` unless it failed or the engine is gone.
    pub fn end_experiment(&self, well: bool) {
        if self.experiments.running.with_untracked(Option::is_none) {
            return;
        }
        self.experiments.running.set(None);
        match (well, self.cancelling.get_untracked()) {
            (true, true) => self.status.set("The experiment was cancelled.".into()),
            (true, false) if self.tell_strength() => {}
            (true, false) => self.status.set("The experiment is done.".into()),
            (false, _) => {}
        }
    }

    pub(super) fn experimented(&self, mut experiment: Experiment) {
        let unchanged = Arc::new(std::mem::take(&mut experiment.unchanged));
        let changed = Arc::new(std::mem::take(&mut experiment.changed));
        let weights = untrack(|| self.models.weights_of_able(|can| can.interaction));
        let floor = Arc::new(std::mem::take(&mut experiment.floor));
        let found = Found { experiment: Arc::new(experiment), unchanged, changed, floor, weights };
        self.keep_experiment_run(&found);
        self.experiments.found.set(Some(found));
        self.experiments.played.set(Played::Both);
        self.seek(f64::INFINITY);
    }
}

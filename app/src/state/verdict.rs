//! The verdict: a queue of short jobs over three seeds, and what they add up to.

use super::{State, runs::Heard};
use crate::prelude::*;
use scimf::figure::pooled::pooled;
use scimf::figure::stability::{over_seeds, sentence};
use scimf::figure::verdict::verdict;
use scimf::protocol::{Evaluation, EvaluationSettings, ModelKind, Recipe, TrainingState};
use serde::{Deserialize, Serialize};

/// Trainings with different seeds.
pub const SEEDS: u32 = 3;
/// Minutes that a verdict may be asked for in.
pub const MINUTES: [u32; 3] = [1, 5, 15];
/// Cells that predictions are compared with: enough for a first answer.
const CELLS: usize = 500;

/// One job: a held-out evaluation, or a training on all time points whose attention is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    /// Trains the judged model with and without its interaction, and another one, without a time point, and predicts it.
    Evaluate(u32),
    /// Trains the judged model on everything.
    Train(u32),
}

/// What a verdict rests on; a session file keeps it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Findings {
    /// The time point that is held out.
    pub time: usize,
    /// Steps and cells of each training of the judged model.
    pub plan: Option<[u32; 2]>,
    /// One evaluation for each seed that is done.
    pub evaluations: Vec<Evaluation>,
    /// Who listens to whom at the time point, after each training that is done.
    pub heard: Vec<Heard>,
}

impl Findings {
    /// The next job; none when all are done.
    pub fn next(&self) -> Option<Job> {
        let (evaluated, trained) = (self.evaluations.len() as u32, self.heard.len() as u32);
        if evaluated < SEEDS && evaluated <= trained {
            Some(Job::Evaluate(evaluated))
        } else {
            (trained < SEEDS).then_some(Job::Train(trained))
        }
    }

    /// Jobs that are done, of all.
    pub fn done(&self) -> [usize; 2] {
        [self.evaluations.len() + self.heard.len(), 2 * SEEDS as usize]
    }

    /// The answers in plain words, one after the other.
    pub fn words(&self, types: &[String], time: &str) -> Vec<String> {
        let table = pooled(&self.evaluations);
        let mut words: Vec<String> = table.iter().flat_map(|table| &table.held_out).filter_map(verdict).collect();
        if !self.heard.is_empty() {
            let matrices: Vec<Vec<f32>> = self.heard.iter().map(Heard::values).collect();
            words.push(sentence(&over_seeds(&matrices), matrices.len(), types, time));
        }
        words
    }
}

/// The verdict of the open dataset; cheap to copy.
#[derive(Clone, Copy)]
pub struct Verdict {
    /// Minutes that its trainings take together, of [`MINUTES`].
    pub minutes: RwSignal<u32>,
    /// What is found so far; none before it was asked for.
    pub found: RwSignal<Option<Findings>>,
    /// The job that runs; none while the queue stands still.
    pub running: RwSignal<Option<Job>>,
    /// The count of the weights when the running training had ended.
    ended: RwSignal<Option<u32>>,
}

impl Default for Verdict {
    fn default() -> Self {
        Self {
            minutes: RwSignal::new(MINUTES[1]),
            found: RwSignal::default(),
            running: RwSignal::default(),
            ended: RwSignal::default(),
        }
    }
}

impl Verdict {
    /// Types are others: links over seeds are not comparable any more.
    pub(super) fn forget_heard(&self) {
        self.found.update(|found| found.iter_mut().for_each(|it| it.heard.clear()));
    }

    /// Another dataset is open.
    pub(super) fn forget(&self) {
        self.found.set(None);
        self.running.set(None);
        self.ended.set(None);
    }
}

impl State {
    /// A time point in the middle of the series, to be held out; none in a series that has no middle.
    pub fn middle(&self) -> Option<usize> {
        let count = self.dataset.with(|it| it.as_ref().map_or(0, |it| it.summary.time_points.len()));
        (count > 2).then_some(count / 2)
    }

    /// The model that a verdict is about: the first whose attention can be read.
    pub fn judged(&self) -> ModelKind {
        self.models.able(|can| can.attention && can.interaction).unwrap_or_default()
    }

    /// A training of the verdict: its share of the minutes, of three trainings of the judged model and one of another for each seed.
    pub fn verdict_recipe(&self) -> Recipe {
        self.short(self.judged())
    }

    fn short(&self, model: ModelKind) -> Recipe {
        let seconds = 60.0 * f64::from(self.verdict.minutes.get()) / f64::from(SEEDS) / 4.0;
        Recipe { held_out: Vec::new(), from_current: false, ..self.planned_within(seconds, model) }
    }

    /// What a job asks the engine: an evaluation, or a training.
    pub fn verdict_job(&self, job: Job, time: usize) -> Result<EvaluationSettings, Recipe> {
        let judged = self.verdict_recipe();
        match job {
            Job::Train(seed) => Err(Recipe { seed, ..judged }),
            Job::Evaluate(seed) => {
                // A model that works in fewer components cannot be measured in all.
                let all = self.dataset.with(|it| it.as_ref().map_or(0, |it| it.summary.dimensions));
                let fits = |kind: &ModelKind| {
                    !kind.card().can.genes && self.models.of(*kind).components().is_none_or(|own| own >= all)
                };
                let other = ModelKind::ALL.into_iter().find(|kind| *kind != judged.model && fits(kind));
                let mut train = vec![Recipe { held_out: vec![time], ..judged }];
                train.extend(other.map(|kind| Recipe { held_out: vec![time], seed, ..self.short(kind) }));
                Ok(EvaluationSettings {
                    held_out: vec![time],
                    cells: CELLS,
                    seeds: 1,
                    first_seed: seed,
                    train,
                    space: self.space.get(),
                    ..EvaluationSettings::default()
                })
            }
        }
    }

    /// Takes in an evaluation of the verdict.
    pub(super) fn verdict_evaluated(&self, table: &Evaluation, well: bool) {
        let Some(Job::Evaluate(_)) = self.verdict.running.get_untracked() else { return };
        let failed = table.held_out.iter().flat_map(|point| &point.rows).any(|row| row.failure.is_some());
        if well && !failed && !table.held_out.is_empty() {
            self.verdict.found.update(|found| found.iter_mut().for_each(|it| it.evaluations.push(table.clone())));
            self.verdict.running.set(None);
        } else {
            self.verdict_stands("The verdict stands still; it can go on.");
        }
    }

    /// A training of the verdict has ended; its attention comes with the next answer about its time point.
    pub(super) fn verdict_trained(&self, state: &TrainingState) {
        if !matches!(self.verdict.running.get_untracked(), Some(Job::Train(_))) {
            return;
        }
        if let TrainingState::Ended(end) = state {
            if end.stopped {
                self.verdict_stands("The verdict stands still; it can go on.");
            } else {
                self.verdict.ended.set(Some(untrack(|| self.models.weights_of_able(|can| can.attention))));
            }
        }
    }

    /// The attention after a training of the verdict, once it is there.
    pub fn verdict_heard(&self) -> Option<Heard> {
        let (ended, found) = (self.verdict.ended.get()?, self.verdict.found.get()?);
        let known = self.attention.known(found.time).filter(|known| known.weights > ended)?;
        Some(Heard::of(&known.answer))
    }

    /// Takes it in.
    pub fn keep_verdict_heard(&self, heard: Heard) {
        self.verdict.found.update(|found| found.iter_mut().for_each(|it| it.heard.push(heard.clone())));
        self.verdict.ended.set(None);
        self.verdict.running.set(None);
    }

    /// A training failed: if it was one of the verdict, the queue stops.
    pub fn verdict_fails(&self) {
        if self.verdict.running.with_untracked(Option::is_some) {
            self.verdict_stands("A training of the verdict failed; the verdict stands still.");
        }
    }

    /// The queue stops; what is done stays.
    pub fn verdict_stands(&self, words: &str) {
        self.verdict.running.set(None);
        self.verdict.ended.set(None);
        self.verdict.found.update(|found| found.iter_mut().for_each(|it| it.plan = None));
        self.status.set(words.into());
    }
}

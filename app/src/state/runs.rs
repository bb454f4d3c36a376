//! What was trained, evaluated and tried on this dataset: a list that a session file keeps, so that hours of work outlive a reload.

use super::{Found, State, budget::recipe_words};
use crate::prelude::*;
use crate::{page, words};
use scimf::figure::experiment::findings;
use scimf::figure::quantity::equal_listening;
use scimf::figure::spark;
use scimf::protocol::{Communication, Evaluation, EvaluationSettings, Recipe, Score, TrainingEnd};
use serde::{Deserialize, Serialize};

/// Runs that are kept; older ones make room.
const MOST: usize = 200;
/// Points that are kept of a loss.
const POINTS: usize = 60;

/// What a run came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    /// A training: its lowest loss, and its losses thinned out.
    Training {
        /// The loss that chose the weights.
        best: f32,
        /// Total losses, the first and the last among them.
        losses: Vec<f32>,
    },
    /// An evaluation: its table.
    Evaluation(Evaluation),
    /// An experiment: what it found, in sentences.
    Experiment(Vec<String>),
}

/// A chord as numbers: who listens to whom, as multiples of equal listening.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Heard {
    /// Time point.
    pub time: usize,
    /// n x n, row = receiver; none where there are too few cells.
    pub matrix: Vec<Option<f32>>,
}

impl Heard {
    /// The matrix with NaN where nothing is known.
    pub fn values(&self) -> Vec<f32> {
        self.matrix.iter().map(|value| value.unwrap_or(f32::NAN)).collect()
    }

    /// An answer about attention.
    pub fn of(answer: &Communication) -> Self {
        let known = |value: f32| value.is_finite().then_some(value);
        Self { time: answer.query.time, matrix: equal_listening(answer).into_iter().map(known).collect() }
    }
}

/// One entry of the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Its number, counted from 1.
    pub number: u32,
    /// When it ended, in milliseconds since 1970.
    pub at: f64,
    /// The models, as people call them.
    pub model: String,
    /// Its settings in words.
    pub settings: String,
    /// Its first seed.
    pub seed: u32,
    /// Time points that it did not see.
    pub held_out: Vec<usize>,
    /// It was ended before its end.
    pub stopped: bool,
    /// What it came to.
    pub outcome: Outcome,
    /// Who listened to whom after it, at the time point that was shown.
    pub heard: Option<Heard>,
    /// What a training did; runs that were kept without it have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipe: Option<Recipe>,
}

/// The list; cheap to copy.
#[derive(Clone, Copy, Default)]
pub struct Runs {
    /// All runs, the oldest first.
    pub all: RwSignal<Vec<Run>>,
    /// Numbers of those that are compared, at most two.
    pub compared: RwSignal<Vec<u32>>,
}

impl Runs {
    /// Types are others: the chords of before name types that are no more.
    pub(super) fn forget_heard(&self) {
        self.all.update(|all| all.iter_mut().for_each(|run| run.heard = None));
    }

    /// Another dataset is open.
    pub(super) fn forget(&self) {
        self.all.set(Vec::new());
        self.compared.set(Vec::new());
    }

    /// Puts a run among the compared ones, or takes it out; a third one takes the place of the first.
    pub fn compare(&self, number: u32) {
        self.compared.update(|all| match all.iter().position(|other| *other == number) {
            Some(at) => drop(all.remove(at)),
            None => {
                all.push(number);
                let surplus = all.len().saturating_sub(2);
                all.drain(..surplus);
            }
        });
    }

    /// Takes a run off the list.
    pub fn remove(&self, number: u32) {
        self.compared.update(|all| all.retain(|other| *other != number));
        self.all.update(|all| all.retain(|run| run.number != number));
    }

    fn push(&self, run: Run) {
        self.all.update(|all| {
            let number = all.last().map_or(0, |last| last.number) + 1;
            all.push(Run { number, at: page::today(), ..run });
            let surplus = all.len().saturating_sub(MOST);
            all.drain(..surplus);
        });
    }
}

impl State {
    /// A training is over.
    pub(super) fn keep_training_run(&self, recipe: Option<&Recipe>, end: &TrainingEnd) {
        let Some(recipe) = recipe.filter(|_| end.updates > 0) else { return };
        let losses = self
            .models
            .of(recipe.model)
            .updates
            .with_untracked(|all| spark::thinned(all.iter().map(|update| f64::from(update.loss.total)), POINTS));
        let card = recipe.model.card();
        let twin = card.twin.filter(|_| !recipe.switch("interaction"));
        self.runs.push(Run {
            number: 0,
            at: 0.0,
            model: twin.map_or(card.name, |twin| twin.name).to_owned(),
            settings: recipe_words(recipe, end.updates),
            seed: recipe.seed,
            held_out: recipe.held_out.clone(),
            stopped: end.stopped,
            outcome: Outcome::Training {
                best: end.best_loss,
                losses: losses.into_iter().flatten().map(|loss| loss as f32).collect(),
            },
            heard: None,
            recipe: Some(recipe.clone()),
        });
    }

    /// An evaluation has ended with a table.
    pub(super) fn keep_evaluation_run(&self, settings: &EvaluationSettings, table: &Evaluation, stopped: bool) {
        if table.held_out.is_empty() {
            return;
        }
        let one = |it: &Recipe| format!("{}, {}", it.model.name(), recipe_words(it, it.steps()));
        let trained: Vec<String> = settings.train.iter().map(one).collect();
        let what = if trained.is_empty() { "the weights in use".to_owned() } else { trained.join("; ") };
        self.runs.push(Run {
            number: 0,
            at: 0.0,
            model: "Evaluation".into(),
            settings: format!("{what}; {}", words::counted(settings.seeds as usize, "seed")),
            seed: settings.first_seed,
            held_out: settings.held_out.clone(),
            stopped,
            outcome: Outcome::Evaluation(table.clone()),
            heard: None,
            recipe: None,
        });
    }

    /// An experiment has ended.
    pub(super) fn keep_experiment_run(&self, found: &Found) {
        let query = &found.experiment.query;
        let changes: Vec<_> = query.changes.iter().map(|change| self.change_words(change)).collect();
        self.runs.push(Run {
            number: 0,
            at: 0.0,
            model: "Experiment".into(),
            settings: format!("{}; {} cells, {} pairs", changes.join("; "), query.simulation.cells, query.seeds),
            seed: query.simulation.seed,
            held_out: Vec::new(),
            stopped: false,
            outcome: Outcome::Experiment(findings(
                &found.experiment,
                &untrack(|| self.type_names()),
                &self.genes.names.get_untracked(),
            )),
            heard: None,
            recipe: None,
        });
    }

    /// The first answer about attention after a training belongs to its run.
    pub(super) fn keep_heard(&self, answer: &Communication) {
        let fits = |run: &Run| matches!(run.outcome, Outcome::Training { .. }) && run.heard.is_none();
        let due = self.runs.all.with_untracked(|all| all.last().is_some_and(fits));
        if due
            && answer.query.sample.is_none()
            && answer.query.score == Score::Attention
            && !untrack(|| self.in_training())
        {
            self.runs.all.update(|all| {
                if let Some(run) = all.last_mut() {
                    run.heard = Some(Heard::of(answer));
                }
            });
        }
    }
}

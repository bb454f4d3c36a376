//! Long work besides training: a preparation or an evaluation.

use super::{Dataset, State};
use crate::prelude::*;
use scimf::protocol::{Evaluation, EvaluationSettings, Finding, ModelKind, Pace, Predictions, Recipe};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How far long work is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WorkStage {
    /// What is being done, in words.
    pub name: String,
    /// Share of the whole, from 0 to 1.
    pub done: f32,
}

/// Which models an evaluation is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EvaluatedModels {
    /// The chosen models, trained for it without the held-out time points.
    #[default]
    Trained,
    /// The weights in use.
    InUse,
}

/// What the next evaluation does; the rest of a training's settings are those of each model's recipe.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EvaluationChoice {
    /// Time points to predict.
    pub held_out: Vec<usize>,
    /// Repetitions.
    pub seeds: u32,
    /// Simulated cells.
    pub cells: usize,
    /// The models, in the order in which they are offered.
    pub models: Vec<Afresh>,
    /// Measure in so many standardised components; none for the model space.
    pub components: Option<usize>,
}

/// Whether a model is trained for an evaluation; else its weights in use are evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Afresh {
    /// The model.
    pub model: ModelKind,
    /// It is trained, and without its interaction where it has one.
    pub train: bool,
    /// Updates or epochs of each of its trainings.
    pub steps: u32,
}

impl Default for EvaluationChoice {
    fn default() -> Self {
        let EvaluationSettings { held_out, cells, .. } = EvaluationSettings::default();
        // Fewer than the paper's five, so that a first answer takes minutes; fewer than two say nothing of noise.
        let seeds = 3;
        let model = |(i, model)| Afresh { model, train: i == 0, steps: Recipe::new(model).steps() };
        let models = ModelKind::ALL.into_iter().enumerate().map(model).collect();
        Self { held_out, seeds, cells, models, components: None }
    }
}

impl EvaluationChoice {
    /// What is chosen for a model; a choice of an older page may lack it.
    pub fn of(&self, model: ModelKind) -> Afresh {
        let proposed = Afresh { model, train: false, steps: Recipe::new(model).steps() };
        self.models.iter().copied().find(|it| it.model == model).unwrap_or(proposed)
    }

    /// Changes what is chosen for a model.
    pub fn change(&mut self, model: ModelKind, change: impl FnOnce(&mut Afresh)) {
        let mut changed = self.of(model);
        change(&mut changed);
        match self.models.iter_mut().find(|it| it.model == model) {
            Some(known) => *known = changed,
            None => self.models.push(changed),
        }
    }

    /// The models that are trained, in the order in which they are offered.
    pub fn trained(&self) -> Vec<Afresh> {
        ModelKind::ALL.into_iter().map(|model| self.of(model)).filter(|it| it.train).collect()
    }
}

/// How an evaluation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Rows are still to come.
    Running,
    /// All rows that can be there are there.
    Complete,
    /// The user stopped it.
    Stopped,
    /// It failed, or the engine died.
    Interrupted,
}

/// An evaluation with its answers so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluated {
    /// What was asked.
    pub settings: EvaluationSettings,
    /// The dataset as it was drawn then: predictions are drawn over it, whatever space is chosen later.
    pub dataset: Arc<Dataset>,
    /// Held-out time points that the evaluated weights may have been trained on.
    pub seen: Vec<usize>,
    /// How it stands.
    pub standing: Standing,
    /// The table.
    pub table: Evaluation,
    /// The predicted cells.
    pub predictions: Arc<Vec<Predictions>>,
}

impl State {
    /// The engine has long work, or a dataset on its way: nothing else can begin.
    pub fn busy(&self) -> bool {
        self.in_training()
            || self.evaluating.with(Option::is_some)
            || self.experiments.running.with(Option::is_some)
            || self.evidence.running.with(Option::is_some)
            || self.landscape.following.with(Option::is_some)
            || self.paths.running.with(Option::is_some)
            || self.opening.with(Option::is_some)
    }

    /// What long work is running, in a sentence; none if opening a dataset ends nothing.
    pub fn running_work(&self) -> Option<&'static str> {
        if self.in_training() {
            Some("A training is running.")
        } else if self.evaluating.with(Option::is_some) {
            Some("An evaluation is running.")
        } else if self.experiments.running.with(Option::is_some) {
            Some("An experiment is running.")
        } else if self.evidence.running.with(Option::is_some) {
            Some("A search for evidence is running.")
        } else {
            None
        }
    }

    /// Why the engine cannot begin to do what `to` says; none if it can.
    pub fn engine_obstacle(&self, to: &str) -> Option<String> {
        let words = if self.dataset.with(Option::is_none) {
            "No dataset is open."
        } else if !self.ready() {
            "The engine is not ready yet."
        } else if self.in_training() {
            return Some(format!("A training is running. Let it end, or stop it, to {to}."));
        } else if self.evaluating.with(Option::is_some) {
            "An evaluation is running. Stop it, or let it end."
        } else if self.experiments.running.with(Option::is_some) {
            "An experiment is running. Cancel it, or let it end."
        } else if self.evidence.running.with(Option::is_some) {
            "A search for evidence is running. Stop it, or let it end."
        } else if self.landscape.following.with(Option::is_some) {
            "Copies of cells are being followed. Cancel it, or let it end."
        } else if self.paths.running.with(Option::is_some) {
            "A path is being looked for. Cancel it, or let it end."
        } else if self.opening.with(Option::is_some) {
            "A dataset is being opened."
        } else {
            return None;
        };
        Some(words.into())
    }

    /// Of these time points, those that the weights in use of these models are not known to be trained without.
    pub fn seen_by_weights(&self, models: &[ModelKind], held_out: &[usize]) -> Vec<usize> {
        let seen = |time: &usize| {
            let sees = |kind: &ModelKind| {
                let summary = self.models.of(*kind).summary;
                summary.with(|model| model.as_ref().is_some_and(|model| !model.held_out.contains(time)))
            };
            models.iter().any(sees)
        };
        held_out.iter().copied().filter(seen).collect()
    }

    /// A study begins to be prepared.
    pub fn begin_preparation(&self, name: &str) {
        self.problem.set(None);
        self.interrupt_evaluation();
        self.cancelling.set(false);
        self.opening.set(Some(format!("Opening {name}")));
        self.preparing.set(Some(WorkStage { name: "starting".into(), done: 0.0 }));
    }

    /// A preparation goes on.
    pub fn preparation_goes_on(&self, stage: &str, done: f32) {
        self.preparing.set(Some(WorkStage { name: stage.into(), done }));
    }

    /// The preparation is over, well or not; a study whose preparation failed or was cancelled still has its proposal.
    pub fn end_preparation(&self) {
        self.opening.set(None);
        if self.preparing.with_untracked(Option::is_some) {
            self.preparing.set(None);
            if self.cancelling.get_untracked() {
                self.status.set("The preparation was cancelled; the choices are kept.".into());
            }
        }
    }

    /// An evaluation begins.
    pub fn begin_evaluation(&self, settings: &EvaluationSettings) {
        let Some(dataset) = self.dataset.get_untracked() else { return };
        let trained = |kind: &ModelKind| settings.train.iter().any(|recipe| recipe.model == *kind);
        let in_use: Vec<ModelKind> = ModelKind::ALL.into_iter().filter(|kind| !trained(kind)).collect();
        let seen = untrack(|| self.seen_by_weights(&in_use, &settings.held_out));
        self.cancelling.set(false);
        self.units.begin();
        self.status.set("The evaluation has started.".into());
        self.evaluating.set(Some(WorkStage { name: "starting".into(), done: 0.0 }));
        // What is drawn stays while more of the same is computed.
        let before = self.evaluation.get_untracked();
        let before = before.filter(|it| Arc::ptr_eq(&it.dataset, &dataset) && it.settings.space == settings.space);
        let predictions = before.map_or_else(Arc::default, |it| {
            let [old, new] = [&it.settings, settings].map(|of| of.parts("").concat());
            let same = |row: &str| {
                old.iter().any(|unit| unit.key.row == row && unit.key.seed == settings.first_seed && new.contains(unit))
            };
            Arc::new(it.predictions.iter().filter(|it| same(&it.row)).cloned().collect())
        });
        self.evaluation.set(Some(Evaluated {
            settings: settings.clone(),
            dataset,
            seen,
            standing: Standing::Running,
            table: Evaluation::default(),
            predictions,
        }));
    }

    /// A unit of an evaluation has ended. What a step of its training took is known now.
    pub(super) fn unit_found(&self, finding: Finding) {
        if let (Some(recipe), Some(training)) = (&finding.unit.recipe, &finding.training)
            && finding.unit.key.row == recipe.model.card().key
            && training.seconds > 0.0
        {
            self.budgets.learn(Pace::of(recipe, training.seconds));
        }
        self.units.take(finding);
    }

    /// An evaluation goes on.
    pub fn evaluation_goes_on(&self, stage: &str, done: f32) {
        self.evaluating.set(Some(WorkStage { name: stage.into(), done }));
    }

    /// The evaluation is over; `well` unless it failed.
    pub fn end_evaluation(&self, well: bool) {
        if self.evaluating.with_untracked(Option::is_none) {
            return;
        }
        let (standing, words) = match (well, self.cancelling.get_untracked()) {
            (false, _) => return self.interrupt_evaluation(),
            (true, true) => (Standing::Stopped, "The evaluation was stopped; what is done stays."),
            (true, false) => (Standing::Complete, "The evaluation is done."),
        };
        self.stand(standing);
        self.status.set(words.into());
        let ended = self.evaluation.get_untracked();
        if let Some(Evaluated { settings, table, .. }) = ended {
            self.keep_evaluation_run(&settings, &table, standing != Standing::Complete);
            self.verdict_evaluated(&table, standing == Standing::Complete);
        }
    }

    /// The running evaluation failed, its dataset goes, or its engine is gone.
    pub fn interrupt_evaluation(&self) {
        if self.evaluating.with_untracked(Option::is_some) {
            self.stand(Standing::Interrupted);
            self.verdict_evaluated(&Evaluation::default(), false);
        }
    }

    pub(super) fn evaluated(&self, table: Evaluation, predictions: Vec<Predictions>) {
        self.evaluation.update(|evaluation| {
            if let Some(evaluation) = evaluation {
                evaluation.table = table;
            }
        });
        self.predicted(predictions);
    }

    /// Predicted cells are there. Units that were known before, or are computed elsewhere, bring none with them: theirs stay.
    pub fn predicted(&self, predictions: Vec<Predictions>) {
        let Some(evaluation) = self.evaluation.get_untracked().filter(|_| !predictions.is_empty()) else { return };
        let other = |old: &&Predictions| predictions.iter().all(|it| it.row != old.row || it.time != old.time);
        let mut all: Vec<Predictions> = evaluation.predictions.iter().filter(other).cloned().collect();
        all.extend(predictions);
        if all != *evaluation.predictions {
            let all = Arc::new(all);
            self.evaluation.update(|it| it.iter_mut().for_each(|it| it.predictions = Arc::clone(&all)));
        }
    }

    fn stand(&self, standing: Standing) {
        self.evaluating.set(None);
        self.units.at_work.set(Vec::new());
        self.evaluation.update(|evaluation| {
            if let Some(evaluation) = evaluation {
                evaluation.standing = standing;
            }
        });
    }
}

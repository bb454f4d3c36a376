//! The units of evaluations: what each found, and which are being computed.

use super::{Evaluated, Standing, State};
use crate::prelude::*;
use scimf::protocol::{Budget, Evaluation, EvaluationSettings, Finding, ModelKind, Recipe, Unit, UnitKey};
use serde::{Deserialize, Serialize};

/// Units of the open dataset's evaluations; cheap to copy.
#[derive(Clone, Copy, Default)]
pub struct Units {
    /// What was found, of all evaluations of the dataset.
    pub found: RwSignal<Vec<Finding>>,
    /// Those that are being computed: by which engine (0 is the page's own), and the share that is done.
    pub at_work: RwSignal<Vec<(u32, UnitKey, f32)>>,
    /// Engines that help the page's own.
    pub helpers: RwSignal<usize>,
    /// What budgets came to in evaluations.
    pub plans: RwSignal<Vec<Planned>>,
}

/// What a budget came to for a model. How fast a machine is shows a little differently each time: a plan that trainings followed is followed again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Planned {
    budget: Budget,
    /// The model's settings in Train.
    own: Recipe,
    /// The training.
    plan: Recipe,
}

/// How a unit stands.
#[derive(Clone, Debug, PartialEq)]
pub enum UnitStanding {
    /// It has not begun.
    Waiting,
    /// It is being computed; the share that is done, from 0 to 1.
    AtWork(f32),
    /// It is done.
    Done,
    /// It failed; why.
    Failed(String),
}

/// An evaluation as a session file keeps it; its units are kept beside it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptEvaluation {
    settings: EvaluationSettings,
    #[serde(default)]
    seen: Vec<usize>,
    complete: bool,
    table: Evaluation,
}

impl Units {
    /// Takes in what a unit found.
    pub(super) fn take(&self, finding: Finding) {
        self.at_work.update(|all| all.retain(|(_, key, _)| *key != finding.unit.key));
        self.found.update(|all| {
            all.retain(|other| other.unit != finding.unit);
            all.push(finding);
        });
    }

    /// A unit goes on in an engine.
    pub fn goes_on(&self, engine: u32, unit: UnitKey, done: f32) {
        self.at_work.update(|all| {
            all.retain(|(other, ..)| *other != engine);
            all.push((engine, unit, done));
        });
    }

    /// An engine computes no unit any more.
    pub fn rests(&self, engine: u32) {
        self.at_work.update(|all| all.retain(|(other, ..)| *other != engine));
    }

    /// An evaluation begins: what failed is tried again, and what was found of weights in use counts no more, since they can be others now.
    pub(super) fn begin(&self) {
        self.at_work.set(Vec::new());
        self.found.update(|all| all.retain(|it| it.failure.is_none() && !it.unit.is_of_weights_in_use()));
    }

    /// Another dataset is open.
    pub(super) fn forget(&self) {
        self.plans.set(Vec::new());
        self.found.set(Vec::new());
        self.at_work.set(Vec::new());
    }
}

/// The settings that a plan depends on.
fn own(recipe: &Recipe) -> Recipe {
    Recipe { settings: recipe.settings.clone(), ..Recipe::new(recipe.model) }
}

impl State {
    /// The training of a model in the next evaluation, as the budget has it.
    pub fn planned_for_evaluation(&self, model: ModelKind) -> Recipe {
        let (budget, own) = (self.budgets.chosen.get(), self.models.of(model).recipe.with(own));
        let followed = |it: &&Planned| it.budget == budget && it.own == own;
        self.units
            .plans
            .with(|all| all.iter().find(followed).map(|it| it.plan.clone()))
            .unwrap_or_else(|| self.planned(model))
    }

    /// An evaluation follows the plans of the chosen budget for these models.
    pub fn follow_plans(&self, models: impl Iterator<Item = ModelKind>) {
        for model in models {
            let plan = untrack(|| self.planned_for_evaluation(model));
            let own = self.models.of(model).recipe.with_untracked(own);
            let followed = Planned { budget: self.budgets.chosen.get_untracked(), own, plan };
            self.units.plans.update(|all| {
                if !all.contains(&followed) {
                    all.push(followed);
                }
            });
        }
    }

    /// The parts of an evaluation of the open dataset, in their order.
    pub fn parts_of(&self, settings: &EvaluationSettings) -> Vec<Vec<Unit>> {
        self.dataset.with(|it| it.as_ref().map_or_else(Vec::new, |it| settings.parts(&it.summary.fingerprint)))
    }

    /// The settings with what was found that belongs to them.
    pub fn knowing(&self, settings: EvaluationSettings) -> EvaluationSettings {
        let fingerprint =
            self.dataset.with(|it| it.as_ref().map_or_else(String::new, |it| it.summary.fingerprint.clone()));
        let basis = settings.basis(&fingerprint);
        let belongs = |finding: &&Finding| finding.unit.basis == basis;
        let known = self.units.found.with(|all| all.iter().filter(belongs).cloned().collect());
        EvaluationSettings { known, ..settings }
    }

    /// The units of an evaluation that are not done, or failed.
    pub fn missing(&self, settings: &EvaluationSettings) -> Vec<Unit> {
        let is_missing = |unit: &Unit| self.standing_of(unit) != UnitStanding::Done;
        self.parts_of(settings).into_iter().flatten().filter(is_missing).collect()
    }

    /// How a unit stands.
    pub fn standing_of(&self, unit: &Unit) -> UnitStanding {
        let at_work = self
            .units
            .at_work
            .with(|all| all.iter().filter(|(_, key, _)| *key == unit.key).map(|(.., done)| *done).reduce(f32::max));
        if let Some(done) = at_work {
            return UnitStanding::AtWork(done);
        }
        self.units.found.with(|all| match all.iter().find(|finding| finding.unit == *unit) {
            None => UnitStanding::Waiting,
            Some(Finding { failure: Some(why), .. }) => UnitStanding::Failed(why.clone()),
            Some(_) => UnitStanding::Done,
        })
    }

    /// The shown evaluation as a session file keeps it; one that runs stands still there.
    pub fn kept_evaluation(&self) -> Option<KeptEvaluation> {
        self.evaluation.with(|it| {
            let Evaluated { settings, seen, standing, table, .. } = it.as_ref()?;
            let (settings, seen, table) = (settings.clone(), seen.clone(), table.clone());
            (!table.held_out.is_empty()).then(|| KeptEvaluation {
                settings,
                seen,
                complete: *standing == Standing::Complete,
                table,
            })
        })
    }

    /// Shows an evaluation that a session file kept; false where it does not fit the dataset. Predicted cells are not kept.
    pub fn show_kept_evaluation(&self, kept: Option<KeptEvaluation>) -> bool {
        let (Some(kept), Some(dataset)) = (kept, self.dataset.get_untracked()) else { return true };
        let times = dataset.summary.time_points.len();
        if kept.table.held_out.iter().any(|point| point.time >= times) {
            return false;
        }
        let KeptEvaluation { settings, seen, complete, table } = kept;
        let standing = if complete { Standing::Complete } else { Standing::Interrupted };
        self.evaluation.set(Some(Evaluated {
            settings,
            dataset,
            seen,
            standing,
            table,
            predictions: Default::default(),
        }));
        true
    }
}

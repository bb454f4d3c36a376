//! How long somebody wants to wait, and what that means on this machine.

use super::State;
use crate::{signals::RwSignal, words};
use scimf::protocol::{Budget, ModelKind, Pace, Recipe, Update};

/// The chosen budget and the paces that are known; cheap to copy.
#[derive(Clone, Copy, Default)]
pub struct Budgets {
    /// The budget of the next training.
    pub chosen: RwSignal<Budget>,
    /// What a step takes, of each model that was measured.
    paces: RwSignal<Vec<Pace>>,
}

impl Budgets {
    /// The pace of a model; none before it was measured.
    pub fn pace(&self, model: ModelKind) -> Option<Pace> {
        self.paces.with(|all| all.iter().find(|pace| pace.model == model).copied())
    }

    /// Takes in a pace.
    pub fn learn(&self, pace: Pace) {
        self.paces.update(|all| {
            all.retain(|other| other.model != pace.model);
            all.push(pace);
        });
    }

    /// Another dataset is open: its updates take another time.
    pub(super) fn forget(&self) {
        self.paces.set(Vec::new());
    }
}

impl State {
    /// The next training of a model, as the budget has it.
    pub fn planned(&self, model: ModelKind) -> Recipe {
        let pace = self.budgets.pace(model);
        self.models.of(model).recipe.with(|own| self.budgets.chosen.get().plan(own, pace))
    }

    /// A training of a model that takes so many seconds, as a verdict or a search has several.
    pub(super) fn planned_within(&self, seconds: f64, model: ModelKind) -> Recipe {
        let pace = self.budgets.pace(model);
        self.models.of(model).recipe.with(|own| Budget::within(seconds, own, pace))
    }

    /// Seconds that a training takes; none while nothing was measured.
    pub fn seconds_of(&self, recipe: &Recipe) -> Option<f64> {
        Some(self.budgets.pace(recipe.model)?.training(recipe))
    }

    /// What a training is, and how long it takes: `400 updates of 128 cells, about 2 min`.
    pub fn plan_words(&self, recipe: &Recipe) -> String {
        let what = recipe_words(recipe, recipe.steps());
        match self.seconds_of(recipe) {
            Some(seconds) => format!("{what}, about {}", words::duration(seconds)),
            None => format!("{what}; how long that takes shows once it has begun"),
        }
    }

    /// Learns from a step of a running training how long one takes.
    pub(super) fn learn_pace(&self, update: &Update) {
        // The first one also prepares what the others find ready.
        if update.update < 2 || update.seconds.is_nan() || update.seconds <= 0.0 {
            return;
        }
        if let Some(recipe) = self.models.recipe.get_untracked() {
            self.budgets.learn(Pace::of(&recipe, update.seconds));
        }
    }
}

/// So many steps of a training in words: `200 updates of 64 cells`.
pub(super) fn recipe_words(recipe: &Recipe, steps: u32) -> String {
    let length = words::counted(steps as usize, recipe.model.card().step);
    match recipe.value("cells") {
        Some(_) => format!("{length} of {}", words::counted(recipe.whole("cells"), "cell")),
        None => length,
    }
}

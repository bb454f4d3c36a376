//! The two models: which one is shown, and what is known of each.

use super::State;
use leptos::prelude::{Update as _, *};
use scimf::protocol::{
    CellMnnSettings, ModelKind, ModelSummary, Recipe, SetBack, StopRule, TrainingEnd, TrainingState, Update,
};

use crate::{signals::RwSignal, words};

/// What is known of one model; cheap to copy.
#[derive(Clone, Copy, Default)]
pub struct Model {
    /// Its weights in use.
    pub summary: RwSignal<Option<ModelSummary>>,
    /// Counts the changes of its weights; an answer of the engine is as old as the count at which it was asked for.
    pub weights: RwSignal<u32>,
    /// Updates of its running or last training; epochs for Cell-MNN.
    pub updates: RwSignal<Vec<Update>>,
    /// Training times of that training, the columns of the transport loss.
    pub training_times: RwSignal<Vec<usize>>,
    /// That training was set back.
    pub set_back: RwSignal<Option<SetBack>>,
}

impl Model {
    fn forget_weights(self) {
        self.summary.set(None);
        self.weights.update(|n| *n += 1);
    }

    fn forget_training(self) {
        self.updates.set(Vec::new());
        self.training_times.set(Vec::new());
        self.set_back.set(None);
    }
}

/// Both models; cheap to copy.
#[derive(Clone, Copy, Default)]
pub struct Models {
    /// The one that every view follows.
    pub chosen: RwSignal<ModelKind>,
    /// What the running or last training does.
    pub recipe: RwSignal<Option<Recipe>>,
    /// The settings of Cell-MNN's next training; those of scIMF's are [`State::settings`].
    pub cell_mnn_settings: RwSignal<CellMnnSettings>,
    /// scIMF.
    pub scimf: Model,
    /// Cell-MNN.
    pub cell_mnn: Model,
}

impl Models {
    /// What is known of a model.
    pub fn of(&self, kind: ModelKind) -> Model {
        match kind {
            ModelKind::ScImf => self.scimf,
            ModelKind::CellMnn => self.cell_mnn,
        }
    }

    /// Which model the running or last training is about.
    pub fn trained(&self) -> ModelKind {
        self.recipe.with(|recipe| recipe.as_ref().map_or(ModelKind::ScImf, Recipe::kind))
    }

    /// Forgets all weights.
    pub(super) fn forget_weights(&self) {
        self.scimf.forget_weights();
        self.cell_mnn.forget_weights();
    }

    /// Another dataset is open.
    pub(super) fn begin(&self, dimensions: usize, held_out: &[usize]) {
        self.scimf.forget_training();
        self.cell_mnn.forget_training();
        self.recipe.set(None);
        self.cell_mnn_settings.update(|settings| {
            settings.held_out = held_out.to_vec();
            settings.config.dimensions = settings.config.dimensions.min(dimensions).max(1);
        });
    }
}

impl State {
    /// The model that every view follows.
    pub fn shown(&self) -> Model {
        self.models.of(self.models.chosen.get())
    }

    /// Cell-MNN is the model that is shown.
    pub fn shows_operators(&self) -> bool {
        self.models.chosen.get() == ModelKind::CellMnn
    }

    /// Shows another model: what the former one said goes with it.
    pub fn choose_model(&self, kind: ModelKind) {
        if self.models.chosen.get_untracked() == kind {
            return;
        }
        self.models.chosen.set(kind);
        self.playing.set(false);
        self.playhead.set(None);
        self.velocity.set(None);
        self.simulation.set(None);
        self.operators.beside.set(None);
        self.experiments.played.set(super::Played::Simulation);
        self.status.set(format!("{} is shown.", kind.name()));
    }

    /// After files were opened: shows the model that has weights, if only one has. A study that waits for its mapping changes nothing yet.
    pub fn show_what_is_there(&self) {
        if self.proposal.with_untracked(Option::is_some) {
            return;
        }
        let there = |kind| self.models.of(kind).summary.with_untracked(Option::is_some);
        let chosen = self.models.chosen.get_untracked();
        let other = [ModelKind::ScImf, ModelKind::CellMnn].into_iter().find(|kind| *kind != chosen && there(*kind));
        if let Some(other) = other.filter(|_| !there(chosen)) {
            self.choose_model(other);
        }
    }

    /// There are weights of this model to ask questions about: in use, or of a training that has begun.
    pub fn has_weights_of(&self, kind: ModelKind) -> bool {
        let model = self.models.of(kind);
        let learns =
            || self.in_training() && self.models.trained() == kind && model.updates.with(|all| !all.is_empty());
        model.summary.with(Option::is_some) || learns()
    }

    /// There are weights of the model that is shown.
    pub fn has_weights(&self) -> bool {
        self.has_weights_of(self.models.chosen.get())
    }

    /// Attention is shown: scIMF is, and has weights.
    pub fn attends(&self) -> bool {
        !self.shows_operators() && self.has_weights()
    }

    pub(super) fn weights_changed(&self, summary: ModelSummary) {
        let kind = summary.shape.kind();
        if self.training.with_untracked(|t| !matches!(t, Some(TrainingState::Ended(_)))) {
            let source = words::source(&summary.source);
            self.status.set(format!("The weights of {} from {source} are in use.", kind.name()));
        }
        self.evaluation_choice.update(|choice| {
            if choice.held_out.is_empty() {
                choice.held_out.clone_from(&summary.held_out);
            }
        });
        let model = self.models.of(kind);
        model.summary.set(Some(summary));
        model.weights.update(|n| *n += 1);
    }

    pub(super) fn updated(&self, update: Update) {
        let kind = self.models.trained();
        if update.update == 1 || update.update.is_multiple_of((update.of / 10).max(1)) {
            self.status.set(format!(
                "Training: {} {} of {}, loss {}.",
                words::step(kind),
                words::count(update.update as usize),
                words::count(update.of as usize),
                words::number(update.loss.total)
            ));
        }
        let model = self.models.of(kind);
        model.updates.update(|all| all.push(update));
        model.weights.update(|n| *n += 1);
    }

    pub(super) fn set_back(&self, set_back: SetBack) {
        let kind = self.models.trained();
        self.status.set(set_back.sentence(kind));
        self.models.of(kind).set_back.set(Some(set_back));
    }

    pub(super) fn train(&self, state: TrainingState) {
        match &state {
            TrainingState::Running { recipe, training_times } => {
                let resumed = self.training.with_untracked(|t| matches!(t, Some(TrainingState::Paused)));
                if !resumed {
                    let model = self.models.of(recipe.kind());
                    model.updates.set(Vec::new());
                    model.training_times.set(training_times.clone());
                    model.set_back.set(None);
                }
                self.models.recipe.set(Some(recipe.clone()));
                self.status.set(if resumed { "Training goes on." } else { "Training has started." }.into());
            }
            TrainingState::Paused => self.status.set("Training is paused.".into()),
            TrainingState::Ended(end) => {
                self.status.set(self.models.recipe.with_untracked(|recipe| ended(recipe.as_ref(), end)));
            }
        }
        self.training.set(Some(state));
    }
}

fn ended(recipe: Option<&Recipe>, end: &TrainingEnd) -> String {
    let how = if end.stopped { "Training was stopped" } else { "Training is over" };
    let step = words::step(recipe.map_or(ModelKind::ScImf, Recipe::kind));
    let chosen = words::number(end.best_transport);
    let why = match recipe {
        Some(Recipe::CellMnn(settings)) => match settings.stop {
            StopRule::Validation => format!("validation loss {chosen}, the lowest"),
            StopRule::HeldOut => format!("W1 at the held-out time points {chosen}, the lowest: chosen on the test set"),
            StopRule::Never => format!("the last, loss {chosen}"),
        },
        _ => format!("transport loss {chosen}, the lowest"),
    };
    format!(
        "{how} after {}. The weights of {step} {} are in use: {why}.",
        words::counted(end.updates as usize, step),
        words::count(end.best_update as usize),
    )
}

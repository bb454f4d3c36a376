//! The models: which one is shown, and what is known of each.

use super::State;
use scimf::protocol::cards::Capabilities;
use scimf::protocol::{
    Backend, DeviceInfo, ModelKind, ModelSummary, Recipe, Rollback, TrainingEnd, TrainingState, Update,
};

use crate::{signals::RwSignal, words};

/// What is known of one model; cheap to copy.
#[derive(Clone, Copy)]
pub struct Model {
    /// Its weights in use.
    pub summary: RwSignal<Option<ModelSummary>>,
    /// Counts the changes of its weights; an answer of the engine is as old as the count at which it was asked for.
    pub weights: RwSignal<u32>,
    /// Updates, or epochs, of its running or last training.
    pub updates: RwSignal<Vec<Update>>,
    /// Training times of that training.
    pub training_times: RwSignal<Vec<usize>>,
    /// That training was rolled back.
    pub rollback: RwSignal<Option<Rollback>>,
    /// Its next training.
    pub recipe: RwSignal<Recipe>,
}

impl Model {
    fn new(kind: ModelKind) -> Self {
        Self {
            summary: RwSignal::default(),
            weights: RwSignal::default(),
            updates: RwSignal::default(),
            training_times: RwSignal::default(),
            rollback: RwSignal::default(),
            recipe: RwSignal::new(Recipe::new(kind)),
        }
    }

    /// Dimensions in which it works: those of its weights, else those of its next training; none for the whole model space.
    pub fn dimensions(&self) -> Option<usize> {
        let known = self.summary.with(|it| it.as_ref().map(|it| it.dimensions));
        known.or_else(|| self.components())
    }

    /// Components of its next training; none for the whole model space.
    pub fn components(&self) -> Option<usize> {
        self.recipe.with(|it| it.model.card().field(COMPONENTS).map(|_| it.whole(COMPONENTS)))
    }

    fn forget_weights(self) {
        self.summary.set(None);
        self.weights.update(|n| *n += 1);
    }

    fn forget_training(self) {
        self.updates.set(Vec::new());
        self.training_times.set(Vec::new());
        self.rollback.set(None);
    }
}

/// Key of the setting of models that work in the first components of the model space.
const COMPONENTS: &str = "components";

/// All models; cheap to copy.
#[derive(Clone, Copy)]
pub struct Models {
    /// The one that every view follows.
    pub chosen: RwSignal<ModelKind>,
    /// What the running or last training does.
    pub recipe: RwSignal<Option<Recipe>>,
    each: [Model; ModelKind::ALL.len()],
}

impl Default for Models {
    fn default() -> Self {
        Self { chosen: RwSignal::default(), recipe: RwSignal::default(), each: ModelKind::ALL.map(Model::new) }
    }
}

impl Models {
    /// What is known of a model.
    pub fn of(&self, kind: ModelKind) -> Model {
        let at = ModelKind::ALL.iter().position(|other| *other == kind);
        self.each[at.unwrap_or(0)]
    }

    /// All of them, in the order in which they are offered.
    pub fn all(&self) -> impl Iterator<Item = (ModelKind, Model)> + use<> {
        ModelKind::ALL.into_iter().zip(self.each)
    }

    /// The model that answers questions about an ability: the shown one if it has it, else the first that has.
    pub fn able(&self, ability: fn(&Capabilities) -> bool) -> Option<ModelKind> {
        let chosen = self.chosen.get();
        std::iter::once(chosen).chain(ModelKind::ALL).find(|kind| ability(&kind.card().can))
    }

    /// The count of the weights of the model that answers questions about an ability.
    pub fn weights_of_able(&self, ability: fn(&Capabilities) -> bool) -> u32 {
        self.able(ability).map_or(0, |kind| self.of(kind).weights.get())
    }

    /// Which model the running or last training is about.
    pub fn trained(&self) -> ModelKind {
        self.recipe.with(|recipe| recipe.as_ref().map_or_else(ModelKind::default, |recipe| recipe.model))
    }

    /// What the models said of types is old.
    pub(super) fn date_anew(&self) {
        self.each.into_iter().for_each(|model| model.weights.update(|n| *n += 1));
    }

    /// Forgets all weights.
    pub(super) fn forget_weights(&self) {
        self.each.into_iter().for_each(Model::forget_weights);
    }

    /// Another dataset is open.
    pub(super) fn begin(&self, dimensions: usize, held_out: &[usize]) {
        self.recipe.set(None);
        for model in self.each {
            model.forget_training();
            model.recipe.update(|recipe| {
                recipe.held_out = held_out.to_vec();
                if recipe.model.card().field(COMPONENTS).is_some() {
                    let components = recipe.whole(COMPONENTS).min(dimensions).max(1);
                    recipe.settings.insert(COMPONENTS.into(), components.into());
                }
            });
        }
    }
}

impl State {
    /// The shown model moves cells in a learned space, and shows them through its decoder.
    pub fn in_learned_space(&self) -> bool {
        self.shown().summary.with(|it| it.as_ref().is_some_and(|it| it.learned_space))
    }

    /// The model that every view follows.
    pub fn shown(&self) -> Model {
        self.models.of(self.models.chosen.get())
    }

    /// What the shown model can do.
    pub fn can(&self) -> &'static Capabilities {
        &self.models.chosen.get().card().can
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
        self.simulate.beside.set(Vec::new());
        self.landscape.forget();
        self.drop_foreign_color();
        self.attention.strengths.forget();
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
        let other = ModelKind::ALL.into_iter().find(|kind| *kind != chosen && there(*kind));
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

    /// The shown model has attention and weights.
    pub fn attends(&self) -> bool {
        self.can().attention && self.has_weights()
    }

    /// A model with an ability has weights.
    pub fn has_weights_able(&self, ability: fn(&Capabilities) -> bool) -> bool {
        self.models.able(ability).is_some_and(|kind| self.has_weights_of(kind))
    }

    pub(super) fn weights_changed(&self, summary: ModelSummary) {
        let kind = summary.model;
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
                kind.card().step,
                words::count(update.update as usize),
                words::count(update.of as usize),
                words::number(update.loss.total)
            ));
        }
        self.learn_pace(&update);
        let model = self.models.of(kind);
        model.updates.update(|all| all.push(update));
        model.weights.update(|n| *n += 1);
    }

    pub(super) fn roll_back(&self, rollback: Rollback) {
        let kind = self.models.trained();
        self.status.set(rollback.sentence(kind));
        self.models.of(kind).rollback.set(Some(rollback));
    }

    pub(super) fn train(&self, state: TrainingState) {
        match &state {
            TrainingState::Running { recipe, training_times } => {
                let resumed = self.training.with_untracked(|t| matches!(t, Some(TrainingState::Paused)));
                if !resumed {
                    let model = self.models.of(recipe.model);
                    model.updates.set(Vec::new());
                    model.training_times.set(training_times.clone());
                    model.rollback.set(None);
                    self.training_on.set(None);
                }
                self.models.recipe.set(Some(recipe.clone()));
                self.status.set(if resumed { "Training goes on." } else { "Training has started." }.into());
            }
            TrainingState::Paused => self.status.set("Training is paused.".into()),
            TrainingState::Ended(end) => {
                self.training_on.set(None);
                self.status.set(self.models.recipe.with_untracked(|recipe| ended(recipe.as_ref(), end)));
                let recipe = self.models.recipe.get_untracked();
                self.keep_training_run(recipe.as_ref(), end);
                self.verdict_trained(&state);
            }
        }
        self.training.set(Some(state));
    }

    /// A device computes the training from the step after this one on.
    pub(super) fn trains_on(&self, device: DeviceInfo, after: u32) {
        let step = self.models.trained().card().step;
        match (device.backend, after) {
            (Backend::Gpu, 0) => self.status.set("The GPU is ready. Training goes on there.".into()),
            (Backend::Gpu, _) => {
                let after = words::count(after as usize);
                self.status.set(format!("The GPU is ready. Training goes on there after {step} {after}."));
            }
            // Where it begins is shown, but no news.
            (Backend::Cpu, _) if self.training_on.with_untracked(Option::is_none) => {}
            (Backend::Cpu, _) => {
                let why = device.reason.as_deref().unwrap_or("the GPU is not ready");
                self.status.set(format!("Training stays on the CPU: {why}"));
            }
        }
        self.training_on.set(Some(device).filter(|device| device.backend == Backend::Cpu));
    }
}

fn ended(recipe: Option<&Recipe>, end: &TrainingEnd) -> String {
    let how = if end.stopped { "Training was stopped" } else { "Training is over" };
    let kind = recipe.map_or_else(ModelKind::default, |recipe| recipe.model);
    let step = kind.card().step;
    let chosen = words::number(end.best_loss);
    let why = match recipe.map(|recipe| recipe.choice("stop")).unwrap_or_default().as_str() {
        "validation" => format!("validation loss {chosen}, the lowest"),
        "held-out" => format!("W1 at the held-out time points {chosen}, the lowest: chosen on the test set"),
        "never" | "last" => format!("the last, loss {chosen}"),
        _ => {
            let term = kind.card().terms.first().map_or("loss", |term| term.name);
            format!("{term} {chosen}, the lowest")
        }
    };
    format!(
        "{how} after {}. The weights of {step} {} are in use: {why}.",
        words::counted(end.updates as usize, step),
        words::count(end.best_update as usize),
    )
}

//! Who acts on whom, as far as the open dataset tells.

use super::{State, WorkStage};
use crate::{signals::RwSignal, words};
use scimf::figure::evidence::{Beyond, Determined, Number, Planted};
use scimf::protocol::{Budget, Evidence, EvidenceQuery, ModelKind, Recipe};
use std::sync::Arc;

/// Evidence, what was asked for it, and how far it is; cheap to copy.
#[derive(Clone, Copy, Default)]
pub struct EvidenceState {
    /// What is fitted in the next search, and how often.
    pub choice: RwSignal<Fitting>,
    /// How far the search is that the user asked for.
    pub running: RwSignal<Option<WorkStage>>,
    /// What the data determine is being looked for unasked; it gives way to everything else.
    pub glancing: RwSignal<bool>,
    /// The engine could not look unasked; it is not asked again for this dataset.
    pub refused: RwSignal<bool>,
    /// What was planted is shown in chord and matrix.
    pub shows_planted: RwSignal<bool>,
    /// What was found last.
    pub found: RwSignal<Option<Arc<Evidence>>>,
}

/// What is fitted, and how often.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fitting {
    /// The model whose effects are told; none for the linear drift.
    pub model: Option<ModelKind>,
    /// Trainings with a seed each, or fits to resampled cells; 0 leaves effects out.
    pub seeds: u32,
    /// The same on twins of the data.
    pub twins: u32,
}

impl Default for Fitting {
    fn default() -> Self {
        Self { model: Some(ModelKind::answering()), seeds: 3, twins: 3 }
    }
}

impl EvidenceState {
    /// Another dataset is open.
    pub(super) fn forget(&self) {
        self.choice.set(Fitting::default());
        self.refused.set(false);
        self.shows_planted.set(false);
        self.found.set(None);
    }

    /// Which links the data determine, as far as that is known.
    pub fn determined(&self) -> Option<Determined> {
        self.found.with(|found| found.as_ref().map(|found| Determined::of(found)))
    }

    /// What of each effect lies beyond its twin's, where this number is an effect.
    pub fn beyond(&self, number: Number) -> Option<Beyond> {
        self.found.with(|found| found.as_ref().and_then(|found| Beyond::of(found, number)))
    }
}

/// Seconds that all trainings of a search take together, where nothing else is chosen.
const SECONDS: f64 = 300.0;

impl Fitting {
    /// Trainings in all: the twins are simulated by one more.
    pub fn trainings(self) -> u32 {
        self.seeds + self.twins + u32::from(self.twins > 0)
    }
}

impl State {
    /// One training of a search for effects: as the user set it up, or its share of five minutes.
    pub fn effects_recipe(&self, model: ModelKind, trainings: u32) -> Recipe {
        let each = SECONDS / f64::from(trainings.max(1));
        let planned = match self.budgets.chosen.get() {
            Budget::Custom => self.planned(model),
            _ => self.planned_within(each, model),
        };
        Recipe { held_out: Vec::new(), from_current: false, ..planned }
    }

    /// What is asked for the effects of a model.
    pub fn effects_query(&self, model: ModelKind) -> EvidenceQuery {
        self.evidence_query(Fitting { model: Some(model), ..self.evidence.choice.get() })
    }

    /// What is asked with these fits.
    pub fn evidence_query(&self, fitting: Fitting) -> EvidenceQuery {
        let Fitting { model, seeds, twins } = fitting;
        let train = model.filter(|_| seeds + twins > 0).map(|model| self.effects_recipe(model, fitting.trainings()));
        EvidenceQuery { seeds, twins, train, known: None }
    }

    /// What the fits of a search are, and how long they take.
    pub fn fits_words(&self, fitting: Fitting) -> String {
        let Some(model) = fitting.model.filter(|_| fitting.trainings() > 0) else {
            return "Computed in seconds, in the background.".into();
        };
        let recipe = self.effects_recipe(model, fitting.trainings());
        let seconds = self.seconds_of(&recipe).map(|each| each * f64::from(fitting.trainings()));
        let time = seconds.map_or_else(|| "minutes".into(), |seconds| format!("about {}", words::duration(seconds)));
        let trainings = words::counted(fitting.trainings() as usize, "training");
        let step = words::counted(recipe.steps() as usize, model.card().step);
        format!(
            "{trainings} of {} with {step} each, {time}, in the background; it can be stopped and goes on later.",
            model.name()
        )
    }

    /// The search for effects that was stopped; none if all that was asked for is done.
    pub fn unfinished_evidence(&self) -> Option<EvidenceQuery> {
        let found = self.evidence.found.get()?;
        let fits = found.fits.clone().filter(|fits| fits.is_unfinished())?;
        let [seeds, twins] = fits.asked;
        Some(EvidenceQuery { seeds, twins, train: Some(fits.recipe.clone()), known: Some(fits) })
    }

    /// What was planted in the open dataset; none unless it is simulated.
    pub fn planted(&self) -> Option<Planted> {
        self.dataset.with(|dataset| dataset.as_ref().and_then(|it| Planted::of(&it.summary)))
    }

    /// What was planted, where it is to be shown.
    pub fn planted_shown(&self) -> Option<Planted> {
        if self.evidence.shows_planted.get() { self.planted() } else { None }
    }

    /// A search for evidence begins, asked for or not.
    pub fn begin_evidence(&self, unasked: bool) {
        if unasked {
            return self.evidence.glancing.set(true);
        }
        self.cancelling.set(false);
        self.status.set("The search for evidence has started.".into());
        self.evidence.running.set(Some(WorkStage { name: "starting".into(), done: 0.0 }));
    }

    /// A search goes on.
    pub fn evidence_goes_on(&self, stage: &str, done: f32) {
        if self.evidence.running.with_untracked(Option::is_some) {
            self.evidence.running.set(Some(WorkStage { name: stage.into(), done }));
        }
    }

    /// A search is over; `well` unless it failed or the engine is gone.
    pub fn end_evidence(&self, unasked: bool, well: bool) {
        if unasked {
            self.evidence.glancing.set(false);
            return self.evidence.refused.update(|refused| *refused |= !well);
        }
        if self.evidence.running.with_untracked(Option::is_none) {
            return;
        }
        self.evidence.running.set(None);
        match (well, self.cancelling.get_untracked()) {
            (true, true) => self.status.set("The search for evidence was stopped.".into()),
            (true, false) => self.status.set("The evidence is there.".into()),
            (false, _) => {}
        }
    }
}

//! The models of a session: one of each kind at most.

use super::Session;
use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::models::operators::OperatorField;
use crate::models::{self, AnyModel, AnyWeights, Data};
use crate::protocol::{ModelKind, ModelSummary, Recipe};
use burn::tensor::Device;
use std::collections::BTreeMap;

/// A model in use, with what a front end is told about it.
#[derive(Clone)]
pub(super) struct Loaded {
    pub(super) model: AnyModel,
    pub(super) summary: ModelSummary,
}

impl Loaded {
    /// A model after so many steps of a training.
    pub(super) fn new(model: AnyModel, updates: u32, recipe: Recipe) -> Self {
        let summary = model.summary(updates, &recipe.held_out, "training");
        Self { summary: ModelSummary { recipe: Some(recipe), ..summary }, model }
    }
}

/// The models in use. They are written here and nowhere else: by [`Models::put`] and [`Models::clear`].
#[derive(Default)]
pub(super) struct Models(BTreeMap<ModelKind, Loaded>);

impl Models {
    /// Puts a model in the place of the one of its kind.
    pub(super) fn put(&mut self, loaded: Loaded) {
        self.0.insert(loaded.summary.model, loaded);
    }

    /// Forgets all models.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// The model of a kind.
    pub(super) fn get(&self, kind: ModelKind) -> Option<&Loaded> {
        self.0.get(&kind)
    }

    /// All models, in the order of their cards.
    pub(super) fn all(&self) -> impl Iterator<Item = &Loaded> {
        self.0.values()
    }
}

impl Session {
    /// The model that views show: that of the running training, else the one in use.
    ///
    /// # Errors
    /// There is none.
    pub(super) fn model(&self, kind: ModelKind) -> Result<AnyModel> {
        let learning = self.trainings.of(kind).map(|it| it.model());
        let missing = || {
            Error::request(format!("There is no model of {} yet", kind.name())).remedy("Train one, or load weights.")
        };
        learning.or_else(|| self.models.get(kind).map(|loaded| loaded.model.clone())).ok_or_else(missing)
    }

    /// The first model of those that can do something and are there.
    ///
    /// # Errors
    /// There is none.
    pub(super) fn able(&self, can: impl Fn(ModelKind) -> bool) -> Result<ModelKind> {
        let able: Vec<ModelKind> = ModelKind::ALL.into_iter().filter(|kind| can(*kind)).collect();
        let found = able.iter().copied().find(|kind| self.model(*kind).is_ok());
        let names = able.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(" or ");
        let missing =
            || Error::request(format!("There is no model of {names} yet")).remedy("Train one, or load weights.");
        found.ok_or_else(missing)
    }

    /// What is known of the model that views show.
    ///
    /// # Errors
    /// There is none.
    pub(super) fn summary(&self, kind: ModelKind) -> Result<ModelSummary> {
        let training = self.trainings.of(kind);
        match (training, self.models.get(kind)) {
            (None, Some(loaded)) => Ok(loaded.summary.clone()),
            (training, _) => {
                let held_out = training.map_or_else(Vec::new, |training| training.held_out());
                let updates = training.map_or(0, |training| training.updates());
                let recipe = training.map(|training| training.recipe());
                Ok(ModelSummary { recipe, ..self.model(kind)?.summary(updates, &held_out, "training") })
            }
        }
    }

    /// The operators that are shown, with what computes them.
    ///
    /// # Errors
    /// There are none.
    pub(super) fn operators(&self) -> Result<(OperatorField, &Device)> {
        let (_, model, device) = self.question(self.able(|kind| kind.card().can.operators)?, None)?;
        let field = model.operators().cloned();
        Ok((field.ok_or_else(|| Error::internal("a model with operators has none"))?, device))
    }

    /// What is needed to answer a question about a model, perhaps at a time point: the dataset, the model, and what computes it.
    ///
    /// # Errors
    /// No dataset is open, there is no such time point or no such model, or the engine is not started.
    pub(super) fn question(&self, model: ModelKind, time: Option<usize>) -> Result<(&Dataset, AnyModel, &Device)> {
        let dataset = self.dataset()?;
        if let Some(time) = time.filter(|&time| time >= dataset.time_points.len()) {
            return Err(Error::request(format!("There is no time point {time}")));
        }
        let device = match self.trainings.of(model) {
            Some(training) => training.device(),
            None => self.device()?,
        };
        Ok((dataset, self.model(model)?, device))
    }

    /// What a training on a device is computed from.
    pub(super) fn training_data<'a>(&'a self, device: &'a Device) -> Result<Data<'a>> {
        Ok(Data { dataset: self.dataset()?, companions: self.datasets.companions(), device })
    }

    /// A trained model that is on the device `from`, on the device of this session.
    ///
    /// # Errors
    /// A device failed.
    pub(super) async fn moved(
        &self,
        model: AnyModel,
        from: &Device,
        updates: u32,
        held_out: &[usize],
    ) -> Result<AnyModel> {
        let device = self.device()?;
        if device == from {
            return Ok(model);
        }
        let weights = model.weights(updates, held_out).await?;
        AnyModel::place(&weights, self.dataset()?, "training", device).map(|(model, _)| model)
    }

    /// Puts the weights of a file on the device, for a dataset.
    pub(super) fn place(&self, name: &str, bytes: &[u8], dataset: &Dataset, source: &str) -> Result<Loaded> {
        let weights = AnyWeights::read(name, bytes)?;
        let (model, summary) = AnyModel::place(&weights, dataset, source, self.device()?)?;
        let recipe = models::recipe(bytes).filter(|recipe| recipe.model == summary.model);
        Ok(Loaded { model, summary: ModelSummary { recipe, ..summary } })
    }

    /// The weights that views show, as a file that says how they were trained, if that is known.
    pub(super) async fn weights_file(&self, kind: ModelKind) -> Result<Vec<u8>> {
        let bytes = self.weights(kind).await?.write()?;
        let recipe = self.summary(kind)?.recipe;
        recipe.map_or(Ok(bytes.clone()), |recipe| models::with_recipe(&bytes, &recipe))
    }

    /// The weights that views show.
    async fn weights(&self, kind: ModelKind) -> Result<AnyWeights> {
        let training = self.trainings.of(kind);
        let (updates, held_out) = match (training, self.models.get(kind)) {
            (Some(training), _) => (training.updates(), training.held_out()),
            (None, Some(loaded)) => (loaded.summary.updates, loaded.summary.held_out.clone()),
            (None, None) => (0, Vec::new()),
        };
        self.model(kind)?.weights(updates, &held_out).await
    }
}

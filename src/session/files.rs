//! Files in and out of a session.

use super::{Emit, Model, Session, answer};
use crate::data::open::{self, Opened};
use crate::data::{Dataset, bundle, weights};
use crate::error::{Error, Result};
use crate::model::ScImf;
use crate::protocol::{Event, File, ModelSummary, RequestId};

impl Session {
    /// Opens a dataset, or proposes a mapping for a study.
    pub(super) fn open(&mut self, files: Vec<File>, id: RequestId, emit: Emit<'_>) -> Result<()> {
        self.refuse_while_preparing()?;
        match open::open(files)? {
            Opened::Dataset { dataset, weights, view } => {
                let model = weights.map(|weights| self.place(&weights, &dataset, "bundle")).transpose();
                let model = model.map_err(|error| error.at(dataset.name.as_str()))?;
                self.replace(dataset, model, view, id, emit);
            }
            Opened::Study(study) => {
                let (file, mapping) = (study.summary(), study.propose()?);
                self.waiting = Some(study);
                emit(answer(id, Event::MappingProposed { file, mapping }));
            }
        }
        Ok(())
    }

    /// Puts a dataset, perhaps with a model, in the place of the present one.
    pub(super) fn replace(
        &mut self,
        dataset: Dataset,
        model: Option<Model>,
        view: Option<String>,
        id: RequestId,
        emit: Emit<'_>,
    ) {
        self.end_training(true, emit);
        self.drop_questions(emit);
        self.waiting = None;
        let (summary, cells) = (dataset.summary(), dataset.cells());
        self.dataset = Some(dataset);
        self.model = model;
        emit(answer(id, Event::DatasetOpened { dataset: summary, cells, view }));
        if let Some(model) = &self.model {
            emit(answer(id, Event::WeightsChanged { model: model.summary.clone() }));
        }
    }

    /// Replaces the weights by a file's.
    pub(super) fn load_weights(&mut self, name: &str, bytes: &[u8]) -> Result<ModelSummary> {
        let weights = weights::read(name, bytes)?;
        let model = self.place(&weights, self.dataset()?, name).map_err(|error| error.at(name))?;
        let summary = model.summary.clone();
        self.model = Some(model);
        Ok(summary)
    }

    fn place(&self, weights: &weights::Weights, dataset: &Dataset, source: &str) -> Result<Model> {
        let (theirs, ours) = (weights.config.dimensions, dataset.states.cols);
        if theirs != ours {
            let what = format!("These weights work in {theirs} dimensions, but the dataset has {ours}");
            return Err(Error::input(what).remedy("Open the dataset that they were trained on."));
        }
        let scimf = ScImf::from_weights(weights, self.device()?)?;
        let summary = ModelSummary {
            config: weights.config,
            updates: weights.updates,
            held_out: weights.held_out.clone(),
            parameters: scimf.parameters(),
            source: source.into(),
        };
        Ok(Model { scimf, summary })
    }

    /// The weights that views show, as a file.
    pub(super) async fn save_weights(&self) -> Result<Event> {
        let bytes = self.weights_bytes().await?;
        let name = format!("{}-scimf.safetensors", self.dataset()?.name);
        Ok(Event::File { name, bytes: bytes.into() })
    }

    /// The dataset, its weights, if there are any, and what a page shows, as a bundle.
    pub(super) async fn save_bundle(&self, view: Option<&str>) -> Result<Event> {
        let dataset = self.dataset()?;
        let weights = match self.model() {
            Ok(_) => Some(self.weights_bytes().await?),
            Err(_) => None,
        };
        let bytes = bundle::write(dataset, weights.as_deref(), view)?;
        Ok(Event::File { name: format!("{}.zip", dataset.name), bytes: bytes.into() })
    }

    async fn weights_bytes(&self) -> Result<Vec<u8>> {
        let model = self.model()?;
        let (updates, held_out) = match (&self.training, &self.model) {
            (Some(training), _) => (training.updates(), training.held_out()),
            (None, Some(model)) => (model.summary.updates, model.summary.held_out.as_slice()),
            (None, None) => (0, [].as_slice()),
        };
        weights::write(&model.to_weights(updates, held_out).await?)
    }
}

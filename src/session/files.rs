//! Files in and out of a session.

use super::models::Loaded;
use super::{Emit, Session, answer};
use crate::data::open::{self, Opened};
use crate::data::study::Proposal;
use crate::data::{Dataset, bundle};
use crate::error::{Error, Result};
use crate::protocol::{Event, File, ModelKind, ModelSummary, RequestId};

impl Session {
    /// Opens a dataset, or proposes a mapping for a study.
    pub(super) async fn open(&mut self, files: Vec<File>, id: RequestId, emit: Emit<'_>) -> Result<()> {
        self.refuse_while_preparing()?;
        let mut tell = |stage: &str, done| emit(answer(id, Event::Progress { stage: stage.into(), done }));
        match open::open_watched(files, &mut tell)? {
            Opened::Dataset { dataset, weights, view } => {
                let place = |(entry, bytes): &(String, Vec<u8>)| self.place(entry, bytes, &dataset, "bundle");
                let models = weights.iter().map(place).collect::<Result<_>>();
                let models = models.map_err(|error| error.at(dataset.name.as_str()))?;
                self.replace(dataset, models, view, id, emit).await;
            }
            Opened::Study(study) => {
                let Proposal { mapping, questions } = study.ask()?;
                let questions = questions.iter().map(ToString::to_string).collect();
                let file = study.summary();
                self.datasets.wait(study);
                emit(answer(id, Event::MappingProposed { file, mapping, questions }));
            }
        }
        Ok(())
    }

    /// Adds a dataset that takes turns with the open one.
    pub(super) fn accompany(&mut self, file: File) -> Result<()> {
        self.dataset()?;
        let name = file.name.clone();
        match open::open(vec![file])? {
            Opened::Dataset { dataset, .. } => self.datasets.accompany(dataset),
            Opened::Study(_) => {
                let remedy = "Prepare it first (scimf prepare), or save it from the page as a bundle.";
                return Err(Error::input("Only a prepared dataset can accompany another").at(name).remedy(remedy));
            }
        }
        Ok(())
    }

    /// Puts a dataset, perhaps with models, in the place of the present one.
    pub(super) async fn replace(
        &mut self,
        dataset: Dataset,
        models: Vec<Loaded>,
        view: Option<String>,
        id: RequestId,
        emit: Emit<'_>,
    ) {
        self.end_training(true, emit).await;
        self.drop_questions(emit);
        self.drop_simulations(emit);
        let (summary, cells) = (dataset.summary(), dataset.cells());
        self.datasets.replace(dataset);
        self.models.clear();
        self.handover.begin_anew();
        emit(answer(id, Event::DatasetOpened { dataset: summary, cells, view }));
        for model in models {
            emit(answer(id, Event::WeightsChanged { model: model.summary.clone() }));
            self.models.put(model);
        }
    }

    /// Replaces the weights by a file's.
    pub(super) fn load_weights(&mut self, name: &str, bytes: &[u8]) -> Result<ModelSummary> {
        let model = self.place(name, bytes, self.dataset()?, name).map_err(|error| error.at(name))?;
        let summary = model.summary.clone();
        self.models.put(model);
        Ok(summary)
    }

    /// The weights that views show, as a file.
    pub(super) async fn save_weights(&self, kind: ModelKind) -> Result<Event> {
        let bytes = self.weights_file(kind).await?;
        let key = kind.card().key;
        Ok(Event::File { name: format!("{}-{key}.safetensors", self.dataset()?.name), bytes: bytes.into() })
    }

    /// The dataset, its weights, if there are any, and what a page shows, as a bundle.
    pub(super) async fn save_bundle(&self, view: Option<&str>) -> Result<Event> {
        let dataset = self.dataset()?;
        let mut weights = Vec::new();
        for kind in ModelKind::ALL.into_iter().filter(|kind| self.model(*kind).is_ok()) {
            weights.push((kind, self.weights_file(kind).await?));
        }
        let bytes = bundle::write(dataset, &weights, view)?;
        Ok(Event::File { name: format!("{}.zip", dataset.name), bytes: bytes.into() })
    }
}

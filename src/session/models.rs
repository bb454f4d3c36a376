//! The models of a session: one of each kind at most.

use super::Session;
use crate::data::Dataset;
use crate::data::weights::{AnyWeights, OperatorWeights, Weights, cell_mnn, write};
use crate::error::{Error, Result};
use crate::model::{CellMnn, ScImf};
use crate::operators::OperatorField;
use crate::protocol::{ModelKind, ModelSummary};
use burn::tensor::Device;

/// A model in use, with where it comes from.
pub(super) struct Loaded<M> {
    pub(super) model: M,
    pub(super) summary: ModelSummary,
}

/// A model that was put on the device, to be put to use.
pub(super) enum Placed {
    ScImf(Box<Loaded<ScImf>>),
    CellMnn(Box<Loaded<OperatorField>>),
}

impl Placed {
    pub(super) fn scimf(loaded: Loaded<ScImf>) -> Self {
        Self::ScImf(Box::new(loaded))
    }

    pub(super) fn cell_mnn(loaded: Loaded<OperatorField>) -> Self {
        Self::CellMnn(Box::new(loaded))
    }

    pub(super) fn summary(&self) -> &ModelSummary {
        match self {
            Self::ScImf(loaded) => &loaded.summary,
            Self::CellMnn(loaded) => &loaded.summary,
        }
    }
}

impl Loaded<ScImf> {
    pub(super) fn new(model: ScImf, updates: u32, held_out: &[usize], source: &str) -> Self {
        let summary = ModelSummary {
            model: ModelKind::ScImf,
            dimensions: model.config.dimensions,
            interacts: model.config.blocks > 0,
            updates,
            held_out: held_out.to_vec(),
            parameters: model.parameters(),
            source: source.into(),
        };
        Self { summary, model }
    }
}

impl Loaded<OperatorField> {
    pub(super) fn new(model: OperatorField, updates: u32, held_out: &[usize], source: &str) -> Self {
        let summary = ModelSummary {
            model: ModelKind::CellMnn,
            dimensions: model.dimensions(),
            interacts: false,
            updates,
            held_out: held_out.to_vec(),
            parameters: model.model.parameters(),
            source: source.into(),
        };
        Self { summary, model }
    }
}

impl Session {
    /// The weights of scIMF that views show: those of the running training, else the loaded ones.
    pub(super) fn model(&self) -> Result<&ScImf> {
        let training = self.training.as_ref().and_then(|training| training.scimf());
        let missing = || Error::request("There is no model yet").remedy("Train one, or load weights.");
        training.or(self.scimf.as_ref().map(|loaded| &loaded.model)).ok_or_else(missing)
    }

    /// The operators of Cell-MNN that views show: those of the running training, else the loaded ones; with a time point checked.
    pub(super) fn operators(&self, time: Option<usize>) -> Result<OperatorField> {
        self.known_time(time)?;
        let training = self.training.as_ref().and_then(|training| training.operators());
        let missing = || Error::request("There is no Cell-MNN model yet").remedy("Train one, or load weights.");
        training.or_else(|| self.cell_mnn.as_ref().map(|loaded| loaded.model.clone())).ok_or_else(missing)
    }

    /// What is needed to answer a question to scIMF, with the time point checked.
    pub(super) fn question(&self, time: Option<usize>) -> Result<(&Dataset, &ScImf, &Device)> {
        self.known_time(time)?;
        Ok((self.dataset()?, self.model()?, self.device()?))
    }

    fn known_time(&self, time: Option<usize>) -> Result<()> {
        match time.filter(|&time| self.dataset.as_ref().is_some_and(|dataset| time >= dataset.time_points.len())) {
            Some(time) => Err(Error::request(format!("There is no time point {time}"))),
            None => self.dataset().map(|_| ()),
        }
    }

    /// Puts weights on the device, for a dataset.
    pub(super) fn place(&self, weights: &AnyWeights, dataset: &Dataset, source: &str) -> Result<Placed> {
        match weights {
            AnyWeights::ScImf(weights) => self.place_scimf(weights, dataset, source).map(Placed::scimf),
            AnyWeights::CellMnn(weights) => self.place_operators(weights, dataset, source).map(Placed::cell_mnn),
        }
    }

    fn place_scimf(&self, weights: &Weights, dataset: &Dataset, source: &str) -> Result<Loaded<ScImf>> {
        let (theirs, ours) = (weights.config.dimensions, dataset.states.cols);
        if theirs != ours {
            return Err(unfit(theirs, ours));
        }
        let model = ScImf::from_weights(weights, self.device()?)?;
        Ok(Loaded::<ScImf>::new(model, weights.updates, &weights.held_out, source))
    }

    fn place_operators(
        &self,
        weights: &OperatorWeights,
        dataset: &Dataset,
        source: &str,
    ) -> Result<Loaded<OperatorField>> {
        let (theirs, ours) = (weights.config.dimensions, dataset.states.cols);
        if theirs > ours {
            return Err(unfit(theirs, ours));
        }
        let field = OperatorField::new(CellMnn::from_weights(weights, self.device()?)?, dataset);
        Ok(Loaded::<OperatorField>::new(field, weights.updates, &weights.held_out, source))
    }

    /// Puts a model to use, in the place of the one of its kind.
    pub(super) fn put_to_use(&mut self, placed: Placed) {
        match placed {
            Placed::ScImf(loaded) => self.scimf = Some(*loaded),
            Placed::CellMnn(loaded) => self.cell_mnn = Some(*loaded),
        }
    }

    /// The weights that views show, as the bytes of a file.
    pub(super) async fn weights_bytes(&self, kind: ModelKind) -> Result<Vec<u8>> {
        let training = self.training.as_ref().filter(|training| training.kind() == kind);
        let of = |summary: Option<&ModelSummary>| match (training, summary) {
            (Some(training), _) => (training.updates(), training.held_out().to_vec()),
            (None, Some(summary)) => (summary.updates, summary.held_out.clone()),
            (None, None) => (0, Vec::new()),
        };
        match kind {
            ModelKind::ScImf => {
                let (updates, held_out) = of(self.scimf.as_ref().map(|loaded| &loaded.summary));
                write(&self.model()?.to_weights(updates, &held_out).await?)
            }
            ModelKind::CellMnn => {
                let (updates, held_out) = of(self.cell_mnn.as_ref().map(|loaded| &loaded.summary));
                cell_mnn::write(&self.operators(None)?.model.to_weights(updates, &held_out).await?)
            }
        }
    }
}

fn unfit(theirs: usize, ours: usize) -> Error {
    Error::input(format!("These weights work in {theirs} dimensions, but the dataset has {ours}"))
        .remedy("Open the dataset that they were trained on.")
}

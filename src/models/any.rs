//! One of the models: the only list of them, and the only places where they are told apart.

use super::room::{Asked, Best, Completed, Data, Drifts, Journey, Model, Moves, Prediction, Room, Training};
use super::{File, Readings, cell_mnn, mean_field, mioflow, ot_cfm, pi_sde, prescient, scimf, scnode, scnode_genes};
use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::models::attention::Attention;
use crate::models::operators::OperatorField;
use crate::protocol::{
    Change, DriftPart, IntervalNoise, ModelKind, ModelSummary, Recipe, SimulationQuery, VelocityField, VelocityQuery,
};
use crate::train::Helpers;
use burn::tensor::Device;
use std::rc::Rc;
use std::sync::Arc;

/// What to do with a file of weights that cannot be used.
const WHOLE: &str = "Save the weights again, as a whole model.";

/// Makes the enums that hold one of the models, and what depends on which one it is.
macro_rules! rooms {
    ($($name:ident: $room:ty),* $(,)?) => {
        /// The weights of a model in host memory.
        #[derive(Clone, Debug, PartialEq)]
        pub enum AnyWeights { $(#[doc = "Of this model."] $name(Box<<$room as Room>::Weights>)),* }

        /// A model with its weights on a device, ready for a dataset.
        #[derive(Clone)]
        pub enum AnyModel { $(#[doc = "This model."] $name(Box<<$room as Room>::Model>)),* }

        /// A training in progress.
        pub enum AnyTraining { $(#[doc = "Of this model."] $name(Box<<$room as Room>::Training>)),* }

        /// Cells that a model moves.
        pub enum AnyJourney { $(#[doc = "By this model."] $name(Box<<<$room as Room>::Model as Moves>::Journey>)),* }

        /// A prediction of held-out cells on its way.
        pub enum AnyPrediction { $(#[doc = "By this model."] $name(Box<<<$room as Room>::Model as Model>::Prediction>)),* }

        macro_rules! each {
            ($any:expr, $it:ident => $call:expr) => { match $any { $(Self::$name($it) => $call),* } };
        }

        impl AnyWeights {
            /// Reads weights of whichever model they are of.
            ///
            /// # Errors
            /// The file cannot be read, or a tensor is missing, left over, of the wrong shape or not finite; names the tensor.
            pub fn read(name: &str, bytes: &[u8]) -> Result<Self> {
                let read = |file: File| {
                    let file = file.weights_alone();
                    $(if <$room>::claims(&file) {
                        return <$room>::read(file).map(|weights| Self::$name(Box::new(weights)));
                    })*
                    Err(unknown())
                };
                File::read(bytes).and_then(read).map_err(|error| error.at(name).or_remedy(WHOLE))
            }

            /// As a `.safetensors` file with the configuration inside.
            ///
            /// # Errors
            /// The tensors are not those of the configuration.
            pub fn write(&self) -> Result<Vec<u8>> {
                match self { $(Self::$name(weights) => <$room>::write(weights)),* }
            }
        }

        impl AnyModel {
            /// Puts weights on a device, for a dataset; the summary names `source` as where they come from.
            ///
            /// # Errors
            /// They do not fit the dataset.
            pub fn place(
                weights: &AnyWeights,
                dataset: &Dataset,
                source: &str,
                device: &Device,
            ) -> Result<(Self, ModelSummary)> {
                match weights {
                    $(AnyWeights::$name(weights) => {
                        let (model, updates, held_out) = <$room>::place(weights, dataset, device)?;
                        let model = Self::$name(Box::new(model));
                        let summary = model.summary(updates, &held_out, source);
                        Ok((model, summary))
                    })*
                }
            }

            /// Which model it is.
            pub fn kind(&self) -> ModelKind {
                match self { $(Self::$name(_) => <$room as Room>::KIND),* }
            }

            /// Reads the weights back from the device.
            ///
            /// # Errors
            /// The device failed.
            pub async fn weights(&self, updates: u32, held_out: &[usize]) -> Result<AnyWeights> {
                match self {
                    $(Self::$name(model) => {
                        <$room>::weights(model, updates, held_out).await.map(|it| AnyWeights::$name(Box::new(it)))
                    })*
                }
            }

            /// Predicts the cells of held-out time points.
            ///
            /// # Errors
            /// The cells cannot be drawn.
            pub fn predict(&self, dataset: &Dataset, asked: Asked<'_>, device: &Device) -> Result<AnyPrediction> {
                match self {
                    $(Self::$name(model) => {
                        Model::predict(&**model, dataset, asked, device).map(|it| AnyPrediction::$name(Box::new(it)))
                    })*
                }
            }
        }

        impl Moves for AnyModel {
            type Journey = AnyJourney;

            fn journey(
                &self,
                dataset: &Dataset,
                query: &SimulationQuery,
                changes: &[Change],
                device: &Device,
            ) -> Result<AnyJourney> {
                match self {
                    $(Self::$name(model) => {
                        Moves::journey(&**model, dataset, query, changes, device).map(|it| AnyJourney::$name(Box::new(it)))
                    })*
                }
            }
        }

        impl AnyTraining {
            /// A training on a dataset, from `current` weights of the same model or, without, from fresh ones.
            ///
            /// # Errors
            /// A setting cannot be followed, or the weights do not fit.
            pub fn new(data: &Data<'_>, recipe: &Recipe, current: Option<&AnyWeights>) -> Result<Self> {
                // Held-out samples are not even there.
                let unseen = &recipe.held_out_samples;
                let seen = (!unseen.is_empty()).then(|| data.dataset.without_samples(unseen)).transpose()?;
                let data = &Data { dataset: seen.as_ref().unwrap_or(data.dataset), ..*data };
                match recipe.model {
                    $(<$room as Room>::KIND => {
                        let current = match current {
                            Some(AnyWeights::$name(weights)) => Some(&**weights),
                            _ => None,
                        };
                        <$room>::train(data, recipe, current).map(|it| Self::$name(Box::new(it)))
                    })*
                }
            }

            /// Goes on with a training whose state is in a file, perhaps for another number of steps in all.
            ///
            /// # Errors
            /// The file holds no such state, the state does not fit the dataset, or all steps are done; names the file.
            pub fn resume(data: &Data<'_>, name: &str, bytes: &[u8], steps: Option<u32>) -> Result<Self> {
                let resume = |file: File| {
                    $(if <$room>::claims(&file) {
                        return <$room>::resume(data, file, steps).map(|it| Self::$name(Box::new(it)));
                    })*
                    Err(unknown())
                };
                let again = "Save the training again, or start a new one.";
                File::read(bytes).and_then(resume).map_err(|error| error.at(name).or_remedy(again))
            }

            /// The model as it is now.
            pub fn model(&self) -> AnyModel {
                match self { $(Self::$name(training) => AnyModel::$name(Box::new(Training::model(&**training)))),* }
            }

            /// The model that is kept.
            pub fn best(&self) -> Best<AnyModel> {
                match self {
                    $(Self::$name(training) => {
                        let Best { model, step, loss } = Training::best(&**training);
                        Best { model: AnyModel::$name(Box::new(model)), step, loss }
                    })*
                }
            }
        }
    };
}

rooms! {
    ScImf: scimf::ScImfRoom,
    CellMnn: cell_mnn::CellMnnRoom,
    PiSde: pi_sde::PiSdeRoom,
    Prescient: prescient::PrescientRoom,
    MioFlow: mioflow::MioFlowRoom,
    OtCfm: ot_cfm::OtCfmRoom,
    ScNodeGenes: scnode_genes::ScNodeGenesRoom,
    ScNode: scnode::ScNodeRoom,
    MeanField: mean_field::MeanFieldRoom,
}

mod journey;

fn unknown() -> Error {
    let names: Vec<&str> = ModelKind::ALL.iter().map(|kind| kind.name()).collect();
    Error::input("the tensors of this file are not those of a model that is known here")
        .remedy(format!("Give a whole model of {}, with the names of published checkpoints.", names.join(", ")))
}

impl Drifts for AnyModel {
    async fn drifts(&self, dataset: &Dataset, states: Vec<f32>, times: &[f64], device: &Device) -> Result<Vec<f32>> {
        each!(self, model => Drifts::drifts(&**model, dataset, states, times, device).await)
    }
}

impl AnyModel {
    /// What a front end is told about it.
    pub fn summary(&self, updates: u32, held_out: &[usize], source: &str) -> ModelSummary {
        ModelSummary {
            model: self.kind(),
            dimensions: self.dimensions(),
            interacts: each!(self, model => Model::interacts(&**model)),
            learned_space: each!(self, model => Model::learned_space(&**model)),
            updates,
            held_out: held_out.to_vec(),
            parameters: each!(self, model => Model::parameters(&**model)),
            source: source.into(),
            recipe: None,
        }
    }

    /// Dimensions that it works in: the first so many axes of the dataset's model space.
    pub fn dimensions(&self) -> usize {
        each!(self, model => Model::dimensions(&**model))
    }

    /// The dataset in which its cells are seen, if it is another than the open one: with the components that the model knows.
    pub fn seen_in(&self) -> Option<Arc<Dataset>> {
        each!(self, model => Model::seen_in(&**model))
    }

    /// With these weights cells influence each other.
    pub fn interacts(&self) -> bool {
        each!(self, model => Model::interacts(&**model))
    }

    /// Velocity of some observed cells of a time point, which form a population, in the model's dimensions: row-major, per sampling interval.
    ///
    /// # Errors
    /// The part of the drift does not exist, or the device failed.
    pub async fn velocities(
        &self,
        dataset: &Dataset,
        time: usize,
        cells: &[u32],
        part: DriftPart,
        device: &Device,
    ) -> Result<Vec<f32>> {
        each!(self, model => Model::velocities(&**model, dataset, time, cells, part, device).await)
    }

    /// Velocity of a population of observed cells, as it is shown.
    ///
    /// # Errors
    /// The space or the part of the drift does not exist, or the device failed.
    pub async fn velocity(&self, dataset: &Dataset, query: VelocityQuery, device: &Device) -> Result<VelocityField> {
        each!(self, model => Model::velocity(&**model, dataset, query, device).await)
    }

    /// The attention between cells, if the model has one.
    pub fn attention(&self) -> Option<&dyn Attention> {
        each!(self, model => Model::attention(&**model))
    }

    /// The intrinsic part of the drift of a population at a time, and the part that comes from the other cells; none without interaction.
    ///
    /// # Errors
    /// The device failed.
    pub async fn parts(&self, time: f64, states: Vec<f32>, device: &Device) -> Result<Option<[Vec<f32>; 2]>> {
        each!(self, model => model.parts(time, states, device).await)
    }

    /// The potential of the drift at some states, row-major, each at a time in index units; none if the drift has no potential.
    ///
    /// # Errors
    /// The device failed.
    pub async fn potentials(
        &self,
        dataset: &Dataset,
        states: Vec<f32>,
        times: &[f64],
        device: &Device,
    ) -> Result<Option<Vec<f32>>> {
        each!(self, model => model.potentials(dataset, states, times, device).await)
    }

    /// How far the potential is from the law that it was trained to obey, as [`Self::potentials`]; none if there is no such law.
    ///
    /// # Errors
    /// The device failed.
    pub async fn residuals(
        &self,
        dataset: &Dataset,
        states: Vec<f32>,
        times: &[f64],
        device: &Device,
    ) -> Result<Option<Vec<f32>>> {
        each!(self, model => model.residuals(dataset, states, times, device).await)
    }

    /// What each start cell weighs in the training for the last time point that is not `held_out`, 1 in the mean; not a number for other cells.
    /// None if they all weigh the same.
    ///
    /// # Errors
    /// The dataset has none of the genes that decide.
    pub fn growth_weights(&self, dataset: &Dataset, held_out: &[usize]) -> Result<Option<Vec<f32>>> {
        each!(self, model => model.growth_weights(dataset, held_out))
    }

    /// How much noise it needs in each interval, if it has a scale of its own for each.
    ///
    /// # Errors
    /// The device failed.
    pub async fn interval_noise(&self, dataset: &Dataset, recipe: Option<&Recipe>) -> Result<Option<IntervalNoise>> {
        each!(self, model => model.interval_noise(dataset, recipe).await)
    }

    /// An operator for each cell, if the model has them.
    pub fn operators(&self) -> Option<&OperatorField> {
        each!(self, model => Model::operators(&**model))
    }
}

impl AnyTraining {
    /// A training that makes a device compile what trainings ask for: one update of at most so many cells of the first two time points, of the model
    /// that is proposed.
    ///
    /// # Errors
    /// The device failed.
    pub fn smallest(dataset: &Dataset, most_cells: usize, device: &Device) -> Result<Self> {
        scimf::smallest_training(dataset, most_cells, device).map(|it| Self::ScImf(Box::new(it)))
    }

    /// What it does.
    pub fn recipe(&self) -> Recipe {
        each!(self, it => Training::recipe(&**it))
    }

    /// Time points that the loss compares with, in order.
    pub fn training_times(&self) -> Vec<usize> {
        each!(self, it => Training::training_times(&**it))
    }

    /// Updates or epochs done.
    pub fn steps(&self) -> u32 {
        each!(self, it => Training::steps(&**it))
    }

    /// Counts what a saved state would hold that an earlier one did not.
    pub fn stage(&self) -> u64 {
        each!(self, it => Training::stage(&**it))
    }

    /// All steps are done, or a stop rule ended it.
    pub fn is_finished(&self) -> bool {
        each!(self, it => Training::is_finished(&**it))
    }

    /// Does one bounded piece of work and returns the step that it completed, or that the training went back to its best weights.
    ///
    /// # Errors
    /// The training diverged once too often (its best weights are still there), or the device failed.
    pub async fn advance(&mut self) -> Result<Option<Completed>> {
        each!(self, it => Training::advance(&mut **it).await)
    }

    /// Lets helpers compute parts of the steps that follow; false if its steps have no parts.
    pub fn share(&mut self, helpers: Rc<dyn Helpers>) -> bool {
        each!(self, it => Training::share(&mut **it, helpers))
    }

    /// Its whole state as a file; none before there is anything to go on from.
    ///
    /// # Errors
    /// The device failed.
    pub async fn state(&self) -> Result<Option<Vec<u8>>> {
        each!(self, it => Training::state(&**it).await)
    }
}

impl AnyPrediction {
    /// Does one bounded piece of work; at the end returns the predicted cells at each time that was asked for.
    ///
    /// # Errors
    /// The device failed.
    pub async fn advance(&mut self, dataset: &Dataset, device: &Device) -> Result<Option<Vec<Vec<f32>>>> {
        each!(self, it => Prediction::advance(&mut **it, dataset, device).await)
    }
}

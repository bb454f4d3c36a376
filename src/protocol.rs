//! The messages between the page (or any other front end) and the engine.
//!
//! Plain types: no tensors, no JavaScript. A front end sends a [`Request`]; the engine answers with any number of [`Message`]s that
//! carry the request's id and ends with exactly one [`Event::Done`] or [`Event::Failed`]. The first message of an engine is
//! [`Event::Hello`], unasked; a front end whose [`VERSION`] differs must not go on. Commands before [`Event::Ready`] wait.
//!
//! Indices are positions from 0: `time` in [`DatasetSummary::time_points`], types in [`DatasetSummary::cell_types`], cells in the dataset.

mod array;
mod attention;
mod budget;
pub mod cards;
mod clusters;
mod dataset;
mod device;
mod evaluation;
mod evidence;
mod failure;
pub mod formats;
mod landscape;
pub mod limits;
mod mapping;
mod message;
mod noise;
mod operators;
mod parts;
mod path;
mod preprocessing;
mod recipe;
mod settings_file;
mod simulation;
mod space;
mod training;
mod view;

pub use array::Array;
pub use attention::{CellAttention, CellMatrix, CellMatrixQuery, CellQuery, ReceiverQuery, Receivers};
pub use budget::{Budget, Pace};
pub use cards::ModelKind;
pub use cards::cell_mnn::{CellMnnConfig, CellMnnSettings, OperatorForm, StopRule};
pub use cards::scimf::{ScImfConfig, TrainSettings};
pub use clusters::{Clusters, Marker, Markers};
pub use device::{Backend, DeviceInfo, DevicePreference};
pub use failure::{Failure, FailureKind};
pub use landscape::{CellFates, FatesQuery, Landscape, LandscapeQuery};
pub use message::{Message, Request, RequestId};
pub use parts::{Computed, Part};
pub use preprocessing::{Flavour, Preparation, Preprocessing, UmapSettings, ValueKind, VariableGenes};
pub use recipe::{Recipe, Value};
pub use settings_file::NO_TIMES;
pub use space::{Space, SpaceId};
pub use training::{Loss, ModelSummary, Rollback, Term, TrainingEnd, TrainingState, Update};
pub use {dataset::*, evaluation::*, evidence::*, mapping::*, noise::*, operators::*, path::*, simulation::*, view::*};

use serde::{Deserialize, Serialize};

/// Version of this protocol. A cached worker can be older than the page: both compare this number first.
pub const VERSION: u32 = 6;

/// What the engine can be asked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Command {
    /// Choose and initialise the compute device. Answers [`Event::Ready`]. Sent once, first.
    Start {
        /// Which device the user wants.
        device: DevicePreference,
        /// Workers that compute a training at most, the engine among them; without, as many as there are cores for.
        #[serde(default)]
        workers: Option<usize>,
    },
    /// Read a study: one file, or the files of a 10x folder together. A bundle or `.npz` opens at once ([`Event::DatasetOpened`], and
    /// [`Event::WeightsChanged`] if it holds weights); everything else answers [`Event::MappingProposed`] and waits for
    /// [`Command::ApplyMapping`]. Several files that are one study answer [`Event::Progress`] before. A failure leaves the current dataset as it was.
    Open {
        /// The files.
        files: Vec<File>,
    },
    /// Prepare the study that waits for a mapping. Answers [`Event::Progress`] and, at the end, [`Event::DatasetOpened`].
    ApplyMapping {
        /// Which columns and arrays to use.
        mapping: Mapping,
    },
    /// Forget the study that waits for a mapping.
    Discard,
    /// End the running preparation, evaluation, experiment or export; its request ends in [`Event::Done`] without a further result. A study that was being
    /// prepared waits for its mapping again.
    Cancel,
    /// End a running simulation; its request ends in [`Event::Done`] without a result. Whoever asks anew ends the one before.
    CancelSimulation {
        /// The request that started it.
        request: RequestId,
    },
    /// Replace a model's weights by those of a `.safetensors` or `.pt` file, which says whose. Answers [`Event::WeightsChanged`].
    LoadWeights {
        /// File name, for its extension and for messages.
        name: String,
        /// The whole file.
        bytes: Array<u8>,
    },
    /// Write the current weights of a model. Answers [`Event::File`].
    SaveWeights {
        /// Whose.
        model: ModelKind,
    },
    /// Write the dataset, with the weights if there are any, as a bundle. Answers [`Event::File`].
    SaveBundle {
        /// What the page showed, in the page's own words; comes back in [`Event::DatasetOpened`] when the bundle is opened again.
        view: Option<String>,
    },
    /// Write the dataset with what a model says of its cells (velocity, attention between types, values of each cell) as AnnData, for scanpy, scVelo
    /// and CellRank. Answers [`Event::Progress`] and, at the end, [`Event::File`]; [`Command::Cancel`] ends it.
    SaveAnnData {
        /// Whose answers.
        model: ModelKind,
        /// The drawn space: if it is an embedding, velocities are projected into it too.
        space: SpaceId,
        /// Simulated copies of each cell for its fate, where the model has noise: 0 for none, without a number as many as can be afforded.
        copies: Option<u32>,
    },
    /// Begin training. Answers [`Event::Training`] at each change of state, [`Event::Update`] after each update and, after the last, [`Event::Done`].
    /// A training that diverges is rolled back once ([`Event::Rollback`]); the second time it ends in [`Event::Failed`], its best weights in use.
    Train {
        /// Which model, and how.
        recipe: Recipe,
    },
    /// How long an update or an epoch of this training takes: one is computed and forgotten; weights in use and running work stay as they are.
    /// Answers [`Event::Measured`]; fails where a step takes so long that it would keep others waiting.
    Measure {
        /// Which model, and how.
        recipe: Recipe,
    },
    /// Let another prepared dataset, a bundle or `.npz`, take turns with the open one in the trainings of models with operators that follow, until another
    /// dataset is opened. Its first components must mean the same as the open one's.
    Accompany {
        /// The dataset.
        file: File,
    },
    /// Write the state of the running training after its last update, or step where that is less; it opens as weights. Answers [`Event::File`].
    SaveTraining,
    /// Go on with a training that was saved, as if it had not been interrupted. Answers as [`Command::Train`].
    ContinueTraining {
        /// File name, for messages.
        name: String,
        /// A file of [`Command::SaveTraining`].
        bytes: Array<u8>,
        /// Number of updates in all, if it is to be another than before.
        updates: Option<u32>,
    },
    /// Hold the running training after its current step.
    Pause,
    /// Go on with a paused training.
    Resume,
    /// End the running training and keep its best weights.
    Stop,
    /// Compare predictions at held-out time points with what was observed there, unit by unit, as far as they are not known. Answers
    /// [`Event::Progress`] and [`Event::UnitProgress`], [`Event::Found`] for each unit that is new, and [`Event::Evaluation`] each time that the
    /// table is; the model in use stays as it is. A unit that fails does not end the others.
    Evaluate(EvaluationSettings),
    /// A unit of the running evaluation was computed elsewhere: it is taken into the table, and not computed here.
    AlreadyFound(Box<Finding>),
    /// Who acts on whom, as far as the data tell. Answers [`Event::Progress`] and [`Event::Evidence`]; [`Command::Cancel`] ends it.
    Evidence(EvidenceQuery),
    /// Velocity of the observed cells of a time point. Answers [`Event::Velocity`].
    Velocity(VelocityQuery),
    /// Who listens to whom at a time point. Answers [`Event::Communication`].
    Communication(CommunicationQuery),
    /// How well who listens to whom agrees with planted interactions; only for simulated tissues. Answers [`Event::Recovery`].
    Recovery(RecoveryQuery),
    /// Who a cell listens to, and who listens to it. Answers [`Event::CellAttention`].
    CellAttention(CellQuery),
    /// Attention between sampled cells. Answers [`Event::CellMatrix`].
    CellMatrix(CellMatrixQuery),
    /// Which cells would hear a cell type. Answers [`Event::Receivers`].
    Receivers(ReceiverQuery),
    /// Simulate cells. Answers [`Event::Progress`] and, at the end, [`Event::Simulation`]; [`Command::CancelSimulation`] ends it. Runs beside a
    /// training, a preparation, an evaluation or an experiment, and takes turns with it; of several simulations the first ends first.
    Simulate(SimulationQuery),
    /// Write simulated cells in the model space. Answers [`Event::File`].
    SaveSimulation {
        /// What to simulate.
        query: SimulationQuery,
        /// How to write it.
        format: SimulationFormat,
    },
    /// What a change does to a simulated population. Answers [`Event::Progress`] and [`Event::Experiment`]; [`Command::Cancel`] ends it.
    Experiment(ExperimentQuery),
    /// Follow copies of single cells to their ends: long work. Answers with [`Event::Progress`] and [`Event::CellFates`].
    Fates(FatesQuery),
    /// Look for the path of least action: long work. Answers [`Event::Progress`] and [`Event::Path`]; [`Command::Cancel`] ends it.
    Path(PathQuery),
    /// Ask for a potential over a plane of the model space. Answers with [`Event::Landscape`].
    Landscape(LandscapeQuery),
    /// How much noise a model needs in each interval. Answers [`Event::Noise`].
    Noise(ModelKind),
    /// An operator of a cell, or a mean of several. Answers [`Event::Operator`].
    Operator {
        /// Whose.
        of: OperatorOf,
    },
    /// Eigenvalues of the operators of a time point's cells. Answers [`Event::Spectrum`].
    Spectrum {
        /// Time point.
        time: usize,
    },
    /// The mean operator of each cell type at each time point. Answers [`Event::MeanOperators`].
    MeanOperators,
    /// Frozen against re-encoded trajectories. Answers [`Event::Linearisation`].
    Linearisation(LinearisationQuery),
    /// The strongest gene interactions. Answers [`Event::GeneNetwork`].
    GeneNetwork(GeneNetworkQuery),
    /// Why a gene rises or falls. Answers [`Event::Why`].
    Why(WhyQuery),
    /// What setting a gene does. Answers [`Event::Perturbation`].
    Perturbation(PerturbationQuery),
    /// Compare interactions with known signs: regulator, target and `Activation` or `Repression`, as TRRUST's. Answers [`Event::SignAgreement`].
    SignAgreement {
        /// File name, for messages.
        name: String,
        /// The whole file.
        bytes: Array<u8>,
    },
    /// Which genes mark the types, so many of each: long work. Answers [`Event::Progress`] and [`Event::Markers`]; [`Command::Cancel`] ends it.
    Markers(usize),
    /// Sort the cells into other types, no two with the same name. Answers [`Event::Retyped`].
    Retype(Typing),
    /// Names of the genes. Answers [`Event::Genes`] and, where there are measured values, [`Event::MeasuredGenes`].
    Genes,
    /// A value for each cell, to colour by. Answers [`Event::Values`].
    Values(ValuesQuery),
    /// Coordinates of all cells in a space. Answers [`Event::Coordinates`].
    Coordinates {
        /// Which space.
        space: SpaceId,
    },
}

/// What the engine says.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[allow(clippy::large_enum_variant, reason = "events are sent one at a time; only some targets find it large")]
pub enum Event {
    /// The engine is loaded and listens.
    Hello {
        /// The engine's [`VERSION`].
        version: u32,
    },
    /// The compute device is ready.
    Ready {
        /// Which device was chosen and why.
        device: DeviceInfo,
    },
    /// A file was understood and waits for the user's mapping.
    MappingProposed {
        /// What is in the file.
        file: FileSummary,
        /// What the engine would choose.
        mapping: Mapping,
        /// Why something is open in it, which is empty there and has to be chosen.
        questions: Vec<String>,
    },
    /// How far a preparation, an evaluation, an experiment, an export or a simulation is.
    Progress {
        /// What is being done, such as `variable genes`.
        stage: String,
        /// Share of the whole, from 0 to 1.
        done: f32,
    },
    /// A dataset replaced the previous one; the model and its weights are gone unless [`Event::WeightsChanged`] follows.
    DatasetOpened {
        /// Everything about it that is not per cell.
        dataset: DatasetSummary,
        /// Everything per cell that a scatter plot needs.
        cells: Cells,
        /// What a page showed when it wrote this bundle.
        view: Option<String>,
    },
    /// The model's weights are new (loaded, or the end of a training).
    WeightsChanged {
        /// The model they belong to.
        model: ModelSummary,
    },
    /// Training changed its state.
    Training {
        /// The state it is in now.
        state: TrainingState,
    },
    /// From the update after this one on, the training is computed by another device than until then; at its begin, by another one than the engine's.
    TrainingDevice {
        /// What computes it, and why.
        device: DeviceInfo,
        /// Updates or epochs done before.
        after: u32,
    },
    /// One update of the training is done.
    Update(Update),
    /// The training diverged and was rolled back.
    Rollback(Rollback),
    /// The pace asked for.
    Measured(Pace),
    /// The evaluation as far as it is.
    Evaluation {
        /// The table.
        evaluation: Evaluation,
        /// Predicted cells, to be drawn over the observed ones: one entry for each held-out time point and model that is there.
        predictions: Vec<Predictions>,
    },
    /// The unit of an evaluation that is being computed, and the share of it that is done, from 0 to 1.
    UnitProgress(UnitKey, f32),
    /// A unit of an evaluation has ended. Whoever keeps this and hands it back as [`EvaluationSettings::known`] does not have it computed again.
    Found(Box<Finding>),
    /// The evidence asked for.
    Evidence(Box<Evidence>),
    /// The velocity asked for.
    Velocity(VelocityField),
    /// The communication asked for.
    Communication(Communication),
    /// The agreement asked for.
    Recovery(Recovery),
    /// The attention of a cell asked for.
    CellAttention(CellAttention),
    /// The attention between cells asked for.
    CellMatrix(CellMatrix),
    /// The receivers asked for.
    Receivers(Receivers),
    /// The simulation asked for.
    Simulation(Simulation),
    /// The experiment asked for.
    Experiment(Box<Experiment>),
    /// Answers [`Command::Fates`].
    CellFates(CellFates),
    /// The noise asked for.
    Noise(IntervalNoise),
    /// The path asked for.
    Path(Box<LeastActionPath>),
    /// Answers [`Command::Landscape`].
    Landscape(Landscape),
    /// The operator asked for.
    Operator(Operator),
    /// The eigenvalues asked for.
    Spectrum(Spectrum),
    /// The mean operators asked for.
    MeanOperators(MeanOperators),
    /// The trajectories asked for.
    Linearisation(Linearisation),
    /// The interactions asked for.
    GeneNetwork(GeneNetwork),
    /// The reasons asked for.
    Why(Why),
    /// The perturbation asked for.
    Perturbation(Perturbation),
    /// The agreement asked for.
    SignAgreement(SignAgreement),
    /// The markers asked for.
    Markers(Markers),
    /// The cells of the dataset have other types.
    Retyped {
        /// Everything about it that is not per cell.
        dataset: DatasetSummary,
        /// Type of each cell.
        of: Array<u32>,
    },
    /// Names of the genes that the loadings cover; empty without loadings.
    Genes(Vec<String>),
    /// Names of the genes whose measured expression can be shown.
    MeasuredGenes(Vec<String>),
    /// The values asked for.
    Values(CellValues),
    /// The coordinates asked for.
    Coordinates {
        /// Which space.
        space: SpaceId,
        /// Two numbers a cell: x, y.
        positions: Array<f32>,
    },
    /// A file to hand to the user.
    File {
        /// Suggested name.
        name: String,
        /// Its content.
        bytes: Array<u8>,
    },
    /// The state of a running training, sent every few seconds while there is something new, so that nothing is lost if the engine dies.
    Checkpoint {
        /// Updates or epochs that are complete in it.
        update: u32,
        /// As from [`Command::SaveTraining`].
        state: Array<u8>,
    },
    /// The request is answered completely.
    Done,
    /// The request failed; everything is as it was before it, unless `fatal`.
    Failed(Failure),
}

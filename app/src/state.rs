//! Everything the page knows, in one place. Written by event handlers and by [`State::apply`] only; views derive from it.

use leptos::prelude::*;
use scimf::protocol::{
    Cells, Communication, DatasetSummary, DeviceInfo, DriftPart, FileSummary, Mapping, ModelSummary, Score, Simulation,
    TrainSettings, TrainingState, Update, VelocityField,
};
use std::sync::Arc;

/// The open dataset: its summary and what the scatter plot needs of each cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// Everything that is not per cell.
    pub summary: DatasetSummary,
    /// Positions (in the space [`State::space`]), time points and types.
    pub cells: Cells,
}

/// A file that waits for its mapping.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// What is in the file.
    pub file: FileSummary,
    /// The choice so far.
    pub mapping: Mapping,
}

/// What the cells are coloured by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorBy {
    /// Cell type.
    #[default]
    Type,
    /// Time point.
    Time,
}

/// Where the engine is in its life.
#[derive(Clone, Debug, PartialEq)]
pub enum EngineState {
    /// The worker is being fetched and compiled.
    Loading,
    /// Ready on this device.
    Ready(DeviceInfo),
    /// It died and a new one is being started.
    Restarting,
    /// It cannot be started; the reason in words.
    Failed(String),
}

/// The state of the page: a bundle of signals, cheap to copy.
#[derive(Clone, Copy)]
pub struct State {
    /// Where the engine is in its life.
    pub engine: RwSignal<EngineState>,
    /// One sentence on what is going on, read out by screen readers.
    pub status: RwSignal<String>,
    /// The last failure in words, until it is dismissed.
    pub problem: RwSignal<Option<String>>,
    /// The open dataset.
    pub dataset: RwSignal<Option<Arc<Dataset>>>,
    /// The file that waits for a mapping.
    pub proposal: RwSignal<Option<Proposal>>,
    /// The model in use.
    pub model: RwSignal<Option<ModelSummary>>,
    /// What the training does; none before the first.
    pub training: RwSignal<Option<TrainingState>>,
    /// The settings of the next training.
    pub settings: RwSignal<TrainSettings>,
    /// Updates of the training so far.
    pub updates: RwSignal<Vec<Update>>,
    /// Training times of the running or last training, the columns of the transport loss.
    pub training_times: RwSignal<Vec<usize>>,
    /// The chosen time point.
    pub time: RwSignal<usize>,
    /// The space of the scatter plot.
    pub space: RwSignal<usize>,
    /// What the cells are coloured by.
    pub color_by: RwSignal<ColorBy>,
    /// The part of the drift that the arrows show.
    pub part: RwSignal<DriftPart>,
    /// The number that the chord shows.
    pub score: RwSignal<Score>,
    /// The cell type under the pointer or focus, lit up in every view.
    pub focused_type: RwSignal<Option<usize>>,
    /// Velocity of the chosen time point.
    pub velocity: RwSignal<Option<Arc<VelocityField>>>,
    /// Communication of the chosen time point.
    pub communication: RwSignal<Option<Arc<Communication>>>,
    /// The simulated population.
    pub simulation: RwSignal<Option<Arc<Simulation>>>,
    /// Where the playback stands, in index units of time; none when simulated cells are not shown.
    pub playhead: RwSignal<Option<f64>>,
    /// The playback runs.
    pub playing: RwSignal<bool>,
    /// Dark colours are shown.
    pub dark: RwSignal<bool>,
}

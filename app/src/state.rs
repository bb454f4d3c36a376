//! Everything the page knows, in one place. Written by event handlers and by [`State::apply`] only; views derive from it.

mod attention;
mod budget;
mod cells;
mod dialogs;
mod evidence;
mod experiments;
mod genes;
mod landscape;
mod models;
mod operators;
mod paths;
mod runs;
mod samples;
mod selection;
mod simulate;
mod strength;
mod typing;
mod units;
mod verdict;
mod work;

pub use attention::{AttentionState, AttentionView, Direction, FULL, MANY, MINIMUM_CELLS, Measure, Part};
pub use budget::Budgets;
pub use cells::{CellsState, Flow};
pub use dialogs::{Dialogs, Tab, Topic};
pub use evidence::{EvidenceState, Fitting};
pub use experiments::{ExperimentChoice, Experiments, Found, Marker, Played};
pub use genes::{Genes, Source};
pub use landscape::{COPIES, Landscape, LandscapeView, MOST_CELLS};
pub use models::Models;
pub use operators::{LINKS, OperatorView, Operators};
pub use paths::Paths;
pub use runs::{Outcome, Run, Runs};
pub use samples::{Population, Samples};
pub use selection::Selection;
pub use simulate::{SIMULATED_CELLS, Simulate};
pub use strength::{AS_IT_IS, MOST, Strength, Strengths};
pub use typing::{KeptTyping, Typings, unsorted};
pub use units::{KeptEvaluation, UnitStanding, Units};
pub use verdict::{Findings, Job, MINUTES as VERDICT_MINUTES, SEEDS, Verdict};
pub use work::{Evaluated, EvaluatedModels, EvaluationChoice, Standing, WorkStage};

use scimf::protocol::{
    Array, Backend, Cells, DatasetSummary, DeviceInfo, DriftPart, Event, Failure, FileSummary, Mapping, Markers, Score,
    Simulation, SpaceId, TrainingState, VelocityField,
};
use std::sync::Arc;

use crate::{
    autosave::Autosave,
    signals::{Memo, RwSignal},
    words,
};

/// What the cells are coloured by.
pub use scimf::figure::cells::ColorBy;

/// The open dataset: its summary and what the scatter plot needs of each cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// Everything that is not per cell.
    pub summary: DatasetSummary,
    /// Positions (in the space [`State::space`]), time points and types.
    pub cells: Cells,
}

/// A study that waits for its mapping.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// What is in the file.
    pub file: FileSummary,
    /// The choice so far.
    pub mapping: Mapping,
    /// Why something is open in it.
    pub questions: Vec<String>,
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
    /// The study that waits for a mapping; it stays until a mapping has led to a dataset.
    pub proposal: RwSignal<Option<Proposal>>,
    /// Something is being fetched, read or opened; what, in words.
    pub opening: RwSignal<Option<String>>,
    /// How far the preparation of a study is.
    pub preparing: RwSignal<Option<WorkStage>>,
    /// The user has asked for the end of the preparation or evaluation that runs.
    pub cancelling: RwSignal<bool>,
    /// The genes that mark the types of the open dataset.
    pub markers: RwSignal<Option<Arc<Markers>>>,
    /// The models.
    pub models: Models,
    /// What the training does; none before the first.
    pub training: RwSignal<Option<TrainingState>>,
    /// What computes the training, if that is not the engine's device.
    pub training_on: RwSignal<Option<DeviceInfo>>,
    /// How long trainings may take.
    pub budgets: Budgets,
    /// What was trained, evaluated and tried.
    pub runs: Runs,
    /// The verdict in minutes.
    pub verdict: Verdict,
    /// How far the evaluation is.
    pub evaluating: RwSignal<Option<WorkStage>>,
    /// The running or last evaluation.
    pub evaluation: RwSignal<Option<Evaluated>>,
    /// The units of evaluations.
    pub units: Units,
    /// The choices for the next evaluation.
    pub evaluation_choice: RwSignal<EvaluationChoice>,
    /// The chosen time point.
    pub time: RwSignal<usize>,
    /// The space of the scatter plot.
    pub space: RwSignal<SpaceId>,
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
    /// Who listens to whom: choices, and the answers for all time points.
    pub attention: AttentionState,
    /// The simulated population.
    pub simulation: RwSignal<Option<Arc<Simulation>>>,
    /// Which sample is shown.
    pub samples: Samples,
    /// How the cells are sorted into types.
    pub typings: Typings,
    /// The selected cells.
    pub selection: Selection,
    /// What is simulated.
    pub simulate: Simulate,
    /// The genes.
    pub genes: Genes,
    /// In-silico experiments.
    pub experiments: Experiments,
    /// Who acts on whom, as far as the data tell.
    pub evidence: EvidenceState,
    /// What is read off operators.
    pub operators: Operators,
    /// What is read off a potential, and the fates of cells.
    pub landscape: Landscape,
    /// The path between two groups of cells.
    pub paths: Paths,
    /// Where the playback stands, in index units of time; none when simulated cells are not shown.
    pub playhead: RwSignal<Option<f64>>,
    /// The same in the steps in which who listens to whom among simulated cells is drawn anew.
    pub moment: Memo<Option<f64>>,
    /// The playback runs.
    pub playing: RwSignal<bool>,
    /// What the scatter plot shows besides.
    pub cells: CellsState,
    /// Dark colours are shown.
    pub dark: RwSignal<bool>,
    /// What stands over the page.
    pub dialogs: Dialogs,
    /// What is kept on this computer.
    pub autosave: Autosave,
}

impl State {
    /// The state of a page whose engine is still loading.
    pub fn new(dark: bool) -> Self {
        let (score, playhead) = (RwSignal::default(), RwSignal::new(None));
        let (models, evidence, samples) = (Models::default(), EvidenceState::default(), Samples::default());
        Self {
            engine: RwSignal::new(EngineState::Loading),
            status: RwSignal::new("Loading the engine.".into()),
            problem: RwSignal::new(None),
            dataset: RwSignal::new(None),
            proposal: RwSignal::new(None),
            opening: RwSignal::new(None),
            preparing: RwSignal::new(None),
            cancelling: RwSignal::new(false),
            markers: RwSignal::new(None),
            models,
            training: RwSignal::new(None),
            training_on: RwSignal::new(None),
            budgets: Budgets::default(),
            runs: Runs::default(),
            verdict: Verdict::default(),
            evaluating: RwSignal::new(None),
            evaluation: RwSignal::new(None),
            units: Units::default(),
            evaluation_choice: RwSignal::default(),
            time: RwSignal::new(0),
            space: RwSignal::default(),
            color_by: RwSignal::default(),
            part: RwSignal::default(),
            score,
            focused_type: RwSignal::new(None),
            velocity: RwSignal::new(None),
            attention: AttentionState::new(score, models, evidence, samples),
            simulation: RwSignal::new(None),
            simulate: Simulate::default(),
            genes: Genes::default(),
            experiments: Experiments::default(),
            evidence,
            operators: Operators::default(),
            landscape: Landscape::default(),
            paths: Paths::default(),
            playhead,
            moment: simulate::moments(playhead),
            playing: RwSignal::new(false),
            cells: CellsState::default(),
            samples,
            selection: Selection::default(),
            typings: Typings::default(),
            dark: RwSignal::new(dark),
            dialogs: Dialogs::default(),
            autosave: Autosave::new(),
        }
    }

    /// Takes in what the engine said; every event has its arm.
    pub fn apply(&self, event: Event) {
        match event {
            Event::Hello { .. } | Event::Checkpoint { .. } | Event::File { .. } | Event::Recovery(_) | Event::Done => {}
            Event::Evidence(found) => self.evidence.found.set(Some(Arc::from(found))),
            Event::CellMatrix(answer) => self.attention.cells.set(Some(Arc::new(answer))),
            Event::CellAttention(answer) => self.cells.attention.set(Some(Arc::new(answer))),
            Event::Receivers(answer) => self.cells.receivers.set(Some(Arc::new(answer))),
            Event::Values(answer) => self.values_came(answer),
            Event::CellFates(answer) => self.fates_came(answer),
            Event::Path(answer) => self.path_came(*answer),
            Event::Noise(answer) => self.landscape.noise.set(Some(Arc::new(answer))),
            // The page draws contours from the values of the cells, in any plane.
            Event::Landscape(_) => {}
            Event::Markers(answer) => self.markers.set(Some(Arc::new(answer))),
            Event::Retyped { dataset, of } => self.retyped(dataset, of),
            Event::Experiment(answer) => self.experimented(*answer),
            Event::Genes(names) => self.genes.names.set(Arc::new(names)),
            Event::MeasuredGenes(names) => self.genes.measured.set(Arc::new(names)),
            // Progress belongs to the work of its request: see `preparation_goes_on` and `evaluation_goes_on`.
            Event::Progress { .. } => {}
            Event::UnitProgress(unit, done) => self.units.goes_on(0, unit, done),
            Event::Found(finding) => self.unit_found(*finding),
            Event::Evaluation { evaluation, predictions } => self.evaluated(evaluation, predictions),
            Event::Ready { device } => {
                self.status.set(match device.backend {
                    Backend::Gpu => format!("The engine is ready on the GPU, {}.", device.name),
                    Backend::Cpu => format!("The engine is ready on the CPU, {}.", device.name),
                });
                self.engine.set(EngineState::Ready(device));
            }
            Event::MappingProposed { file, mapping, questions } => {
                self.status.set(format!("{} was read. Choose how to open it.", file.name));
                self.proposal.set(Some(Proposal { file, mapping, questions }));
            }
            Event::DatasetOpened { dataset, cells, .. } => self.open(dataset, cells),
            Event::WeightsChanged { model } => self.weights_changed(model),
            Event::Training { state } => self.train(state),
            Event::TrainingDevice { device, after } => self.trains_on(device, after),
            Event::Update(update) => self.updated(update),
            Event::Measured(pace) => self.budgets.learn(pace),
            Event::Rollback(rollback) => self.roll_back(rollback),
            // An answer about the model that was shown before is late.
            Event::Velocity(field) if field.query.model != self.models.chosen.get_untracked() => {}
            Event::Velocity(field) if field.query.sample != self.samples.chosen.get_untracked() => {}
            Event::Simulation(it) if it.query.model != self.models.chosen.get_untracked() => {}
            Event::Velocity(field) => self.velocity.set(Some(Arc::new(field))),
            Event::Communication(answer) => self.hear_communication(answer, true),
            Event::Simulation(answer) => {
                self.simulate.cancelled.set(false);
                self.simulation.set(Some(Arc::new(answer)));
            }
            Event::Coordinates { space, positions } => self.move_to(space, positions),
            Event::Failed(failure) => self.fail(failure),
            Event::Operator(answer) => self.operators.operator.set(Some(Arc::new(answer))),
            Event::Spectrum(answer) => self.operators.spectrum.set(Some(Arc::new(answer))),
            Event::MeanOperators(answer) => self.operators.means.set(Some(Arc::new(answer))),
            Event::Linearisation(answer) => self.operators.linearisation.set(Some(Arc::new(answer))),
            Event::GeneNetwork(answer) => self.operators.network.set(Some(Arc::new(answer))),
            Event::Why(answer) => self.operators.why.set(Some(Arc::new(answer))),
            Event::Perturbation(answer) => self.operators.perturbation.set(Some(Arc::new(answer))),
            Event::SignAgreement(answer) => self.judge_signs(answer),
        }
    }

    /// A training is running or paused.
    pub fn in_training(&self) -> bool {
        self.training.with(|t| matches!(t, Some(TrainingState::Running { .. } | TrainingState::Paused)))
    }

    /// The engine is ready for commands.
    pub fn ready(&self) -> bool {
        self.engine.with(|engine| matches!(engine, EngineState::Ready(_)))
    }

    /// Labels of the open dataset's time points, in order.
    pub fn time_labels(&self) -> Vec<String> {
        self.dataset.with(|it| {
            it.as_ref()
                .map_or_else(Vec::new, |it| it.summary.time_points.iter().map(|time| time.label.clone()).collect())
        })
    }

    /// Chooses a time point; simulated cells that are shown go there too.
    pub fn choose_time(&self, time: usize) {
        self.playing.set(false);
        self.time.set(time);
        self.playhead.set(None);
    }

    /// Forgets what was computed with weights that are no longer there.
    pub fn forget_weights(&self) {
        self.models.forget_weights();
        self.operators.forget_weights();
        self.landscape.forget();
        self.paths.found.set(None);
        self.training.set(None);
        self.training_on.set(None);
        self.velocity.set(None);
        self.attention.forget();
        self.simulation.set(None);
        self.simulate.beside.set(Vec::new());
        self.cells.forget_weights();
        self.playing.set(false);
        self.playhead.set(None);
    }

    fn open(&self, summary: DatasetSummary, cells: Cells) {
        let again =
            self.dataset.with_untracked(|old| old.as_ref().is_some_and(|old| typing::same(&old.summary, &summary)));
        self.forget_weights();
        self.proposal.set(None);
        self.focused_type.set(None);
        if !again {
            self.markers.set(None);
            self.models.begin(summary.dimensions, &summary.held_out);
            self.operators.reset();
            self.budgets.forget();
            self.runs.forget();
            self.verdict.forget();
            self.time.set(summary.time_points.len() / 2);
            self.color_by.set(ColorBy::Type);
            self.selection.reset();
            self.typings.forget();
            self.cells.forget_dataset();
            self.attention.begin(summary.cell_types.len());
            self.evaluation.set(None);
            self.units.forget();
            self.simulate.reset();
            self.paths.begin(summary.time_points.len());
            self.genes.forget();
            self.experiments.reset();
            self.evidence.forget();
            self.samples.forget();
            self.evaluation_choice.update(|choice| choice.held_out.clone_from(&summary.held_out));
        }
        self.space.set(summary.spaces.first().map(|space| space.id).unwrap_or_default());
        self.status.set(format!("{} is open: {}.", summary.name, words::extent(&summary)));
        self.dataset.set(Some(Arc::new(Dataset { summary, cells })));
        self.cells.opened.update(|n| *n += 1);
    }

    fn move_to(&self, space: SpaceId, positions: Array<f32>) {
        self.dataset.update(|dataset| {
            if let Some(dataset) = dataset {
                Arc::make_mut(dataset).cells.positions = positions;
            }
        });
        if self.space.get_untracked() != space {
            self.simulation.set(None);
            self.space.set(space);
        }
    }

    fn fail(&self, failure: Failure) {
        self.status.set("The last request failed; nothing else has changed.".into());
        self.problem.set(Some(failure.message));
    }
}

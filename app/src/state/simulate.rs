//! What is simulated.

use super::{MINIMUM_CELLS, Played, State, WorkStage};
use crate::prelude::*;
use scimf::figure::composition::Composition;
use scimf::figure::type_flow::{Through, TypeFlow};
use scimf::figure::{living, time_axis};
use scimf::protocol::{Array, Communication, Fates, ModelKind, Simulation, SimulationQuery, Start, TypeAttention};
use std::sync::Arc;

/// Cells that are simulated until the user wants another number.
pub const SIMULATED_CELLS: usize = 256;
/// Moments of a sampling interval at which the attention between simulated cells is drawn anew.
const MOMENTS: f64 = 12.0;

/// The settings of the simulation that the scatter plot plays.
#[derive(Clone, Copy)]
pub struct Simulate {
    /// The settings; space and selected cells come from elsewhere when the engine is asked.
    pub query: RwSignal<SimulationQuery>,
    /// Begin with selected cells only.
    pub from_selection: RwSignal<bool>,
    /// How far the running simulation is.
    pub running: RwSignal<Option<WorkStage>>,
    /// The user has ended the last one.
    pub cancelled: RwSignal<bool>,
    /// The same cells as models that are not shown move them; one of a model.
    pub beside: RwSignal<Vec<Arc<Simulation>>>,
    /// The model beside the shown one; none for the first with weights.
    pub other: RwSignal<Option<ModelKind>>,
    /// Simulated cells have played once by themselves, or are not to: the user has asked for less motion, or reopened work that stood still.
    pub shown: RwSignal<bool>,
    /// The cells whose flows stand out; none for all alike.
    pub through: RwSignal<Option<Through>>,
}

impl Default for Simulate {
    fn default() -> Self {
        Self {
            query: RwSignal::new(untouched()),
            from_selection: RwSignal::new(false),
            running: RwSignal::new(None),
            cancelled: RwSignal::new(false),
            beside: RwSignal::default(),
            other: RwSignal::new(None),
            shown: RwSignal::new(false),
            through: RwSignal::new(None),
        }
    }
}

impl Simulate {
    /// Forgets what only the former dataset knew.
    pub(super) fn reset(&self) {
        self.query.set(untouched());
        self.from_selection.set(false);
        self.through.set(None);
    }

    /// Types are others: the simulation begins with all.
    pub(super) fn forget_types(&self) {
        self.query.update(|query| query.start.types.clear());
        self.through.set(None);
    }

    /// A simulation begins.
    pub fn begin(&self) {
        self.cancelled.set(false);
        self.running.set(Some(WorkStage { name: "simulating".into(), done: 0.0 }));
    }

    /// Chooses the time point at which the simulation begins; its end stays later.
    pub fn start_at(&self, time: usize, last: usize) {
        self.query.update(|query| {
            query.start.time = time;
            let end = query.until.unwrap_or(last as f64);
            if end <= time as f64 {
                query.until = (time >= last).then_some(last as f64 + 1.0);
            }
        });
    }
}

impl State {
    /// The simulation as a model that is not shown would move the same cells.
    pub fn beside_query(&self, model: ModelKind) -> SimulationQuery {
        SimulationQuery { model, attention: None, genes: Vec::new(), ..self.simulation_query() }
    }

    /// Keeps such a simulation.
    pub fn keep_beside(&self, simulation: Simulation) {
        self.simulate.beside.update(|all| {
            all.retain(|it| it.query.model != simulation.query.model);
            all.push(Arc::new(simulation));
        });
    }

    /// The models besides the shown one that have weights.
    pub fn others(&self) -> Vec<ModelKind> {
        let chosen = self.models.chosen.get();
        ModelKind::ALL.into_iter().filter(|kind| *kind != chosen && self.has_weights_of(*kind)).collect()
    }

    /// The model beside the shown one.
    pub fn other(&self) -> Option<ModelKind> {
        let (others, wanted) = (self.others(), self.simulate.other.get());
        wanted.filter(|wanted| others.contains(wanted)).or_else(|| others.first().copied())
    }

    /// The simulated cells of a model: those that are shown, or those beside them.
    pub fn simulated_by(&self, kind: ModelKind) -> Option<Arc<Simulation>> {
        let shown = self.simulation.get().filter(|it| it.query.model == kind);
        shown.or_else(|| self.simulate.beside.with(|all| all.iter().find(|it| it.query.model == kind).cloned()))
    }

    /// The simulation that is wanted now.
    pub fn simulation_query(&self) -> SimulationQuery {
        let mut query = self.simulate.query.get();
        query.space = self.space.get();
        query.model = self.models.chosen.get();
        if self.simulate.from_selection.get() {
            query.start.cells = Array(self.selected_at(query.start.time));
        }
        query.start.sample = self.moved_sample(query.start.time, &query.start.cells);
        if self.simulate.through.get() == Some(Through::Chosen) {
            query.through = Array(self.selection.cells.get().to_vec());
        }
        // Sessions of before may have been written without types.
        query.fates = true;
        let attention = TypeAttention { score: self.score.get(), minimum_cells: MINIMUM_CELLS };
        query.attention = self.can().attention.then_some(attention);
        query
    }

    /// Who listens to whom among the simulated cells while they are shown, and when; none where that is not known.
    pub fn living(&self) -> Option<(f64, Arc<Communication>)> {
        let time = self.moment.get()?;
        let played = self.experiments.played.get() == Played::Simulation;
        let simulation = self.simulation.get().filter(|it| played && !it.attention.is_empty())?;
        let answer = living::at(&simulation, time)?;
        (answer.query.score == self.score.get()).then(|| (time, Arc::new(answer)))
    }

    /// When the simulated cells are that an answer is about; none where it is about observed ones.
    pub fn moment_of(&self, answer: &Communication) -> Option<String> {
        // Types with too few cells have no numbers, and what is no number equals nothing.
        let bits = |it: &Communication| it.mean.iter().map(|mean| mean.to_bits()).collect::<Vec<_>>();
        let same = |living: &Communication| living.cells == answer.cells && bits(living) == bits(answer);
        let (time, _) = self.living().filter(|(_, living)| same(living))?;
        Some(format!("{}, simulated", time_axis::words(&self.time_labels(), time)))
    }

    /// All answers that share a scale: those about observed cells, and those about simulated ones with the same score.
    pub fn heard_anywhere(&self) -> Vec<Arc<Communication>> {
        let score = self.score.get();
        let simulated = self.simulation.with(|it| it.as_ref().map_or_else(Vec::new, |it| it.attention.clone()));
        let simulated = simulated.into_iter().filter(|answer| answer.query.score == score).map(Arc::new);
        self.attention.answers().into_iter().flatten().chain(simulated).collect()
    }

    /// Begins with selected cells only, or not; where none of them is at the start, it goes to the time point with most of them.
    pub fn begin_with_selection(&self, only: bool) {
        self.simulate.from_selection.set(only);
        let start = self.simulate.query.with_untracked(|query| query.start.time);
        let points = untrack(|| self.time_labels()).len();
        let selected = |time: usize| untrack(|| self.selected_at(time)).len();
        if only
            && selected(start) == 0
            && let Some(time) = (0..points).max_by_key(|&time| selected(time)).filter(|&time| selected(time) > 0)
        {
            self.simulate.start_at(time, points - 1);
        }
    }

    /// The selected cells of a time point.
    pub fn selected_at(&self, time: usize) -> Vec<u32> {
        let selected = self.selection.cells.get();
        self.dataset.with(|dataset| {
            let Some(dataset) = dataset else { return Vec::new() };
            let here = |cell: &&u32| dataset.cells.times.get(**cell as usize).is_some_and(|&at| at as usize == time);
            selected.iter().filter(here).copied().collect()
        })
    }

    /// Names of the open dataset's cell types, in order.
    pub fn type_names(&self) -> Vec<String> {
        self.dataset.with(|it| {
            it.as_ref().map_or_else(Vec::new, |it| it.summary.cell_types.iter().map(|kind| kind.name.clone()).collect())
        })
    }

    /// Shares of the types among the simulated cells, as the engine labelled them; empty while they are not there.
    pub fn simulated_composition(&self) -> Composition {
        self.with_fates(|fates| Composition {
            times: fates.times.iter().map(|&time| time.into()).collect(),
            shares: fates.shares.iter().map(|&share| share.into()).collect(),
        })
    }

    /// How the simulated cells change their type; empty while they are not there.
    pub fn type_flow(&self) -> TypeFlow {
        self.with_fates(TypeFlow::of)
    }

    /// Mean over the simulated cells of the share of their neighbours that agree, at each labelled time.
    pub fn label_confidence(&self) -> Vec<f32> {
        self.with_fates(|fates| {
            let cells = fates.confidence.len().checked_div(fates.times.len()).unwrap_or(0).max(1);
            fates.confidence.chunks_exact(cells).map(|row| row.iter().sum::<f32>() / cells as f32).collect()
        })
    }

    /// Shares of the types among the observed cells of the sample that is simulated; of all where none is.
    pub fn observed_composition(&self) -> Composition {
        let sample = self.simulation.with(|it| it.as_ref().and_then(|it| it.query.start.sample));
        Composition::of_counts(&self.observed_counts(sample), self.type_names().len())
    }

    fn with_fates<T: Default>(&self, read: impl FnOnce(&Fates) -> T) -> T {
        self.simulation.with(|it| it.as_ref().and_then(|it| it.fates.as_ref()).map(read)).unwrap_or_default()
    }

    /// Number of cells at each time point and of each type, of one sample where one is named: times x types.
    pub fn observed_counts(&self, sample: Option<usize>) -> Vec<usize> {
        self.dataset.with(|dataset| {
            let Some(dataset) = dataset else { return Vec::new() };
            let kinds = dataset.summary.cell_types.len();
            let mut counts = vec![0; kinds * dataset.summary.time_points.len()];
            let of = |cell: usize| dataset.cells.samples.get(cell).map(|&sample| sample as usize);
            let all = dataset.cells.times.iter().zip(dataset.cells.cell_types.iter()).enumerate();
            for (_, (&time, &kind)) in all.filter(|(cell, _)| sample.is_none() || of(*cell) == sample) {
                if let Some(count) = counts.get_mut(time as usize * kinds + kind as usize) {
                    *count += 1;
                }
            }
            counts
        })
    }
}

/// Follows the playhead in steps.
pub(super) fn moments(playhead: RwSignal<Option<f64>>) -> Memo<Option<f64>> {
    Memo::new(move |_| playhead.get().map(|head| (head * MOMENTS).round() / MOMENTS))
}

fn untouched() -> SimulationQuery {
    SimulationQuery { cells: SIMULATED_CELLS, start: Start::default(), ..SimulationQuery::default() }
}

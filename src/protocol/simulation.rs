//! Simulated populations, and what becomes of them when something is changed.

use super::{Array, Communication, ModelKind, Score, SpaceId};
use serde::{Deserialize, Serialize};

/// Where simulated cells begin: observed cells of `time`; of `types` only, if any are named; among `cells` only, if any are named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Start {
    /// Time point at which the simulation begins.
    pub time: usize,
    /// Cell types to begin with; empty for all.
    pub types: Vec<usize>,
    /// Cells to begin with, as indices in the dataset; empty for all. Cells of other time points do not count.
    pub cells: Array<u32>,
    /// The chosen cells are a population of their own. Else they move within a population drawn from all cells of the time point,
    /// which they attend to and which does not attend to them. Makes no difference where all cells are chosen.
    pub alone: bool,
    /// The sample whose population moves; none for all cells of the time point.
    pub sample: Option<usize>,
}

/// What is done to a population before and while it moves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Change {
    /// Cells are taken out of the population at the start: those of `types` and those drawn from `cells`.
    Remove {
        /// Cell types.
        types: Vec<usize>,
        /// Cells, as indices in the dataset.
        cells: Array<u32>,
    },
    /// Receivers of a type do not attend to senders of a type, at any time (the attention is masked; types of simulated cells are those of
    /// the observed cells around them).
    Mute {
        /// The type that does not attend; none for all types.
        receiver: Option<usize>,
        /// The type that is not attended to.
        sender: usize,
    },
    /// Receivers of a type attend to senders of a type `factor` times as much, at any time: attention weights are multiplied before each
    /// receiver's are made to sum to 1, and pulls are multiplied as they are. 0 is the same as [`Change::Mute`], 1 changes nothing.
    Scale {
        /// The type that attends; none for all types.
        receiver: Option<usize>,
        /// The type that is attended to.
        sender: usize,
        /// At least 0.
        factor: f32,
    },
    /// The expression of a gene is shifted at the start, through its loadings: z + by * loadings of the gene.
    Shift {
        /// Gene, as its index among the names of [`super::Command::Genes`].
        gene: usize,
        /// Added to the expression, in the units of the decoder (usually log-normalised expression).
        by: f32,
    },
}

/// Ask for simulated cells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SimulationQuery {
    /// Which model moves the cells. Its card says whether it has noise and interaction.
    pub model: ModelKind,
    /// Space to draw in.
    pub space: SpaceId,
    /// Number of simulated cells.
    pub cells: usize,
    /// Seed of the drawn cells and the noise.
    pub seed: u32,
    /// Saved frames per sampling interval.
    pub frames_per_interval: usize,
    /// Where the cells begin.
    pub start: Start,
    /// Time in index units at which the simulation ends, in whole steps; may lie beyond the last time point. None for the last time point.
    pub until: Option<f64>,
    /// Multiple of the model's diffusion; 0 for no noise.
    pub noise: f32,
    /// Label the cells by their observed neighbours: gives [`Simulation::fates`].
    pub fates: bool,
    /// Give who listens to whom among the simulated cells whenever they get types, with the fates: gives [`Simulation::attention`].
    pub attention: Option<TypeAttention>,
    /// Observed cells, as indices in the dataset, among which it is noted that simulated ones pass, with the fates: gives [`Fates::passed`].
    pub through: Array<u32>,
    /// Genes whose expression is followed, as indices among the names of [`super::Command::Genes`].
    pub genes: Vec<usize>,
}

impl Default for SimulationQuery {
    fn default() -> Self {
        Self {
            model: ModelKind::default(),
            space: SpaceId::default(),
            cells: 500,
            seed: 0,
            frames_per_interval: 10,
            start: Start::default(),
            until: None,
            noise: 1.0,
            fates: false,
            attention: None,
            through: Array::default(),
            genes: Vec::new(),
        }
    }
}

/// Which attention between cell types is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypeAttention {
    /// The score.
    pub score: Score,
    /// Types with fewer simulated cells than this are left out.
    pub minimum_cells: usize,
}

/// A file format for simulated cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SimulationFormat {
    /// NumPy: `t` (frames) and `X` (frames x cells x d).
    #[default]
    Npz,
    /// AnnData: a row for each cell and frame, with time and predicted type.
    H5ad,
}

/// A simulated population.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Simulation {
    /// What was asked.
    pub query: SimulationQuery,
    /// Time of each frame in index units (1.5 = half way between time points 1 and 2).
    pub times: Array<f32>,
    /// x, y of each cell, frame after frame.
    pub positions: Array<f32>,
    /// The positions are exact; false where they were projected through neighbours.
    pub exact: bool,
    /// Cell types over time, if asked for.
    pub fates: Option<Fates>,
    /// The genes asked for, in that order.
    pub genes: Vec<GeneCourse>,
    /// Who listens to whom among the simulated cells at each of [`Fates::times`], if asked for; its time point is the last one that is not later.
    /// Empty where the model has no attention, or where the cells move within a population that is not simulated for itself.
    #[serde(default)]
    pub attention: Vec<Communication>,
}

/// Types of simulated cells: the majority among the nearest observed cells in the model space.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Fates {
    /// Neighbours that vote.
    pub neighbours: usize,
    /// Times at which cells were labelled, in index units.
    pub times: Array<f32>,
    /// Type of each cell, one time after the other.
    pub types: Array<u16>,
    /// Share of the votes for that type, from 0 to 1, in the same order.
    pub confidence: Array<f32>,
    /// Share of each type among the cells: times x types.
    pub shares: Array<f32>,
    /// For each cell, 1 if it passes among the cells of [`SimulationQuery::through`]; empty if none of them lies on the way.
    #[serde(default)]
    pub passed: Array<u8>,
}

/// Expression of a gene along a simulation, decoded through the loadings, at the times of the frames.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GeneCourse {
    /// The gene.
    pub gene: usize,
    /// Mean over the cells.
    pub mean: Array<f32>,
    /// Tenth percentile.
    pub low: Array<f32>,
    /// Ninetieth percentile.
    pub high: Array<f32>,
}

/// Ask what a change does: the same cells under the same noise, with and without it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExperimentQuery {
    /// The simulation without the change; its seed is the first.
    pub simulation: SimulationQuery,
    /// What is changed, all together.
    pub changes: Vec<Change>,
    /// Pairs of simulations, each with a seed of its own; at least 2, for the noise floor.
    pub seeds: u32,
}

impl Default for ExperimentQuery {
    fn default() -> Self {
        Self { simulation: SimulationQuery::default(), changes: Vec::new(), seeds: 3 }
    }
}

/// What a change does, as the fitted model predicts it. All differences are changed minus unchanged at the end of the simulation, over
/// the cells that are in both; `noise` is what the same measure gives between unchanged simulations of different seeds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Experiment {
    /// What was asked.
    pub query: ExperimentQuery,
    /// First seed, without the change, only the cells that are in both.
    pub unchanged: Simulation,
    /// First seed, with the change; the same cells in the same order.
    pub changed: Simulation,
    /// The noise floor in the plane: the unchanged cells of every seed but the first, at the end only.
    #[serde(default)]
    pub floor: Simulation,
    /// Shares of each cell type at the end, an entry for each type of the dataset.
    pub fates: Vec<FateChange>,
    /// Displacement of the cells by the type that they began with; types without simulated cells are left out.
    pub moved: Vec<Moved>,
    /// The genes that change most beyond the noise, at most 50, the largest excess first; empty without loadings.
    pub genes: Vec<GeneChange>,
}

/// Share of a cell type at the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FateChange {
    /// The type.
    pub kind: usize,
    /// Mean share without the change.
    pub unchanged: f32,
    /// Mean share with the change.
    pub changed: f32,
    /// Mean absolute difference between unchanged simulations.
    pub noise: f32,
}

/// How far the cells that began with a type are displaced, in the model space.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Moved {
    /// The type at the start.
    pub kind: usize,
    /// Simulated cells of this type, mean over seeds.
    pub cells: f32,
    /// Mean distance between the same cell with and without the change.
    pub each: f32,
    /// Distance between the means of all of them with and without the change.
    pub together: f32,
    /// Mean distance between the means of unchanged simulations: the floor for `together`.
    pub noise: f32,
}

/// Change of a gene's mean expression, decoded through the loadings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GeneChange {
    /// The gene.
    pub gene: usize,
    /// Mean difference.
    pub difference: f32,
    /// Mean absolute difference between unchanged simulations.
    pub noise: f32,
}

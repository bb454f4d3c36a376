//! Questions to a model about observed cells, and their answers, ready to draw.

use super::{Array, ModelKind, SpaceId};
use serde::{Deserialize, Serialize};

/// Which part of the drift.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum DriftPart {
    /// f = f_intra + f_inter.
    #[default]
    Total,
    /// f_intra: what a cell would do alone.
    Intrinsic,
    /// f_inter: what the population adds.
    Interaction,
    /// f_inter without the wind: the one vector that all cells of a population share, their mean.
    Differing,
}

impl DriftPart {
    /// The part that a model is asked for: without the wind it is the interaction.
    #[must_use]
    pub const fn of_model(self) -> Self {
        match self {
            Self::Differing => Self::Interaction,
            other => other,
        }
    }
}

/// Ask for the velocity of the observed cells of one time point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VelocityQuery {
    /// Time point.
    pub time: usize,
    /// Space to draw in.
    pub space: SpaceId,
    /// Part of the drift; the card says which there are.
    pub part: DriftPart,
    /// Whose velocity.
    pub model: ModelKind,
    /// The sample whose population it is; none for all cells of the time point.
    #[serde(default)]
    pub sample: Option<usize>,
}

/// Velocity f(x, population of its own time point) of observed cells, without noise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VelocityField {
    /// What was asked.
    pub query: VelocityQuery,
    /// The cells, as indices in the dataset: all cells of the time point, or an evenly spread sample of a very large one.
    pub cells: Array<u32>,
    /// x, y of each cell's velocity in the space asked for, in units of that space per sampling interval.
    pub vectors: Array<f32>,
    /// Length of each cell's velocity in the model space, per sampling interval.
    pub speeds: Array<f32>,
    /// Mean of `speeds`.
    pub mean_speed: f32,
    /// Of the interaction, the share of its mean squared length that is wind: one vector that all cells of a population share. None of other parts.
    #[serde(default)]
    pub wind: Option<f32>,
    /// The vectors are exact; false where they were projected through neighbours.
    pub exact: bool,
}

impl VelocityField {
    /// How much of an interaction all cells of a population share, in a sentence; none of other parts.
    #[must_use]
    pub fn wind_words(&self) -> Option<String> {
        let share = 100.0 * self.wind?;
        let taken_out = if self.query.part == DriftPart::Differing { ", which is taken out here" } else { "" };
        Some(format!("{share:.0} % of the interaction is one wind that all cells of a population share{taken_out}."))
    }
}

/// Which number stands for "receiver i listens to sender j".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Score {
    /// Mean attention weight over heads (paper, text).
    #[default]
    Attention,
    /// Mean over heads of attention weight times length of the sender's value vector (the authors' figures).
    Influence,
}

/// Ask who listens to whom at one time point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommunicationQuery {
    /// Time point.
    pub time: usize,
    /// The score.
    pub score: Score,
    /// Types with fewer cells than this are left out (the authors: 300; small studies need less).
    pub minimum_cells: usize,
    /// The sample whose population it is; none for all cells of the time point.
    #[serde(default)]
    pub sample: Option<usize>,
}

/// Cell-type attention at one time point. Matrices are row-major over all types of the dataset: row = receiver, column = sender.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Communication {
    /// What was asked.
    pub query: CommunicationQuery,
    /// Number of cells of each type at this time point, within the sample if the time point is very large.
    pub cells: Vec<usize>,
    /// The types with enough cells, in order; all others have NaN rows and columns.
    pub types: Vec<usize>,
    /// Mean score over receivers and senders of each pair of types.
    pub mean: Array<f32>,
    /// log2 of (share of the receiver's attention that goes to the sender type) / (share of that type among the cells).
    pub enrichment: Array<f32>,
    /// Non-reciprocity |M - M^T| / |M + M^T| of `mean` over the types with enough cells; 0 = reciprocal.
    pub non_reciprocity: f32,
}

/// How well a score ranks the interactions that a generator planted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryQuery {
    /// The number that stands for listening.
    pub score: Score,
    /// Types with fewer cells at a time point do not count there.
    pub minimum_cells: usize,
}

/// Agreement of a score, averaged over the time points, with planted interactions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recovery {
    /// What was asked.
    pub query: RecoveryQuery,
    /// Area under the ROC curve over ordered pairs of different types: 1 ranks all planted pairs first, 0.5 is chance.
    pub auroc: f64,
    /// Mean of the same area over all relabellings of the types: the control.
    pub control_mean: f64,
    /// Its standard deviation.
    pub control_sd: f64,
    /// Share of the relabellings that rank as well or better.
    pub p_value: f64,
    /// Non-reciprocity of the score's type matrix, mean over the time points.
    pub non_reciprocity: f32,
    /// Non-reciprocity of the planted matrix.
    pub planted_non_reciprocity: f32,
}

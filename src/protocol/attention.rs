//! Attention of single cells.

use super::{Array, Score};
use serde::{Deserialize, Serialize};

/// Ask who a cell listens to and who listens to it, within the population of its own time point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellQuery {
    /// The cell, as its index in the dataset.
    pub cell: u32,
    /// The score.
    pub score: Score,
}

/// Attention from and to one cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CellAttention {
    /// What was asked.
    pub query: CellQuery,
    /// The other cells of the population, as indices in the dataset: all of the time point, or an evenly spread sample of a very large one.
    pub cells: Array<u32>,
    /// Score with which the cell listens to each.
    pub listens_to: Array<f32>,
    /// Score with which each listens to the cell.
    pub heard_by: Array<f32>,
}

/// Ask for the attention between sampled cells of one time point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellMatrixQuery {
    /// Time point.
    pub time: usize,
    /// The score.
    pub score: Score,
    /// Most cells of the sample; at most 2,000.
    pub cells: usize,
    /// The sample whose population it is; none for all cells of the time point.
    #[serde(default)]
    pub sample: Option<usize>,
}

/// Attention between cells. The population is that of the time point; only what is between the sampled cells is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CellMatrix {
    /// What was asked.
    pub query: CellMatrixQuery,
    /// The sampled cells, as indices in the dataset, sorted by type.
    pub cells: Array<u32>,
    /// n x n, row = receiver, column = sender, in the order of `cells`; the diagonal is 0.
    pub values: Array<f32>,
}

/// Ask which cells of a time point would attend to a cell type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiverQuery {
    /// Time point.
    pub time: usize,
    /// The sending cell type.
    pub sender: usize,
    /// The score.
    pub score: Score,
    /// The sample whose population it is; none for all cells of the time point.
    #[serde(default)]
    pub sample: Option<usize>,
}

/// Potential receivers: how much of each cell's attention goes to the cells of the sending type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Receivers {
    /// What was asked.
    pub query: ReceiverQuery,
    /// The cells, as indices in the dataset: all of the time point, or an evenly spread sample of a very large one.
    pub cells: Array<u32>,
    /// Sum of the score over the senders, a number for each cell.
    pub values: Array<f32>,
}

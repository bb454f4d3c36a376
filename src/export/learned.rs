//! What a model said of a dataset's cells.

use super::fates::Fates;
use crate::data::Matrix;
use crate::protocol::{Communication, Evidence, ModelSummary};

/// Answers of a model, in the order of the dataset's cells.
pub(super) struct Learned {
    /// The model.
    pub(super) model: ModelSummary,
    /// Velocity in the model space: cells x d, per sampling interval.
    pub(super) velocities: Matrix,
    /// An embedding, as its position in the dataset, with the velocity projected into it: cells x 2.
    pub(super) plane: Option<(usize, Matrix)>,
    /// Further values of each cell, with their names in `obs`.
    pub(super) numbers: Vec<(&'static str, Vec<f32>)>,
    /// Where simulated copies of the cells end, if the model has noise.
    pub(super) fates: Option<Fates>,
    /// Attention between types, if the model has any.
    pub(super) attention: Option<Attention>,
    /// Share of each receiver's (row) drift that goes without each sender (column), if cells of the model influence each other.
    pub(super) effects: Option<Vec<Option<f64>>>,
    /// What the data determine before any training, if there are several types.
    pub(super) evidence: Option<Evidence>,
}

/// Attention between types, time point by time point: receiver x sender.
pub(super) struct Attention {
    /// Types with fewer cells at a time point are NaN there.
    pub(super) minimum_cells: usize,
    /// Mean attention: time points x types x types.
    pub(super) mean: Vec<f32>,
    /// log2 enrichment over the share of cells: time points x types x types.
    pub(super) enrichment: Vec<f32>,
    /// Non-reciprocity of each time point.
    pub(super) non_reciprocity: Vec<f32>,
}

impl Attention {
    pub(super) fn new(minimum_cells: usize) -> Self {
        Self { minimum_cells, mean: Vec::new(), enrichment: Vec::new(), non_reciprocity: Vec::new() }
    }

    /// Adds the next time point.
    pub(super) fn push(&mut self, found: &Communication) {
        self.mean.extend_from_slice(&found.mean);
        self.enrichment.extend_from_slice(&found.enrichment);
        self.non_reciprocity.push(found.non_reciprocity);
    }
}

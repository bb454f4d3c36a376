//! The part of a dataset that a training looks at which draws some of the observed cells anew in each update.

use super::training_data::training_times;
use crate::data::{Clock, Dataset};
use crate::error::Result;

/// Cells of the training time points, row-major, with their times in the study's own labels.
#[derive(Clone, Debug, PartialEq)]
pub struct Populations {
    /// Dimensions of the model space.
    pub dimensions: usize,
    /// The training time points, the first of the dataset among them, in order.
    pub times: Vec<usize>,
    /// Time label of each of them: the study's values where they rise, else positions.
    pub labels: Vec<f64>,
    /// All cells of each of them.
    pub cells: Vec<Vec<f32>>,
}

impl Populations {
    /// Takes all time points of `dataset` but the `held_out` ones.
    ///
    /// # Errors
    /// The first time point is held out, a held-out time point does not exist, or nothing is left to train on.
    pub fn new(dataset: &Dataset, held_out: &[usize]) -> Result<Self> {
        let times: Vec<usize> = [0].into_iter().chain(training_times(dataset, held_out)?).collect();
        let clock = Clock::of_labels(dataset);
        Ok(Self {
            dimensions: dataset.states.cols,
            labels: times.iter().map(|&time| clock.at(time as f64)).collect(),
            cells: times.iter().map(|&time| dataset.states_at(time).values).collect(),
            times,
        })
    }

    /// Number of cells at a position among the training times.
    pub fn count(&self, at: usize) -> usize {
        self.cells[at].len() / self.dimensions
    }

    /// Some cells at a position among the training times, row-major.
    pub fn rows(&self, at: usize, rows: &[usize]) -> Vec<f32> {
        let row = |row: &usize| &self.cells[at][row * self.dimensions..(row + 1) * self.dimensions];
        rows.iter().flat_map(row).copied().collect()
    }

    /// A share of the cells at a position, rounded down, at least one.
    pub fn part(&self, at: usize, share: f64) -> usize {
        ((self.count(at) as f64 * share) as usize).max(1)
    }
}

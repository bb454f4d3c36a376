//! The observed cells of a time point as a population, and their states.

use super::{Dataset, evenly};

/// Most observed cells that form one population. Attention grows with the square of their number; of a larger time point an evenly spread sample of
/// this size stands for all.
const POPULATION_LIMIT: usize = 10_000;

impl Dataset {
    /// The observed cells of a time point that form its population: all of them, or an evenly spread sample.
    pub fn population(&self, time: usize) -> Vec<u32> {
        let all = self.cells_at(time);
        evenly(all.len(), POPULATION_LIMIT).map(|k| all[k]).collect()
    }

    /// Row-major model-space coordinates of some cells.
    pub fn states_of(&self, cells: &[u32]) -> Vec<f32> {
        cells.iter().flat_map(|&cell| self.states.row(cell as usize)).copied().collect()
    }
}

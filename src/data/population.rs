//! The observed cells of a time point as a population, and their states.

use super::{Dataset, Matrix, evenly};
use crate::{Error, Result};

/// Most observed cells that form one population. Attention grows with the square of their number; of a larger time point an evenly spread sample of
/// this size stands for all.
const POPULATION_LIMIT: usize = 10_000;

impl Dataset {
    /// The cells of a time point, in the order of the dataset.
    pub fn cells_at(&self, time: usize) -> Vec<u32> {
        (0..).zip(&self.times).filter(|(_, cell_time)| **cell_time as usize == time).map(|(cell, _)| cell).collect()
    }

    /// The states of the cells of a time point: cells x d.
    pub fn states_at(&self, time: usize) -> Matrix {
        let cells = self.cells_at(time);
        let values = cells.iter().flat_map(|cell| self.states.row(*cell as usize)).copied().collect();
        Matrix { rows: cells.len(), cols: self.states.cols, values }
    }

    /// The observed cells of a time point that form its population: all of them, or an evenly spread sample.
    pub fn population(&self, time: usize) -> Vec<u32> {
        let all = self.cells_at(time);
        evenly(all.len(), POPULATION_LIMIT).map(|k| all[k]).collect()
    }

    /// The same of one sample, where one is named.
    pub fn population_of(&self, time: usize, sample: Option<usize>) -> Vec<u32> {
        let Some(sample) = sample else { return self.population(time) };
        let all = self.sample_cells(sample, time);
        evenly(all.len(), POPULATION_LIMIT).map(|k| all[k]).collect()
    }

    /// All cells of a time point in evenly mixed parts, none larger than a population can be.
    pub fn populations(&self, time: usize) -> Vec<Vec<u32>> {
        let cells = self.cells_at(time);
        let parts = cells.len().div_ceil(POPULATION_LIMIT);
        (0..parts).map(|part| cells.iter().copied().skip(part).step_by(parts).collect()).collect()
    }

    /// Every cell has a name, or none has.
    pub(super) fn check_names(&self) -> Result<()> {
        let (names, cells) = (self.cell_names.len(), self.states.rows);
        if names != 0 && names != cells {
            return Err(Error::input(format!("{names} names for {cells} cells")).at("cell names"));
        }
        Ok(())
    }

    /// Row-major model-space coordinates of some cells.
    pub fn states_of(&self, cells: &[u32]) -> Vec<f32> {
        cells.iter().flat_map(|&cell| self.states.row(cell as usize)).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Sample;

    #[test]
    fn every_cell_is_in_one_population() {
        let dataset = Dataset { times: vec![0; 25_000], ..Dataset::default() };
        let found = dataset.populations(0);
        assert_eq!(found.len(), 3);
        assert!(found.iter().all(|cells| cells.len() <= POPULATION_LIMIT && cells.len() > 8000));
        let mut all = found.concat();
        all.sort_unstable();
        assert!(all.iter().copied().eq(0..25_000));
        assert!(dataset.populations(1).is_empty());
    }

    #[test]
    fn a_sample_is_a_population_of_its_own() {
        let sample = |name: &str| Sample { name: name.into(), ..Sample::default() };
        let dataset = Dataset {
            times: vec![0, 0, 1, 0],
            cell_samples: vec![0, 1, 1, 1],
            samples: vec![sample("control"), sample("mutant")],
            ..Dataset::default()
        };
        assert_eq!(dataset.population_of(0, None), [0, 1, 3]);
        assert_eq!(dataset.population_of(0, Some(1)), [1, 3]);
        assert!(dataset.population_of(1, Some(0)).is_empty() && dataset.population_of(0, Some(7)).is_empty());
    }
}

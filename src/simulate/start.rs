//! The cells with which a simulation begins.

use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::protocol::limits::{MOST_NOISE, MOST_SIMULATED};
use crate::protocol::{Array, Change, SimulationQuery, Start};
use crate::train::Draws;
use std::collections::BTreeSet;

/// A drawn population.
pub struct Members {
    /// The observed cells that it begins as: first those that are asked about, then the population around them.
    pub cells: Vec<u32>,
    /// How many of them are asked about. If others follow, only the others are attended to.
    pub asked: usize,
}

impl Members {
    /// Draws cells as a query asks.
    ///
    /// # Errors
    /// There is no such time point, type or cell, nothing to draw from, or too much to draw.
    pub fn draw(dataset: &Dataset, query: &SimulationQuery, draws: &Draws) -> Result<Self> {
        let Start { time, types, cells, alone, sample } = &query.start;
        if *time >= dataset.time_points.len() {
            return Err(Error::request(format!("There is no time point {time} to begin at")));
        }
        known_types(dataset, types)?;
        if let Some(sample) = sample.filter(|sample| *sample >= dataset.samples.len()) {
            return Err(Error::request(format!("There is no sample {sample} to begin with")));
        }
        let all = sample.map_or_else(|| dataset.cells_at(*time), |sample| dataset.sample_cells(sample, *time));
        let among: BTreeSet<u32> = chosen(dataset, cells)?;
        let fits = |cell: &u32| {
            let kind = dataset.cell_types[*cell as usize] as usize;
            (types.is_empty() || types.contains(&kind)) && (among.is_empty() || among.contains(cell))
        };
        let from: Vec<u32> = all.iter().copied().filter(fits).collect();
        if from.is_empty() {
            let label = &dataset.time_points[*time].label;
            let whose = sample.map_or(String::new(), |sample| format!(" in “{}”", dataset.samples[sample].name));
            let what = format!("None of the chosen cells is at {label}{whose}, where the simulation would begin");
            return Err(Error::request(what).remedy("Choose other cells or types, or begin at their time point."));
        }
        let around = !alone && from.len() < all.len();
        if query.cells == 0 {
            return Err(Error::request("A simulation needs at least one cell"));
        }
        if query.cells > MOST_SIMULATED {
            let what = format!("A simulation has at most {MOST_SIMULATED} cells");
            return Err(Error::request(what).remedy("Ask for fewer."));
        }
        let mut drawn: Vec<u32> =
            draws.cells(0, from.len(), query.cells).into_iter().map(|index| from[index]).collect();
        if around {
            drawn.extend(draws.cells(1, all.len(), query.cells).into_iter().map(|index| all[index]));
        }
        Ok(Self { cells: drawn, asked: query.cells })
    }

    /// Positions of the members that stay when `changes` take cells out, in order.
    ///
    /// # Errors
    /// There is no such type or cell, or nobody that is asked about stays.
    pub fn staying(&self, dataset: &Dataset, changes: &[Change]) -> Result<Vec<usize>> {
        let mut removed_types = BTreeSet::new();
        let mut removed = BTreeSet::new();
        for change in changes {
            if let Change::Remove { types, cells } = change {
                known_types(dataset, types)?;
                removed_types.extend(types.iter().map(|kind| *kind as u32));
                removed.extend(chosen(dataset, cells)?);
            }
        }
        let stays = |position: &usize| {
            let cell = self.cells[*position];
            !removed.contains(&cell) && !removed_types.contains(&dataset.cell_types[cell as usize])
        };
        let staying: Vec<usize> = (0..self.cells.len()).filter(stays).collect();
        if staying.first().is_none_or(|first| *first >= self.asked) {
            let what = "All simulated cells would be taken out of the population";
            return Err(Error::request(what).remedy("Take out fewer, or begin with more types or at another time."));
        }
        Ok(staying)
    }
}

/// The multiple of the model's diffusion that a query asks for.
///
/// # Errors
/// It cannot be used.
pub fn check_noise(query: &SimulationQuery) -> Result<f32> {
    if (0.0..=MOST_NOISE).contains(&query.noise) {
        return Ok(query.noise);
    }
    Err(Error::request(format!("The noise must be a multiple of the model's diffusion from 0 to {MOST_NOISE}")))
}

/// The types are types of the dataset.
pub fn known_types(dataset: &Dataset, types: &[usize]) -> Result<()> {
    match types.iter().find(|kind| **kind >= dataset.types.len()) {
        Some(kind) => Err(Error::request(format!("There is no cell type {kind}"))),
        None => Ok(()),
    }
}

fn chosen(dataset: &Dataset, cells: &Array<u32>) -> Result<BTreeSet<u32>> {
    match cells.iter().find(|cell| **cell as usize >= dataset.states.rows) {
        Some(cell) => Err(Error::request(format!("There is no cell {cell}"))),
        None => Ok(cells.iter().copied().collect()),
    }
}

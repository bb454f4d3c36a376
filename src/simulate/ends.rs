//! Where copies of single cells end.

use super::fates::Neighbourhood;
use super::{Journey, Moves};
use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::protocol::{CellFates, FatesQuery, SimulationQuery, Start};
use crate::tensor::read;
use burn::tensor::Device;

/// Copies of cells on their way, cell after cell, one bounded piece at a time.
pub struct Ends<M: Moves> {
    query: FatesQuery,
    model: M,
    neighbourhood: Neighbourhood,
    running: Option<M::Journey>,
    /// Shares of the types, for the cells that are done.
    shares: Vec<f32>,
    types: Vec<u16>,
}

impl<M: Moves> Ends<M> {
    /// Copies of the cells of a query, of which none has begun to move.
    ///
    /// # Errors
    /// The model has no noise, there are no cells or copies, or no such cell.
    pub fn new(dataset: &Dataset, model: M, query: FatesQuery) -> Result<Self> {
        if !query.model.card().can.noise {
            let what =
                format!("{} has no noise, so that all copies of a cell end at the same place", query.model.name());
            return Err(Error::request(what).remedy("Choose a model with noise, or simulate the cell."));
        }
        if query.cells.is_empty() || query.copies == 0 {
            return Err(
                Error::request("There is no cell to follow").remedy("Choose cells, and at least one copy of each.")
            );
        }
        if let Some(cell) = query.cells.iter().find(|cell| **cell as usize >= dataset.states.rows) {
            return Err(Error::request(format!("There is no cell {cell}")));
        }
        let neighbourhood = Neighbourhood::new(dataset);
        Ok(Self { query, model, neighbourhood, running: None, shares: Vec::new(), types: Vec::new() })
    }

    /// Share that is done, 0 to 1.
    pub fn progress(&self) -> f32 {
        let part = self.running.as_ref().map_or(0.0, Journey::progress);
        (self.types.len() as f32 + part) / self.query.cells.len() as f32
    }

    /// Does one bounded piece of work; the answer when all is done.
    ///
    /// # Errors
    /// The cells cannot be moved as asked for, or the device failed.
    pub async fn advance(&mut self, dataset: &Dataset, device: &Device) -> Result<Option<CellFates>> {
        match self.running.take() {
            Some(mut journey) if !journey.is_finished() => {
                journey.step(dataset).await?;
                self.running = Some(journey);
            }
            Some(journey) => self.end(&read(journey.state()).await?),
            None => {
                let Some(&cell) = self.query.cells.get(self.types.len()) else { return Ok(Some(self.answer())) };
                let time = dataset.times[cell as usize] as usize;
                let last = (dataset.time_points.len() - 1) as f64;
                if self.query.until.unwrap_or(last) <= time as f64 {
                    // It is where it ends.
                    self.end(dataset.states.row(cell as usize));
                } else {
                    self.running = Some(self.model.journey(dataset, &self.copies(cell, time), &[], device)?);
                }
            }
        }
        Ok(None)
    }

    fn copies(&self, cell: u32, time: usize) -> SimulationQuery {
        let FatesQuery { model, copies, until, seed, noise, .. } = self.query;
        SimulationQuery {
            model,
            cells: copies as usize,
            seed: seed.wrapping_add(cell),
            start: Start { time, cells: vec![cell].into(), ..Start::default() },
            until,
            noise,
            ..SimulationQuery::default()
        }
    }

    fn end(&mut self, states: &[f32]) {
        let shares = self.neighbourhood.shares(&self.neighbourhood.label(states).types);
        let most = shares.iter().copied().fold(0.0, f32::max);
        self.types.push(shares.iter().position(|share| *share == most).unwrap_or(0) as u16);
        self.shares.extend(shares);
    }

    fn answer(&mut self) -> CellFates {
        let (shares, types) = (std::mem::take(&mut self.shares), std::mem::take(&mut self.types));
        let neighbours = self.neighbourhood.no_fates().neighbours;
        CellFates { query: self.query.clone(), shares: shares.into(), types: types.into(), neighbours }
    }
}

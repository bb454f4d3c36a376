//! Cells on their way through time, as either model moves them, and the frames that are kept of them.

use super::film::{Film, Frames};
use super::linear::Walk;
use super::rollout::Rollout;
use crate::data::Dataset;
use crate::error::Result;
use crate::model::ScImf;
use crate::operators::OperatorField;
use crate::projection::Plane;
use crate::protocol::SimulationQuery;
use burn::tensor::Device;
use std::sync::Arc;

/// Cells of a query on their way, with a copy of their model.
pub struct Moving {
    pub(super) query: SimulationQuery,
    cells: Cells,
    film: Film,
}

enum Cells {
    ScImf(Box<Rollout>),
    CellMnn(Box<Walk>),
}

impl Moving {
    /// Cells that scIMF moves.
    ///
    /// # Errors
    /// The query cannot be followed (no cells, a time that is not there, …).
    pub fn scimf(model: &ScImf, dataset: &Dataset, query: &SimulationQuery, device: &Device) -> Result<Self> {
        check(dataset, query)?;
        let rollout = Rollout::new(model, dataset, query, &[], device)?;
        let mut film = Film::new(query)?;
        film.expose(&rollout);
        Ok(Self { query: query.clone(), cells: Cells::ScImf(Box::new(rollout)), film })
    }

    /// Cells that Cell-MNN moves, in its components.
    ///
    /// # Errors
    /// As [`Self::scimf`].
    pub fn cell_mnn(field: OperatorField, query: &SimulationQuery, device: &Device) -> Result<Self> {
        check(&field.dataset, query)?;
        let walk = Walk::new(field, query, device)?;
        let mut film = Film::new(query)?;
        film.take(walk.time(), walk.state());
        Ok(Self { query: query.clone(), cells: Cells::CellMnn(Box::new(walk)), film })
    }

    /// Share of the way that is done, 0 to 1.
    pub(super) fn progress(&self) -> f32 {
        match &self.cells {
            Cells::ScImf(rollout) => rollout.steps() as f32 / rollout.steps_in_all().max(1) as f32,
            Cells::CellMnn(walk) => walk.progress(),
        }
    }

    /// The dataset in which the cells are seen, if it is another than the open one: with the components that the model knows.
    pub(super) fn seen_in(&self) -> Option<Arc<Dataset>> {
        match &self.cells {
            Cells::ScImf(_) => None,
            Cells::CellMnn(walk) => Some(walk.dataset()),
        }
    }

    /// The observed cells that they began as.
    pub(super) fn began_as(&self) -> Vec<u32> {
        match &self.cells {
            Cells::ScImf(rollout) => rollout.began_as(),
            Cells::CellMnn(walk) => walk.began_as().to_vec(),
        }
    }

    /// Moves the cells one step; false if they had arrived before.
    ///
    /// # Errors
    /// The device failed.
    pub(super) async fn step(&mut self, dataset: &Dataset) -> Result<bool> {
        match &mut self.cells {
            Cells::ScImf(rollout) if !rollout.is_finished() => {
                rollout.advance(dataset).await?;
                self.film.expose(rollout);
            }
            Cells::CellMnn(walk) if !walk.is_finished() => {
                walk.advance().await?;
                self.film.take(walk.time(), walk.state());
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The frames so far.
    pub(super) fn film(self) -> Film {
        self.film
    }

    /// Moves the cells to the end; all frames, and the observed cells that they began as.
    ///
    /// # Errors
    /// The device failed.
    pub(super) async fn moved_to_the_end(mut self, dataset: &Dataset) -> Result<(Frames, Vec<u32>)> {
        while self.step(dataset).await? {}
        let began_as = self.began_as();
        Ok((self.film.frames().await?, began_as))
    }
}

/// What is asked for besides the cells is there.
fn check(dataset: &Dataset, query: &SimulationQuery) -> Result<()> {
    Plane::new(dataset, query.space)?;
    query.genes.iter().try_for_each(|gene| dataset.gene(*gene).map(|_| ()))
}

//! Cells on their way through time, whatever moves them.

use super::TypedCells;
use crate::data::Dataset;
use crate::error::Result;
use crate::protocol::{Change, Communication, CommunicationQuery, SimulationQuery};
use burn::tensor::{Device, Tensor};
use std::sync::Arc;

/// A model that can move cells.
pub trait Moves: Clone {
    /// Cells that it moves.
    type Journey: Journey;

    /// Draws the cells of a query and makes `changes` to them. The same query draws the same cells and the same noise for each of them, whatever
    /// is changed.
    ///
    /// # Errors
    /// The query or a change cannot be followed.
    fn journey(
        &self,
        dataset: &Dataset,
        query: &SimulationQuery,
        changes: &[Change],
        device: &Device,
    ) -> Result<Self::Journey>;
}

/// Cells on their way from the start to the end of a query.
pub trait Journey {
    /// Takes the next step. Not to be called at the end.
    ///
    /// # Errors
    /// The device failed.
    fn step(&mut self, dataset: &Dataset) -> impl Future<Output = Result<()>>;

    /// The end is reached.
    fn is_finished(&self) -> bool;

    /// Share of the way that is done, 0 to 1.
    fn progress(&self) -> f32;

    /// Where the cells are, in index units.
    fn time(&self) -> f64;

    /// The present state is one of the frames that the query asks for.
    fn is_frame(&self) -> bool;

    /// The cells that are asked about as they are: `[cells, d]`.
    fn state(&self) -> Tensor<2>;

    /// The observed cells that those of [`Self::state`] began as.
    fn began_as(&self) -> Vec<u32>;

    /// Positions of the cells of [`Self::state`] among those that were drawn: changes may take cells out.
    fn asked_positions(&self) -> Vec<usize>;

    /// Who listens to whom in a population like that of [`Self::state`]; none where the model has no attention or the cells of the state hear
    /// others than each other.
    ///
    /// # Errors
    /// The device failed.
    fn attention(
        &self,
        population: TypedCells,
        query: CommunicationQuery,
    ) -> impl Future<Output = Result<Option<Communication>>> {
        let _ = (population, query);
        async { Ok(None) }
    }

    /// The dataset in which the cells are seen, if it is another than the open one: with the components that the model knows.
    fn seen_in(&self) -> Option<Arc<Dataset>> {
        None
    }
}

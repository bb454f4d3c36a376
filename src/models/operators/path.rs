//! Cells of a query on their way under operators.

use super::OperatorField;
use super::flow::frozen;
use crate::error::Result;
use crate::protocol::SimulationQuery;
use crate::simulate::{Members, grid, stride};
use crate::tensor::upload;
use crate::train::Draws;
use burn::tensor::Tensor;

/// Finest grid of frames, in index units. Locally linear models take no steps of their own.
const GRID: f64 = 0.1;

/// The observed cells that a query draws, and the times of its frames in index units.
///
/// # Errors
/// The query cannot be followed.
pub fn plan(field: &OperatorField, query: &SimulationQuery) -> Result<(Vec<u32>, Vec<f64>)> {
    let (grid, stride) = (grid(&field.dataset, query, GRID)?, stride(query, GRID)?);
    // Cells do not notice each other, so nobody is needed around them.
    let mut alone = query.clone();
    alone.start.alone = true;
    let cells = Members::draw(&field.dataset, &alone, &Draws::Seeded(query.seed))?.cells;
    let frames = (0..=grid.steps).filter(|step| step.is_multiple_of(stride) || *step == grid.steps);
    Ok((cells, frames.map(|step| grid.time(step)).collect()))
}

/// Times at which cells are looked at, in index units.
pub(super) struct Path<'a> {
    pub(super) field: &'a OperatorField,
    pub(super) times: Vec<f64>,
}

impl<'a> Path<'a> {
    pub(super) fn new(field: &'a OperatorField, times: Vec<f64>) -> Self {
        Self { field, times }
    }

    fn clock(&self) -> Vec<f64> {
        self.times.iter().map(|time| self.field.clock.at(*time)).collect()
    }

    /// Standardised states at all times, the first of which are `start`; the operator is read anew at each.
    pub(super) async fn reencoded(&self, start: Tensor<2>) -> Result<Vec<Tensor<2>>> {
        self.field.reencoded(start, &self.clock()).await
    }

    /// The same under the operator that is read at the start.
    pub(super) async fn frozen(&self, start: Tensor<2>) -> Result<Vec<Tensor<2>>> {
        let (times, cells) = (self.clock(), start.dims()[0]);
        let time = upload(vec![times[0] as f32; cells], [cells, 1], &start.device());
        let operators = self.field.operators(start.clone(), time);
        let mut states = vec![start.clone()];
        for time in &times[1..] {
            states.push(frozen(&operators, start.clone(), time - times[0]).await?);
        }
        Ok(states)
    }
}

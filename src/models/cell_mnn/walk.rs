//! Cells that Cell-MNN moves: without noise, each on its own, the operator read anew at each frame.

use super::{CellMnn, OperatorField};
use crate::data::Dataset;
use crate::error::Result;
use crate::protocol::SimulationQuery;
use crate::simulate::{Journey, Members, grid, stride};
use crate::tensor::upload;
use crate::train::Draws;
use burn::tensor::{Device, Tensor};
use std::sync::Arc;

/// Finest grid of frames, in index units. The model takes no steps of its own.
const GRID: f64 = 0.1;

/// Cells on their way from the start to the end of a query.
pub struct Walk {
    field: OperatorField,
    /// The observed cells that they began as.
    cells: Vec<u32>,
    /// Times of the frames, in index units.
    times: Vec<f64>,
    /// Frames so far.
    next: usize,
    /// Standardised components.
    z: Tensor<2>,
}

impl Walk {
    /// Draws the cells of a query.
    ///
    /// # Errors
    /// The query cannot be followed.
    pub fn new(field: OperatorField, query: &SimulationQuery, device: &Device) -> Result<Self> {
        let (cells, times) = plan(&field, query)?;
        let z = upload(field.standardised(&cells), [cells.len(), field.dimensions()], device);
        Ok(Self { field, cells, times, next: 1, z })
    }
}

impl Journey for Walk {
    /// Goes on to the next frame, under the operator that is read anew.
    async fn step(&mut self, _: &Dataset) -> Result<()> {
        let span = [self.next - 1, self.next].map(|frame| self.field.clock.at(self.times[frame]));
        if let Some(z) = self.field.model.reencoded(self.z.clone(), &span).await?.pop() {
            self.z = z;
        }
        self.next += 1;
        Ok(())
    }

    fn is_finished(&self) -> bool {
        self.next == self.times.len()
    }

    fn progress(&self) -> f32 {
        (self.next - 1) as f32 / (self.times.len() - 1).max(1) as f32
    }

    fn time(&self) -> f64 {
        self.times[self.next - 1]
    }

    fn is_frame(&self) -> bool {
        true
    }

    fn state(&self) -> Tensor<2> {
        components(&self.field.model, self.z.clone())
    }

    fn began_as(&self) -> Vec<u32> {
        self.cells.clone()
    }

    fn asked_positions(&self) -> Vec<usize> {
        (0..self.cells.len()).collect()
    }

    fn seen_in(&self) -> Option<Arc<Dataset>> {
        Some(self.field.dataset.clone())
    }
}

/// The observed cells that a query draws, and the times of its frames in index units.
pub(super) fn plan(field: &OperatorField, query: &SimulationQuery) -> Result<(Vec<u32>, Vec<f64>)> {
    let (grid, stride) = (grid(&field.dataset, query, GRID)?, stride(query, GRID)?);
    // Cells do not hear each other, so nobody is needed around them.
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
        self.field.model.reencoded(start, &self.clock()).await
    }

    /// The same under the operator that is read at the start.
    pub(super) async fn frozen(&self, start: Tensor<2>) -> Result<Vec<Tensor<2>>> {
        let (times, cells) = (self.clock(), start.dims()[0]);
        let time = upload(vec![times[0] as f32; cells], [cells, 1], &start.device());
        let operators = self.field.model.operators(start.clone(), time);
        let mut states = vec![start.clone()];
        for time in &times[1..] {
            states.push(CellMnn::frozen(&operators, start.clone(), time - times[0]).await?);
        }
        Ok(states)
    }
}

/// Components as they are, from standardised ones.
pub(super) fn components(model: &CellMnn, z: Tensor<2>) -> Tensor<2> {
    let d = model.config.dimensions;
    let row = |values: &[f32]| upload(values.to_vec(), [1, d], &z.device());
    let (scale, centre) = (row(&model.standard.scale), row(&model.standard.centre));
    z * scale + centre
}

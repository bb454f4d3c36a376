//! Cells that Cell-MNN moves: without noise, each on its own, the operator read anew at each frame.

use crate::data::Dataset;
use crate::error::Result;
use crate::models::operators::{OperatorField, plan};
use crate::protocol::SimulationQuery;
use crate::simulate::Journey;
use crate::tensor::upload;
use burn::tensor::{Device, Tensor};
use std::sync::Arc;

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
        if let Some(z) = self.field.reencoded(self.z.clone(), &span).await?.pop() {
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
        self.field.components(self.z.clone())
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

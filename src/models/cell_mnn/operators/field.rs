//! The operators of a dataset's cells.

use crate::data::{Clock, Dataset, Space, evenly};
use crate::error::{Error, Result};
use crate::models::cell_mnn::{CellMnn, matvec};
use crate::protocol::OperatorOf;
use crate::tensor::{read, upload};
use burn::tensor::{Device, Tensor};
use std::sync::Arc;

/// Numbers of operators that are held at once: 64 MB of f32.
const NUMBERS_AT_ONCE: usize = 16 << 20;
/// Cells whose operators are averaged; an evenly spread sample of more.
const MOST_AVERAGED: usize = 4096;

/// A Cell-MNN model with the dataset that it works on, seen in its components.
#[derive(Clone)]
pub struct OperatorField {
    /// The model.
    pub model: CellMnn,
    /// The dataset with the model's components only.
    pub dataset: Arc<Dataset>,
    /// The model's time.
    pub clock: Clock,
}

impl OperatorField {
    /// A model on a dataset, which has at least the model's components.
    pub fn new(model: CellMnn, dataset: &Dataset) -> Self {
        let components = Arc::new(dataset.first_components(model.config.dimensions));
        Self { model, clock: Clock::of(dataset), dataset: components }
    }

    /// The same dataset under other weights.
    #[must_use]
    pub fn with(&self, model: CellMnn) -> Self {
        Self { model, ..self.clone() }
    }

    /// d.
    pub fn dimensions(&self) -> usize {
        self.model.config.dimensions
    }

    /// Standardised components of some cells, row-major.
    pub fn standardised(&self, cells: &[u32]) -> Vec<f32> {
        let states = self.dataset.states_of(cells);
        self.model.standard.encode(&states, self.dimensions())
    }

    /// Operators of some observed cells at their own times: n x d x d, row-major.
    ///
    /// # Errors
    /// The device failed.
    pub async fn matrices(&self, cells: &[u32], device: &Device) -> Result<Vec<f32>> {
        let d = self.dimensions();
        let mut all = Vec::with_capacity(cells.len() * d * d);
        for cells in cells.chunks((NUMBERS_AT_ONCE / (d * d)).max(1)) {
            let (_, operators) = self.placed(cells, device);
            all.extend(read(operators).await?);
        }
        Ok(all)
    }

    /// Velocity A(z, t) z of some observed cells in the components as they are, row-major, per sampling interval (index unit).
    ///
    /// # Errors
    /// The device failed.
    pub async fn velocities(&self, cells: &[u32], device: &Device) -> Result<Vec<f32>> {
        let d = self.dimensions();
        let mut all = Vec::with_capacity(cells.len() * d);
        for cells in cells.chunks((NUMBERS_AT_ONCE / (d * d)).max(1)) {
            let (z, operators) = self.placed(cells, device);
            let velocities = self.model.standard.push(&read(matvec(&operators, z)).await?);
            let rates = cells.iter().map(|&cell| self.clock.rate(f64::from(self.dataset.times[cell as usize])) as f32);
            all.extend(velocities.chunks_exact(d).zip(rates).flat_map(|(v, rate)| v.iter().map(move |x| x * rate)));
        }
        Ok(all)
    }

    fn placed(&self, cells: &[u32], device: &Device) -> (Tensor<2>, Tensor<3>) {
        let z = upload(self.standardised(cells), [cells.len(), self.dimensions()], device);
        let time = |&cell: &u32| self.clock.at(f64::from(self.dataset.times[cell as usize])) as f32;
        let times = upload(cells.iter().map(time).collect(), [cells.len(), 1], device);
        (z.clone(), self.model.operators(z, times))
    }

    /// The cells that are meant: one, or an evenly spread sample of a time point's.
    ///
    /// # Errors
    /// There is no such cell, time point or type, or no cell of the type there.
    pub fn cells_of(&self, of: OperatorOf) -> Result<Vec<u32>> {
        let dataset = &self.dataset;
        let cells = match of {
            OperatorOf::Cell(cell) if (cell as usize) < dataset.states.rows => vec![cell],
            OperatorOf::Cell(cell) => return Err(Error::request(format!("There is no cell {cell}"))),
            OperatorOf::Cells { time, kind } => {
                let label = match dataset.time_points.get(time) {
                    Some(point) => &point.label,
                    None => return Err(Error::request(format!("There is no time point {time}"))),
                };
                let kind = match kind.map(|kind| (kind, dataset.types.get(kind))) {
                    None => None,
                    Some((kind, Some(named))) => Some((kind, named)),
                    Some((kind, None)) => return Err(Error::request(format!("There is no cell type {kind}"))),
                };
                let mut cells = dataset.cells_at(time);
                cells.retain(|&cell| kind.is_none_or(|(kind, _)| dataset.cell_types[cell as usize] as usize == kind));
                if let (true, Some((_, named))) = (cells.is_empty(), kind) {
                    return Err(Error::request(format!("There are no cells of the type {} at {label}", named.name)));
                }
                cells
            }
        };
        Ok(evenly(cells.len(), MOST_AVERAGED).map(|k| cells[k]).collect())
    }
}

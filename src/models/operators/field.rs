//! The operators of a dataset's cells.

use super::LocallyLinear;
use super::flow::{matvec, reencoded};
use crate::data::{Clock, Dataset, Space, Standard, evenly};
use crate::error::{Error, Result};
use crate::protocol::OperatorOf;
use crate::tensor::{read, upload};
use burn::tensor::{Device, Tensor};
use std::sync::Arc;

/// Numbers of operators that are held at once: 64 MB of f32.
const NUMBERS_AT_ONCE: usize = 16 << 20;
/// Cells whose operators are averaged; an evenly spread sample of more.
const MOST_AVERAGED: usize = 4096;

/// A locally linear model with the dataset that it works on, seen in its components.
#[derive(Clone)]
pub struct OperatorField {
    model: Arc<dyn LocallyLinear>,
    /// The dataset with the model's components only.
    pub dataset: Arc<Dataset>,
    /// The model's time.
    pub clock: Clock,
}

impl OperatorField {
    /// A model on a dataset, which has at least the model's components.
    pub fn new(model: impl LocallyLinear + 'static, dataset: &Dataset) -> Self {
        let components = Arc::new(dataset.first_components(model.standard().scale.len()));
        Self { model: Arc::new(model), clock: Clock::of(dataset), dataset: components }
    }

    /// The same dataset under another model of its components.
    #[must_use]
    pub fn with(&self, model: impl LocallyLinear + 'static) -> Self {
        Self { model: Arc::new(model), ..self.clone() }
    }

    /// d.
    pub fn dimensions(&self) -> usize {
        self.dataset.states.cols
    }

    /// The components that the model works in.
    pub fn standard(&self) -> &Standard {
        self.model.standard()
    }

    /// Standardised components of some cells, row-major.
    pub fn standardised(&self, cells: &[u32]) -> Vec<f32> {
        let states = self.dataset.states_of(cells);
        self.standard().encode(&states, self.dimensions())
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
        let times: Vec<f64> = cells.iter().map(|&cell| f64::from(self.dataset.times[cell as usize])).collect();
        self.drifts(&self.dataset.states_of(cells), &times, device).await
    }

    /// The same at row-major components and times in index units.
    ///
    /// # Errors
    /// The device failed.
    pub async fn drifts(&self, states: &[f32], times: &[f64], device: &Device) -> Result<Vec<f32>> {
        let d = self.dimensions();
        let mut all = Vec::with_capacity(states.len());
        let most = (NUMBERS_AT_ONCE / (d * d)).max(1);
        for (states, times) in states.chunks(most * d).zip(times.chunks(most)) {
            let (z, operators) = self.operating(states, times, device);
            let velocities = self.standard().push(&read(matvec(&operators, z)).await?);
            let rates = times.iter().map(|time| self.clock.rate(*time) as f32);
            all.extend(velocities.chunks_exact(d).zip(rates).flat_map(|(v, rate)| v.iter().map(move |x| x * rate)));
        }
        Ok(all)
    }

    /// The operators of cells at states and times; see [`LocallyLinear::operators`].
    pub fn operators(&self, z: Tensor<2>, time: Tensor<2>) -> Tensor<3> {
        self.model.operators(z, time)
    }

    /// Moves cells along `times` under operators that are read anew; see [`reencoded`].
    ///
    /// # Errors
    /// As [`reencoded`].
    pub async fn reencoded(&self, z: Tensor<2>, times: &[f64]) -> Result<Vec<Tensor<2>>> {
        reencoded(&*self.model, z, times).await
    }

    /// Components as they are, from standardised ones.
    ///
    /// # Shapes
    /// - `z`, output: `[n, d]`
    pub fn components(&self, z: Tensor<2>) -> Tensor<2> {
        let d = self.dimensions();
        let row = |values: &[f32]| upload(values.to_vec(), [1, d], &z.device());
        let (scale, centre) = (row(&self.standard().scale), row(&self.standard().centre));
        z * scale + centre
    }

    fn placed(&self, cells: &[u32], device: &Device) -> (Tensor<2>, Tensor<3>) {
        let times: Vec<f64> = cells.iter().map(|&cell| f64::from(self.dataset.times[cell as usize])).collect();
        self.operating(&self.dataset.states_of(cells), &times, device)
    }

    /// Standardised components of cells and their operators, at times in index units.
    fn operating(&self, states: &[f32], times: &[f64], device: &Device) -> (Tensor<2>, Tensor<3>) {
        let z = upload(self.standard().encode(states, self.dimensions()), [times.len(), self.dimensions()], device);
        let times = upload(times.iter().map(|time| self.clock.at(*time) as f32).collect(), [times.len(), 1], device);
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

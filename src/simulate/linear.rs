//! Cells that Cell-MNN moves: without noise, each on its own, the operator read anew at each frame.

use super::rollout::{grid, stride};
use super::start::Members;
use super::{Film, Neighbourhood};
use crate::error::Result;
use crate::model::CellMnn;
use crate::operators::OperatorField;
use crate::protocol::{Simulation, SimulationQuery};
use crate::tensor::upload;
use crate::train::Draws;
use burn::tensor::{Device, Tensor};

/// Moves cells and shows them as asked for.
///
/// # Errors
/// The query cannot be followed, or the device failed.
pub async fn linear(field: &OperatorField, query: &SimulationQuery, device: &Device) -> Result<Simulation> {
    let (film, _) = filmed(field, query, device).await?;
    let neighbourhood = query.fates.then(|| Neighbourhood::new(&field.dataset));
    film.develop(&field.dataset, neighbourhood.as_ref(), None).await
}

/// Moves cells from the start to the end of a query; the frames, and the observed cells that they began as.
pub(super) async fn filmed(
    field: &OperatorField,
    query: &SimulationQuery,
    device: &Device,
) -> Result<(Film, Vec<u32>)> {
    let (cells, times) = plan(field, query)?;
    let start = upload(field.standardised(&cells), [cells.len(), field.dimensions()], device);
    let path = Path::new(field, times);
    let states = path.reencoded(start).await?.into_iter().map(|z| components(&field.model, z)).collect();
    let times = path.times.iter().map(|time| *time as f32).collect();
    Ok((Film { times, states, ..Film::new(query)? }, cells))
}

/// The observed cells that a query draws, and the times of its frames in index units.
pub(super) fn plan(field: &OperatorField, query: &SimulationQuery) -> Result<(Vec<u32>, Vec<f64>)> {
    let (grid, stride) = (grid(&field.dataset, query)?, stride(query)?);
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

//! Cell-MNN among the models that are evaluated.

use super::baseline::MOST_CELLS;
use crate::data::{Dataset, evenly};
use crate::error::Result;
use crate::model::CellMnn;
use crate::operators::OperatorField;
use crate::protocol::CellMnnSettings;
use crate::tensor::{read, upload};
use crate::train::{OperatorTrainer, Snapshots};
use burn::tensor::Device;

/// A training on the time points that are not held out.
///
/// # Errors
/// The settings cannot be followed.
pub(super) fn trainer(dataset: &Dataset, settings: CellMnnSettings, device: &Device) -> Result<OperatorTrainer> {
    OperatorTrainer::new(vec![Snapshots::new(dataset, &settings)?], settings, None, device)
}

/// The cells of a held-out time point as predicted: all cells of the last time point before that is not held out, moved in one exponential.
/// Components as they are, row-major.
///
/// # Errors
/// The device failed.
pub(super) async fn predicted(
    field: &OperatorField,
    time: usize,
    held_out: &[usize],
    device: &Device,
) -> Result<Vec<f32>> {
    let before = (0..time).rev().find(|before| !held_out.contains(before)).unwrap_or(0);
    let cells = field.dataset.cells_at(before);
    let cells: Vec<u32> = evenly(cells.len(), MOST_CELLS).map(|k| cells[k]).collect();
    let count = cells.len();
    let z = upload(field.standardised(&cells), [count, field.dimensions()], device);
    let [from, to] = [before, time].map(|index| field.clock.at(index as f64));
    let operators = field.model.operators(z.clone(), upload(vec![from as f32; count], [count, 1], device));
    let end = read(CellMnn::frozen(&operators, z, to - from).await?).await?;
    Ok(field.model.standard.undo(&end))
}

//! Simulated populations of a trained model, and experiments on them.

mod alone;
mod audiences;
mod crowd;
mod ends;
mod experiment;
mod fates;
mod files;
mod frames;
mod genes;
mod grid;
mod journey;
mod listening;
mod moving;
mod passage;
mod simulator;
mod start;
mod together;

pub use alone::{Alone, CellStepper, Noise};
pub use audiences::Audiences;
pub use crowd::Crowd;
pub use ends::Ends;
pub use experiment::Experimenter;
pub use fates::Neighbourhood;
pub use files::file;
pub use journey::{Journey, Moves};
pub use listening::TypedCells;
pub use moving::Moving;
pub use simulator::Simulator;
pub use together::{CrowdStepper, Together};

pub(crate) use grid::{grid, stride};
pub(crate) use start::Members;

use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::protocol::Change;

/// Rows of a row-major matrix.
fn rows(values: &[f32], cols: usize, rows: &[usize]) -> Vec<f32> {
    rows.iter().flat_map(|row| &values[row * cols..(row + 1) * cols]).copied().collect()
}

/// Shifts the expression of a gene in states that have `columns` numbers each, of which the model space comes first: z + by * loadings of the gene.
///
/// # Errors
/// There is no such gene, or the shift is no number.
fn shift(dataset: &Dataset, states: &mut [f32], columns: usize, gene: usize, by: f32) -> Result<()> {
    if !by.is_finite() {
        return Err(Error::request("A gene can only be shifted by a finite number"));
    }
    let direction = dataset.gene(gene)?.loadings.row(gene);
    for state in states.chunks_exact_mut(columns) {
        state.iter_mut().zip(direction).for_each(|(z, loading)| *z += by * loading);
    }
    Ok(())
}

/// The links that are changed as long as the simulation lasts: receivers (none for all), senders and the factor of their attention.
fn scaled(changes: &[Change]) -> Vec<(Option<u32>, u32, f32)> {
    let link = |change: &Change| match change {
        Change::Mute { receiver, sender } => Some((*receiver, *sender, 0.0)),
        Change::Scale { receiver, sender, factor } => Some((*receiver, *sender, *factor)),
        Change::Remove { .. } | Change::Shift { .. } => None,
    };
    let links = changes.iter().filter_map(link).filter(|(_, _, factor)| *factor != 1.0);
    links.map(|(receiver, sender, factor)| (receiver.map(|kind| kind as u32), sender as u32, factor)).collect()
}

//! Simulated populations of a trained model, and experiments on them.

mod experiment;
mod fates;
mod files;
mod frames;
mod genes;
mod journey;
mod linear;
mod linearisation;
mod moving;
mod perturbation;
mod rollout;
mod simulator;
mod start;

pub use experiment::Experimenter;
pub use fates::Neighbourhood;
pub use files::file;
pub use journey::{Journey, Moves};
pub use linear::Walk;
pub use linearisation::linearisation;
pub use moving::Moving;
pub use perturbation::perturbation;
pub use rollout::Rollout;
pub use simulator::Simulator;

use crate::protocol::Change;

/// Rows of a row-major matrix.
fn rows(values: &[f32], cols: usize, rows: &[usize]) -> Vec<f32> {
    rows.iter().flat_map(|row| &values[row * cols..(row + 1) * cols]).copied().collect()
}

/// The changes that last as long as the simulation: who does not hear whom.
fn mutes(changes: &[Change]) -> Vec<(Option<u32>, u32)> {
    let muted = |change: &Change| match change {
        Change::Mute { receiver, sender } => Some((receiver.map(|kind| kind as u32), *sender as u32)),
        Change::Remove { .. } | Change::Shift { .. } => None,
    };
    changes.iter().filter_map(muted).collect()
}

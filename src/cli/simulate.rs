//! `scimf simulate`

use super::input::Data;
use clap::Args;
use scimf::error::Result;
use scimf::protocol::{Command, SimulationQuery};
use std::path::PathBuf;

/// Simulate cells from the first time point to the last and write their states (.npz).
#[derive(Args)]
pub struct Simulate {
    #[command(flatten)]
    data: Data,
    /// Weights (.safetensors or .pt) [default: those in the bundle].
    #[arg(long)]
    weights: Option<PathBuf>,
    /// Simulated cells.
    #[arg(long, default_value_t = 2000)]
    cells: usize,
    /// Seed of the drawn cells and the noise.
    #[arg(long, default_value_t = 0)]
    seed: u32,
    /// Saved frames between two time points, 1 to 10.
    #[arg(long, default_value_t = 1)]
    frames: usize,
    /// File to write: `states` (frames x cells x dimensions) and `times` (in units of the time point's index).
    #[arg(long, default_value = "simulated.npz")]
    output: PathBuf,
}

impl Simulate {
    /// Simulates and writes.
    pub fn run(&self) -> Result<()> {
        let mut opened = self.data.open(&[])?;
        if let Some(weights) = &self.weights {
            opened.load_weights(weights)?;
        }
        let query = SimulationQuery { space: 0, cells: self.cells, seed: self.seed, frames_per_interval: self.frames };
        opened.save(Command::SaveSimulation(query), &self.output)?;
        eprintln!("Wrote {} cells to {}.", self.cells, self.output.display());
        Ok(())
    }
}

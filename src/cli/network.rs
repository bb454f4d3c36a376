//! `scimf simulate-network`

use super::files::write_file;
use clap::Args;
use scimf::data::{bundle, known_signs};
use scimf::error::Result;
use scimf::regulation::{self, NetworkSettings};
use std::path::PathBuf;

/// Write a simulated gene network as a dataset bundle, and the signs of its regulations as a table for `scimf signs`.
#[derive(Args)]
pub struct SimulateNetwork {
    /// Bundle to write.
    #[arg(long, default_value = "network.zip")]
    output: PathBuf,
    /// Table of the signs to write.
    #[arg(long, default_value = "network-signs.tsv")]
    signs: PathBuf,
    /// Number of genes.
    #[arg(long, default_value_t = NetworkSettings::default().genes)]
    genes: usize,
    /// Number of time points.
    #[arg(long, default_value_t = NetworkSettings::default().time_points)]
    time_points: usize,
    /// Cells at each time point.
    #[arg(long, default_value_t = NetworkSettings::default().cells)]
    cells: usize,
    /// Principal components.
    #[arg(long, default_value_t = NetworkSettings::default().components)]
    components: usize,
    /// Seed of everything random.
    #[arg(long, default_value_t = NetworkSettings::default().seed)]
    seed: u64,
}

impl SimulateNetwork {
    /// Simulates and writes.
    pub fn run(&self) -> Result<()> {
        let Self { genes, time_points, cells, components, seed, .. } = *self;
        let network = regulation::simulate(&NetworkSettings { genes, time_points, cells, components, seed })?;
        write_file(&self.output, &bundle::write(&network.dataset, &[], None)?)?;
        write_file(&self.signs, known_signs::write(&network.signs).as_bytes())?;
        let cells = network.dataset.states.rows;
        say!(
            "Wrote {cells} cells to {} and {} signs to {}.",
            self.output.display(),
            network.signs.len(),
            self.signs.display()
        );
        Ok(())
    }
}

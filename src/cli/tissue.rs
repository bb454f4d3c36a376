//! `scimf simulate-tissue`

use super::files::write_file;
use clap::Args;
use scimf::error::Result;
use scimf::{data::bundle, tissue};
use std::path::PathBuf;

/// Write a simulated tissue with known interactions as a dataset bundle.
#[derive(Args)]
pub struct SimulateTissue {
    /// Bundle to write.
    #[arg(long, default_value = "tissue.zip")]
    output: PathBuf,
    /// Number of cells.
    #[arg(long, default_value_t = tissue::TissueSettings::default().cells)]
    cells: usize,
    /// Principal components.
    #[arg(long, default_value_t = tissue::TissueSettings::default().components)]
    components: usize,
    /// Make every interaction mutual.
    #[arg(long)]
    reciprocal: bool,
    /// Seed of everything random.
    #[arg(long, default_value_t = tissue::TissueSettings::default().seed)]
    seed: u64,
}

impl SimulateTissue {
    /// Simulates and writes.
    pub fn run(&self) -> Result<()> {
        let Self { cells, components, reciprocal, seed, .. } = *self;
        let settings =
            tissue::TissueSettings { cells, components, reciprocal, seed, ..tissue::TissueSettings::default() };
        let tissue = tissue::simulate(&settings)?;
        write_file(&self.output, &bundle::write(&tissue.dataset, &[], None)?)?;
        say!("Wrote {} cells to {}.", tissue.dataset.states.rows, self.output.display());
        Ok(())
    }
}

//! `scimf simulate-tissue`

use super::files::write_file;
use super::recovery::{DesignName, SendersName};
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
    /// Number of cells; with --design those of each sample in each snapshot [default: 6000, with --design 600].
    #[arg(long)]
    cells: Option<usize>,
    /// Principal components [default: 50, with --design 20].
    #[arg(long)]
    components: Option<usize>,
    /// Make every interaction mutual.
    #[arg(long, conflicts_with = "design")]
    reciprocal: bool,
    /// Samples of different compositions, with random planted interactions.
    #[arg(long, value_enum)]
    design: Option<DesignName>,
    /// What the pull of a type depends on.
    #[arg(long, value_enum, default_value_t = SendersName::Presence, requires = "design")]
    senders: SendersName,
    /// Strength of the planted interactions of a design.
    #[arg(long, default_value_t = 1.0, requires = "design")]
    strength: f32,
    /// Nothing interacts: the twin of the design.
    #[arg(long, requires = "design")]
    no_interaction: bool,
    /// Seed of everything random.
    #[arg(long, default_value_t = tissue::TissueSettings::default().seed)]
    seed: u64,
}

impl SimulateTissue {
    /// Simulates and writes.
    pub fn run(&self) -> Result<()> {
        let tissue = match self.design {
            Some(design) => {
                let usual = tissue::DesignSettings::default();
                tissue::simulate_design(&tissue::DesignSettings {
                    design: design.into(),
                    senders: self.senders.into(),
                    cells: self.cells.unwrap_or(usual.cells),
                    components: self.components.unwrap_or(usual.components),
                    strength: self.strength,
                    interacts: !self.no_interaction,
                    seed: self.seed,
                    ..usual
                })?
            }
            None => {
                let usual = tissue::TissueSettings::default();
                tissue::simulate(&tissue::TissueSettings {
                    cells: self.cells.unwrap_or(usual.cells),
                    components: self.components.unwrap_or(usual.components),
                    reciprocal: self.reciprocal,
                    seed: self.seed,
                    ..usual
                })?
            }
        };
        write_file(&self.output, &bundle::write(&tissue.dataset, &[], None)?)?;
        say!("Wrote {} cells to {}.", tissue.dataset.states.rows, self.output.display());
        Ok(())
    }
}

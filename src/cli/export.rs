//! `scimf export`

use super::figure::plane_named;
use super::files::write_file;
use super::input::{Data, Model};
use clap::Args;
use scimf::error::{Error, Result};
use scimf::protocol::{Command, Event};
use std::path::PathBuf;

/// Write the study with what a model learned of it as AnnData (.h5ad), for scanpy, scVelo and CellRank: velocity in the components and in the
/// drawn embedding, attention between types, and values of each cell.
#[derive(Args)]
pub struct Export {
    #[command(flatten)]
    data: Data,
    /// Weights (.safetensors or .pt) [default: those in the bundle].
    #[arg(long)]
    weights: Option<PathBuf>,
    /// Whose answers.
    #[arg(long, value_enum, default_value_t = Model::default())]
    model: Model,
    /// Embedding to project velocities into, by its name such as UMAP [default: the first of `scimf info`].
    #[arg(long)]
    plane: Option<String>,
    /// Simulated copies of each cell for its fate, of models with noise; 0 for none [default: up to 20, and 20000 simulated cells in all].
    #[arg(long)]
    copies: Option<u32>,
    /// File to write.
    #[arg(long, default_value = "study.h5ad")]
    output: PathBuf,
}

impl Export {
    /// Asks the model and writes.
    pub fn run(&self) -> Result<()> {
        if self.output.extension().is_none_or(|extension| !extension.eq_ignore_ascii_case("h5ad")) {
            let remedy = "Name a file that ends in .h5ad.";
            return Err(Error::request("Only AnnData is written").at(self.output.display().to_string()).remedy(remedy));
        }
        let mut opened = self.data.open(&[])?;
        if let Some(weights) = &self.weights {
            opened.load_weights(weights)?;
        }
        let space = plane_named(&opened.dataset, self.plane.as_deref())?;
        let events = opened.ask_long(Command::SaveAnnData { model: self.model.into(), space, copies: self.copies })?;
        let file = events.into_iter().find_map(|event| match event {
            Event::File { bytes, .. } => Some(bytes),
            _ => None,
        });
        write_file(&self.output, &file.ok_or_else(|| Error::internal("The engine gave no file"))?)?;
        say!("Wrote {} cells to {}.", opened.dataset.cells, self.output.display());
        Ok(())
    }
}

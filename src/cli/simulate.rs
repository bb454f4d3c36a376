//! `scimf simulate`

use super::files::kind;
use super::input::{Data, Model};
use super::samples::OfSample;
use clap::Args;
use scimf::error::{Error, Result};
use scimf::protocol::{Command, SimulationFormat, SimulationQuery, Start};
use std::path::PathBuf;

/// Simulate cells and write their states (.npz or .h5ad).
#[derive(Args)]
pub struct Simulate {
    #[command(flatten)]
    data: Data,
    /// Weights (.safetensors or .pt) [default: those in the bundle].
    #[arg(long)]
    weights: Option<PathBuf>,
    /// Which model moves the cells.
    #[arg(long, value_enum, default_value_t = Model::default())]
    model: Model,
    /// Simulated cells.
    #[arg(long, default_value_t = 2000)]
    cells: usize,
    /// Seed of the drawn cells and the noise.
    #[arg(long, default_value_t = 0)]
    seed: u32,
    /// Saved frames between two time points, 1 to 10.
    #[arg(long, default_value_t = 1)]
    frames: usize,
    /// Time point to begin at, counted from 0.
    #[arg(long, default_value_t = 0)]
    from: usize,
    #[command(flatten)]
    sample: OfSample,
    /// Cell types to begin with, by name [default: all].
    #[arg(long, value_delimiter = ',')]
    types: Vec<String>,
    /// The types are a population of their own; else they move within all cells, which do not hear them.
    #[arg(long)]
    alone: bool,
    /// Time to end at, in units of the time point's index; may lie beyond the last one [default: the last one].
    #[arg(long)]
    until: Option<f64>,
    /// Multiple of the fitted diffusion; 0 for no noise.
    #[arg(long, default_value_t = 1.0)]
    noise: f32,
    /// File to write. `.npz`: `states` (frames x cells x dimensions) and `times` (in units of the time point's index);
    /// `.h5ad`: a row for each cell and frame, with expression, time and predicted type.
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
        let types = self.types.iter().map(|name| kind(&opened.dataset, name)).collect::<Result<_>>()?;
        let sample = self.sample.position(&opened.dataset)?;
        let start = Start { time: self.from, types, alone: self.alone, sample, ..Start::default() };
        let query = SimulationQuery {
            model: self.model.into(),
            cells: self.cells,
            seed: self.seed,
            frames_per_interval: self.frames,
            start,
            until: self.until,
            noise: self.noise,
            ..SimulationQuery::default()
        };
        let extension = self.output.extension().map(|extension| extension.to_ascii_lowercase());
        let format = match extension {
            Some(extension) if extension == "h5ad" => SimulationFormat::H5ad,
            Some(extension) if extension == "npz" => SimulationFormat::Npz,
            _ => {
                let what = "Simulated cells are written as .npz or .h5ad";
                return Err(Error::request(what).at(self.output.display().to_string()));
            }
        };
        opened.save(Command::SaveSimulation { query, format }, &self.output)?;
        say!("Wrote {} cells to {}.", self.cells, self.output.display());
        Ok(())
    }
}

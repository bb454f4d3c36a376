//! `scimf train`

use super::files::print_json;
use super::input::Data;
use super::interrupt;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use scimf::error::{Error, Result};
use scimf::protocol::{Command, Event, TrainSettings, TrainingState};
use std::path::PathBuf;

/// Train scIMF on a dataset.
#[derive(Args)]
pub struct Train {
    #[command(flatten)]
    data: Data,
    /// Time points never seen in training, counted from 0.
    #[arg(long, value_delimiter = ',')]
    hold_out: Vec<usize>,
    /// Number of updates.
    #[arg(long, default_value_t = TrainSettings::default().updates)]
    updates: u32,
    /// Seed of the initial weights, the drawn cells, the noise and the dropout.
    #[arg(long, default_value_t = 0)]
    seed: u32,
    /// Simulated cells per update.
    #[arg(long, default_value_t = TrainSettings::default().cells)]
    cells: usize,
    /// Fit the model without interaction between cells.
    #[arg(long)]
    intra_only: bool,
    /// Go on from these weights (.safetensors or .pt), or from the bundle's own with `--from-bundle`.
    #[arg(long)]
    weights: Option<PathBuf>,
    /// Go on from the weights in the bundle.
    #[arg(long)]
    from_bundle: bool,
    /// Weights file to write (.safetensors).
    #[arg(long)]
    output: Option<PathBuf>,
    /// Bundle to write: the dataset with the trained weights (.zip).
    #[arg(long)]
    bundle: Option<PathBuf>,
    /// Write one JSON object a line: each update and the end.
    #[arg(long)]
    json: bool,
}

impl Train {
    /// Trains and writes what was asked for.
    pub fn run(&self) -> Result<()> {
        if self.output.is_none() && self.bundle.is_none() {
            let remedy = "Name a file with --output (weights) or --bundle (dataset and weights).";
            return Err(Error::request("Nothing would be kept of this training").remedy(remedy));
        }
        let mut opened = self.data.open(&self.hold_out)?;
        if let Some(weights) = &self.weights {
            opened.load_weights(weights)?;
        }
        let settings = TrainSettings {
            held_out: self.hold_out.clone(),
            updates: self.updates,
            seed: self.seed,
            cells: self.cells,
            interaction: !self.intra_only,
            from_current: self.weights.is_some() || self.from_bundle,
            ..TrainSettings::default()
        };
        let bar = ProgressBar::new(u64::from(self.updates));
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} updates, {eta} left, {msg}") {
            bar.set_style(style);
        }
        let mut wrong = None;
        let mut see = |event: Event| {
            match &event {
                Event::Update(update) => {
                    bar.set_position(u64::from(update.update));
                    bar.set_message(format!("loss {:.4}", update.loss.total));
                }
                Event::Training { state: TrainingState::Ended(end) } => bar.finish_with_message(format!(
                    "kept update {} (transport {:.4})",
                    end.best_update, end.best_transport
                )),
                _ => return,
            }
            if self.json
                && let Err(error) = print_json(&event)
            {
                wrong = Some(error);
            }
        };
        opened.begin(Command::Train { settings }, &mut see)?;
        while opened.is_busy() {
            if interrupt::asked() {
                opened.begin(Command::Stop, &mut see)?;
            } else {
                opened.proceed(&mut see)?;
            }
        }
        if let Some(error) = wrong {
            return Err(error);
        }
        if let Some(path) = &self.output {
            opened.save(Command::SaveWeights, path)?;
        }
        if let Some(path) = &self.bundle {
            opened.save(Command::SaveBundle, path)?;
        }
        Ok(())
    }
}

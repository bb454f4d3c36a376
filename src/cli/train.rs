//! `scimf train`

use super::files::{file_name, print_json, read_file};
use super::input::Data;
use super::opened::Opened;
use super::recipe::Choice;
use super::samples::HoldOutSamples;
use super::{interrupt, quiet, times};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use scimf::error::{Error, Result};
use scimf::protocol::{Backend, Command, Event, File, ModelKind, Recipe, TrainingState};
use std::path::PathBuf;

/// Train a model on a dataset. Ctrl-C stops after the current step and saves.
#[derive(Args)]
pub struct Train {
    #[command(flatten)]
    data: Data,
    /// Time points never seen in training, by position counted from 0 or by label; `none` for none [default: those that the dataset names as held out].
    #[arg(long, value_delimiter = ',')]
    hold_out: Vec<String>,
    #[command(flatten)]
    hold_out_samples: HoldOutSamples,
    #[command(flatten)]
    choice: Choice,
    /// Other datasets that take turns with the first in the same training; their first components must mean the same.
    #[arg(long, value_name = "BUNDLE")]
    with: Vec<PathBuf>,
    /// Begin with these weights (.safetensors or .pt) instead of fresh ones.
    #[arg(long)]
    weights: Option<PathBuf>,
    /// Begin with the weights in the bundle.
    #[arg(long)]
    from_bundle: bool,
    /// File for the whole state of the training, written every --checkpoint-every updates and at Ctrl-C.
    #[arg(long)]
    checkpoint: Option<PathBuf>,
    /// Updates between two checkpoints.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    checkpoint_every: u32,
    /// Go on with the training in --checkpoint exactly where it was; begin if there is no such file. Its own settings count.
    #[arg(long, requires = "checkpoint")]
    resume: bool,
    /// Weights file to write (.safetensors).
    #[arg(long)]
    output: Option<PathBuf>,
    /// Bundle to write: the dataset with the trained weights (.zip).
    #[arg(long)]
    bundle: Option<PathBuf>,
    /// Write one JSON object a line: the start with its settings, each update and the end.
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
        let mut opened = self.data.open_saying(&self.hold_out, |line| say!("{line}"))?;
        if !self.hold_out.is_empty() {
            say!("{}", times::echo("held out", &self.hold_out, &opened.time_labels()));
        }
        if let Some(weights) = &self.weights {
            opened.load_weights(weights)?;
        }
        for path in &self.with {
            let file = File { name: file_name(path), bytes: read_file(path)?.into() };
            opened.begin(Command::Accompany { file }, &mut |_| {})?;
        }
        let mut report = Report::new(self.json, self.choice.model.into());
        if let Some(device) = opened.device.take().filter(|device| device.backend == Backend::Gpu) {
            say!("on {}", device.name);
            report.see(&Event::Ready { device });
        }
        opened.begin(self.command(&opened)?, &mut |event| report.see(&event))?;
        let mut saved = 0;
        while opened.is_busy() {
            opened.proceed(&mut |event| report.see(&event))?;
            let stop = interrupt::asked();
            if let Some(path) = self.checkpoint.as_ref().filter(|_| opened.is_busy() && report.updates > saved)
                && (stop || report.updates.is_multiple_of(self.checkpoint_every))
            {
                opened.save(Command::SaveTraining, path)?;
                saved = report.updates;
            }
            if stop && opened.is_busy() {
                opened.begin(Command::Stop, &mut |event| report.see(&event))?;
            }
        }
        report.wrong.map_or(Ok(()), Err)?;
        if let Some(path) = &self.output {
            opened.save(Command::SaveWeights { model: self.choice.model.into() }, path)?;
        }
        if let Some(path) = &self.bundle {
            opened.save(Command::SaveBundle { view: opened.view.clone() }, path)?;
        }
        Ok(())
    }

    /// The training that is asked for, with these time points held out.
    ///
    /// # Errors
    /// An option is not one of the model, or has no such value.
    pub(super) fn recipe(&self, held_out: Vec<usize>) -> Result<Recipe> {
        self.choice.recipe(held_out, self.weights.is_some() || self.from_bundle)
    }

    fn command(&self, opened: &Opened) -> Result<Command> {
        if let Some(path) = self.checkpoint.as_ref().filter(|path| self.resume && path.exists()) {
            let bytes = read_file(path)?.into();
            return Ok(Command::ContinueTraining { name: file_name(path), bytes, updates: self.choice.steps() });
        }
        let recipe = self.recipe(opened.held_out.clone())?;
        let held_out_samples = self.hold_out_samples.positions(&opened.dataset)?;
        Ok(Command::Train { recipe: Recipe { held_out_samples, ..recipe } })
    }
}

/// What is told of a training while it runs.
struct Report {
    bar: ProgressBar,
    json: bool,
    model: ModelKind,
    /// The last update.
    updates: u32,
    wrong: Option<Error>,
}

impl Report {
    fn new(json: bool, model: ModelKind) -> Self {
        let bar = if quiet() { ProgressBar::hidden() } else { ProgressBar::new(0) };
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len}, {eta} left, {msg}") {
            bar.set_style(style);
        }
        Self { bar, json, model, updates: 0, wrong: None }
    }

    fn see(&mut self, event: &Event) {
        match event {
            Event::Update(update) => {
                self.updates = update.update;
                self.bar.set_length(u64::from(update.of));
                self.bar.set_position(u64::from(update.update));
                let error = update.loss.terms.iter().find_map(|term| term.error);
                let error = error.map_or_else(String::new, |error| format!(" ± {error:.4}"));
                self.bar.set_message(format!("loss {:.4}{error}", update.loss.total));
            }
            Event::Rollback(rollback) => self.bar.suspend(|| eprintln!("{}", rollback.sentence(self.model))),
            Event::Training { state: TrainingState::Ended(end) } => {
                self.bar.finish_with_message(format!("kept {} (loss {:.4})", end.best_update, end.best_loss))
            }
            Event::Training { .. } | Event::Ready { .. } => {}
            _ => return,
        }
        if self.json
            && let Err(error) = print_json(event)
        {
            self.wrong = Some(error);
        }
    }
}

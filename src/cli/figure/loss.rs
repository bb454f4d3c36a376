//! `scimf figure loss`

use super::Output;
use crate::cli::files::read_file;
use clap::Args;
use scimf::error::{Error, Result};
use scimf::figure::curve;
use scimf::protocol::{Event, ModelKind, TrainingState, Update};
use std::path::{Path, PathBuf};

#[derive(Args)]
pub(super) struct Loss {
    /// The lines that `scimf train --json` wrote.
    #[arg(long)]
    input: PathBuf,
    #[command(flatten)]
    pub(super) output: Output,
    /// Names of the training times, in order [default: their numbers].
    #[arg(long, value_delimiter = ',')]
    labels: Vec<String>,
}

impl Loss {
    pub(super) fn draw(&self) -> Result<String> {
        self.output.is_png()?;
        let (updates, times, model) = updates(&self.input)?;
        let name = |(i, time): (usize, &usize)| self.labels.get(i).cloned().unwrap_or_else(|| format!("time {time}"));
        let times: Vec<String> = times.iter().enumerate().map(name).collect();
        let format = self.output.format("Training loss".into());
        curve::to_svg(&curve::LossCurve { updates: &updates, times: &times, model, dark: self.output.dark }, &format)
    }
}

/// The updates of a training and the time points that its loss compares with.
fn updates(path: &Path) -> Result<(Vec<Update>, Vec<usize>, ModelKind)> {
    let text = String::from_utf8_lossy(&read_file(path)?).into_owned();
    let place = |line: usize| format!("{}, line {}", path.display(), line + 1);
    let (mut updates, mut times, mut model) = (Vec::new(), None, ModelKind::default());
    for (i, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let event: Event = serde_json::from_str(line).map_err(|error| {
            Error::input(format!("This is no line of a training: {error}"))
                .at(place(i))
                .remedy("Write the file with `scimf train --json`.")
        })?;
        match event {
            Event::Update(update) => updates.push(update),
            Event::Training { state: TrainingState::Running { training_times, recipe } } => {
                times = Some(training_times);
                model = recipe.model;
            }
            _ => {}
        }
    }
    let Some(first) = updates.first() else {
        return Err(Error::input("No update of a training is in this file").at(path.display().to_string()));
    };
    // Lines of a training do not say which times it compared with unless its start is among them.
    let times = times.unwrap_or_else(|| (1..=first.loss.at_times().len()).collect());
    Ok((updates, times, model))
}

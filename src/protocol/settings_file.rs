//! A recipe as the options of `scimf train`, one a line, as `scimf train --config` reads them.

use super::{Recipe, Value};
use std::fmt::Display;

/// What stands for no time points at all: nothing named would mean those that the dataset names as held out.
pub const NO_TIMES: &str = "none";

/// What no file system and no browser leaves in a file's name.
const FOREIGN: [char; 9] = ['/', '\\', ':', '*', '?', '"', '<', '>', '|'];

impl Recipe {
    /// The file, for the session of a study of this name, saved beside it.
    #[must_use]
    pub fn to_settings_file(&self, study: &str) -> String {
        let study = study.replace(|c: char| c.is_control() || FOREIGN.contains(&c), "_");
        let held_out = match &*self.held_out {
            [] => format!("\"{NO_TIMES}\""),
            times => list(times),
        };
        let mut lines = vec![
            format!("# Repeats a training on the session of the study, {study}.zip: scimf train --config train.toml"),
            format!("data = [\"{study}.zip\"]"),
            format!("model = \"{}\"", self.model.card().key),
            format!("hold-out = {held_out}"),
            format!("seed = {}", self.seed),
        ];
        if !self.held_out_samples.is_empty() {
            lines.push(format!("hold-out-sample = {}", list(&self.held_out_samples)));
        }
        if self.from_current {
            lines.push("# Goes on from the weights in the session, as it was saved before the training.".into());
            lines.push("from-bundle = true".into());
        }
        for field in self.model.card().fields {
            let value = self.value(field.key).unwrap_or_else(|| field.default());
            if value == Value::Genes(Vec::new()) {
                continue;
            }
            lines.push(match value {
                Value::Switch(_) | Value::Number(_) => format!("{} = {value}", field.key),
                other => format!("{} = \"{other}\"", field.key),
            });
        }
        lines.extend([format!("output = \"{study}.safetensors\""), format!("bundle = \"{study}-trained.zip\"")]);
        lines.join("\n") + "\n"
    }
}

fn list(items: &[impl Display]) -> String {
    format!("[{}]", items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
}

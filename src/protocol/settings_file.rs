//! A recipe as the options of `scimf train`, one a line, as `scimf train --config` reads them.

use super::{Recipe, Value};

impl Recipe {
    /// The file, for a study that lies beside it under this name.
    #[must_use]
    pub fn to_settings_file(&self, study: &str) -> String {
        let study = study.replace(['"', '\\', '\n'], "_");
        let held_out: Vec<String> = self.held_out.iter().map(ToString::to_string).collect();
        let mut lines = vec![
            "# Repeats a training: scimf train --config train.toml".to_owned(),
            format!("data = [\"{study}.zip\"]"),
            format!("model = \"{}\"", self.model.card().key),
            format!("hold-out = [{}]", held_out.join(", ")),
            format!("seed = {}", self.seed),
        ];
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

//! What `scimf train` is asked to train: a model, and the settings of its card as options.

use super::input::Model;
use clap::error::ErrorKind;
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};
use scimf::error::{Error, Result};
use scimf::protocol::cards::{Field, FieldKind};
use scimf::protocol::{ModelKind, Recipe, Value};
use std::collections::BTreeMap;

/// Which model, and how.
#[derive(Args)]
pub struct Choice {
    /// Which model to train.
    #[arg(long, value_enum, default_value_t = Model::default())]
    pub model: Model,
    /// Seed of the initial weights and of everything that is drawn.
    #[arg(long, default_value_t = 0)]
    seed: u32,
    /// Fit the model without interaction between cells.
    #[arg(long)]
    intra_only: bool,
    #[command(flatten)]
    settings: Settings,
}

impl Choice {
    /// The recipe that is asked for, with these time points held out.
    ///
    /// # Errors
    /// An option is not one of the model, or has no such value.
    pub fn recipe(&self, held_out: Vec<usize>, from_current: bool) -> Result<Recipe> {
        let model = ModelKind::from(self.model);
        let mut recipe = Recipe { held_out, seed: self.seed, from_current, ..Recipe::new(model) };
        for (key, text) in &self.settings.0 {
            let place = format!("--{key}");
            let field = model.card().field(key).ok_or_else(|| {
                Error::request(format!("{} has no such setting", model.name()))
                    .at(place.as_str())
                    .remedy("Leave it out.")
            })?;
            recipe = recipe.with(
                key,
                value(field, text).ok_or_else(|| {
                    Error::request(format!("{text} cannot be used"))
                        .at(place.as_str())
                        .remedy("Give a value as the help says.")
                })?,
            );
        }
        if self.intra_only {
            recipe = recipe.with("interaction", false);
        }
        recipe.check()?;
        Ok(recipe)
    }

    /// Number of steps, if one is asked for.
    pub fn steps(&self) -> Option<u32> {
        self.settings.0.get(ModelKind::from(self.model).card().steps)?.parse().ok()
    }
}

/// The value of a setting as it is written on the command line.
pub(super) fn value(field: &Field, text: &str) -> Option<Value> {
    match field.kind {
        FieldKind::Whole { .. } | FieldKind::Number { .. } => text.parse::<f64>().ok().map(Value::Number),
        FieldKind::Switch { .. } => text.parse::<bool>().ok().map(Value::Switch),
        FieldKind::Choice { .. } => Some(Value::Choice(text.into())),
        FieldKind::Genes => Some(Value::genes(text)),
    }
}

/// Settings of whichever models, as texts by key.
struct Settings(BTreeMap<String, String>);

/// Every key, with the models that have it.
fn keys() -> BTreeMap<&'static str, Vec<(ModelKind, &'static Field)>> {
    let mut keys: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for kind in ModelKind::ALL {
        for field in kind.card().fields {
            keys.entry(field.key).or_default().push((kind, field));
        }
    }
    keys
}

/// What the help says of an option.
fn help(fields: &[(ModelKind, &'static Field)]) -> String {
    let of = |(kind, field): &(ModelKind, &Field)| {
        let values = match field.kind {
            FieldKind::Whole { min, max, .. } => format!("{min} to {max}"),
            FieldKind::Number { min, max, .. } => format!("{min} to {max}"),
            FieldKind::Switch { .. } => "true or false".into(),
            FieldKind::Choice { options, .. } => options.iter().map(|option| option.key).collect::<Vec<_>>().join(", "),
            FieldKind::Genes => "names, separated by commas".into(),
        };
        let default = field.default().to_string();
        let default = if default.is_empty() { "none".into() } else { default };
        format!("{}: {} [{values}; default: {default}]", kind.name(), field.hint)
    };
    fields.iter().map(of).collect::<Vec<_>>().join(" ")
}

impl Args for Settings {
    fn augment_args(command: Command) -> Command {
        keys().into_iter().fold(command, |command, (key, fields)| {
            command.arg(Arg::new(key).long(key).value_name("VALUE").help(help(&fields)).allow_negative_numbers(true))
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Settings {
    fn from_arg_matches(matches: &ArgMatches) -> std::result::Result<Self, clap::Error> {
        let mut settings = BTreeMap::new();
        for key in keys().into_keys() {
            let found = matches.try_get_one::<String>(key);
            let found = found.map_err(|error| clap::Error::raw(ErrorKind::InvalidValue, error.to_string()))?;
            settings.extend(found.map(|text| (key.to_owned(), text.clone())));
        }
        Ok(Self(settings))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> std::result::Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

//! `--config`: options of a command from a file, so that a run can be repeated. What stands on the command line counts more.

use super::Arguments;
use super::files::read_file;
use clap::parser::ValueSource;
use clap::{ArgAction, CommandFactory};
use scimf::error::{Error, Result};
use std::ffi::OsString;
use std::path::Path;
use toml::{Table, Value};

/// Name that stands for the files of a command.
const DATA: &str = "data";

/// The arguments with the settings of the file that `--config` names, if there is one.
///
/// # Errors
/// The file cannot be read, is no TOML, or has a setting that the command does not know.
pub fn merged(arguments: Vec<OsString>) -> Result<Vec<OsString>> {
    let program = Arguments::command();
    let matches = program.clone().ignore_errors(true).try_get_matches_from(&arguments);
    let Some((name, given)) = matches.as_ref().ok().and_then(|matches| matches.subcommand()) else {
        return Ok(arguments);
    };
    let Some(Some(path)) = given.try_get_one::<std::path::PathBuf>("config").ok() else { return Ok(arguments) };
    let place = path.display().to_string();
    let table = read(path)?;
    let command = program.find_subcommand(name).ok_or_else(|| Error::internal("the command is unknown"))?;
    let mut merged = arguments;
    for (key, value) in table {
        let key = key.replace('_', "-");
        let known = command
            .get_arguments()
            .find(|argument| argument.get_long() == Some(&key) || (key == DATA && argument.is_positional()));
        let Some(argument) = known.filter(|argument| argument.get_id() != "config") else {
            let names = command.get_arguments().filter_map(clap::Arg::get_long).filter(|name| *name != "config");
            let names = names.collect::<Vec<_>>().join(", ");
            return Err(Error::input(format!("`scimf {name}` has no setting “{key}”"))
                .at(place)
                .remedy(format!("Use `data` for its files, or one of: {names}.")));
        };
        let id = argument.get_id().as_str();
        if given.value_source(id) == Some(ValueSource::CommandLine) {
            continue;
        }
        let texts = texts(&value).ok_or_else(|| {
            Error::input(format!("the setting “{key}” has a value that is no text, number, truth or list of them"))
                .at(&*place)
        })?;
        match argument.get_action() {
            ArgAction::SetTrue if value == Value::Boolean(false) => {}
            ArgAction::SetTrue => merged.push(format!("--{key}").into()),
            _ if argument.is_positional() => merged.extend(texts.into_iter().map(OsString::from)),
            _ => merged.extend(texts.into_iter().map(|text| format!("--{key}={text}").into())),
        }
    }
    Ok(merged)
}

fn read(path: &Path) -> Result<Table> {
    let place = path.display().to_string();
    let text = String::from_utf8(read_file(path)?).map_err(|_| Error::input("this file is not text").at(&*place))?;
    text.parse().map_err(|error| {
        Error::input(format!("these are no settings: {error}"))
            .at(place)
            .remedy("Write a line for each option, such as `updates = 600`.")
    })
}

/// A value as it is written on the command line, or each of a list.
fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(text) => Some(vec![text.clone()]),
        Value::Integer(number) => Some(vec![number.to_string()]),
        Value::Float(number) => Some(vec![number.to_string()]),
        Value::Boolean(truth) => Some(vec![truth.to_string()]),
        Value::Array(values) => values
            .iter()
            .map(|value| texts(value).filter(|texts| texts.len() == 1))
            .collect::<Option<Vec<_>>>()
            .map(|all| all.concat()),
        Value::Datetime(_) | Value::Table(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Command;
    use super::*;
    use clap::Parser;
    use scimf::protocol::cards::FieldKind;
    use scimf::protocol::{ModelKind, Recipe};

    /// The recipe that `scimf train --config` makes of a file, but for time points and samples, which need the dataset.
    fn read_back(text: &str, name: &str) -> Recipe {
        let path = std::env::temp_dir().join(format!("scimf-{}-{name}.toml", std::process::id()));
        std::fs::write(&path, text).unwrap();
        let asked = ["scimf", "train", "--config"].map(OsString::from).into_iter().chain([path.clone().into()]);
        let merged = merged(asked.collect()).unwrap();
        std::fs::remove_file(path).unwrap();
        let Command::Train(train) = Arguments::try_parse_from(merged).unwrap().command else { unreachable!() };
        train.recipe(Vec::new()).unwrap()
    }

    /// Another value than the default, in the field's limits.
    fn another(field: &scimf::protocol::cards::Field) -> scimf::protocol::Value {
        match field.kind {
            FieldKind::Whole { min, max, default, .. } => {
                (if default == max { min } else { default + 1 } as f64).into()
            }
            FieldKind::Number { min, max, default, .. } => {
                (if default > min { min + (default - min) / 3.0 } else { min + (max - min) / 7.0 }).into()
            }
            FieldKind::Switch { default, .. } => (!default).into(),
            FieldKind::Choice { options, .. } => scimf::protocol::Value::Choice(options[options.len() - 1].key.into()),
            FieldKind::Genes => scimf::protocol::Value::genes("Pcna, Mki67"),
        }
    }

    #[test]
    fn a_file_of_every_model_is_read_as_the_recipe_that_it_was() {
        for kind in ModelKind::ALL {
            let full = |recipe: &Recipe| {
                let fields = kind.card().fields.iter();
                fields.map(|field| (field.key, recipe.value(field.key))).collect::<Vec<_>>()
            };
            let usual = Recipe { seed: u32::MAX, ..Recipe::new(kind) };
            let fields = kind.card().fields.iter();
            let changed = fields.fold(usual.clone(), |recipe, field| recipe.with(field.key, another(field)));
            for recipe in [usual, Recipe { from_current: true, ..changed }] {
                let back = read_back(&recipe.to_settings_file("a \"study\" of 1:2"), kind.card().key);
                let facts = |it: &Recipe| (it.model, it.seed, it.from_current, full(it));
                assert_eq!(facts(&back), facts(&recipe));
            }
        }
    }
}

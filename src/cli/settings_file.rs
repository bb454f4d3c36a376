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

//! Reading and writing files, with errors that name them.

use scimf::error::{Error, Result};
use scimf::protocol::{DatasetSummary, File};
use std::path::{Path, PathBuf};

/// Reads a file.
///
/// # Errors
/// It cannot be read.
pub fn read_file(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path)
        .map_err(|error| Error::input(format!("Cannot read this file: {error}")).at(path.display().to_string()))
}

/// Writes a file whole or not at all: a reader, or a crash in between, never sees half of it.
///
/// # Errors
/// It cannot be written.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<()> {
    let failed = |error: std::io::Error| {
        Error::request(format!("Cannot write this file: {error}")).at(path.display().to_string())
    };
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    std::fs::write(&part, bytes).and_then(|()| std::fs::rename(&part, path)).map_err(failed)
}

/// Reads the files of a study; a folder stands for the files in it.
///
/// # Errors
/// One of them cannot be read.
pub fn read_study(paths: &[PathBuf]) -> Result<Vec<File>> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let unreadable = |error: std::io::Error| {
                Error::input(format!("Cannot read this folder: {error}")).at(path.display().to_string())
            };
            let entries = std::fs::read_dir(path).map_err(unreadable)?;
            let mut inside: Vec<PathBuf> =
                entries.flatten().map(|entry| entry.path()).filter(|it| it.is_file()).collect();
            inside.sort();
            files.extend(inside);
        } else {
            files.push(path.clone());
        }
    }
    files.iter().map(|path| Ok(File { name: file_name(path), bytes: read_file(path)?.into() })).collect()
}

/// The last part of a path.
pub fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// A value as one line of JSON on standard output.
///
/// # Errors
/// The value cannot be written as JSON.
pub fn print_json(value: &impl serde::Serialize) -> Result<()> {
    let text = serde_json::to_string(value).map_err(|error| Error::internal(error.to_string()))?;
    println!("{text}");
    Ok(())
}

/// A cell type by its name.
///
/// # Errors
/// The dataset has no such type; names those it has.
pub fn kind(dataset: &DatasetSummary, name: &str) -> Result<usize> {
    dataset.cell_types.iter().position(|kind| kind.name == name).ok_or_else(|| {
        let known: Vec<&str> = dataset.cell_types.iter().map(|kind| kind.name.as_str()).collect();
        Error::request(format!("There is no cell type “{name}”"))
            .remedy(format!("The types are: {}.", known.join(", ")))
    })
}

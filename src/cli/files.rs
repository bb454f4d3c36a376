//! Reading and writing files, with errors that name them.

use scimf::error::{Error, Result};
use scimf::protocol::{Content, DatasetSummary, File, Slices};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Reads a file.
///
/// # Errors
/// It cannot be read.
pub fn read_file(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(unreadable(path))
}

fn unreadable(path: &Path) -> impl Fn(std::io::Error) -> Error {
    move |error| Error::input(format!("Cannot read this file: {error}")).at(path.display().to_string())
}

/// A file on disk, of which slices are read.
struct Disk {
    file: Mutex<std::fs::File>,
    size: u64,
}

impl Disk {
    fn open(path: &Path) -> std::io::Result<Self> {
        let file = std::fs::File::open(path)?;
        let size = file.metadata()?.len();
        Ok(Self { file: Mutex::new(file), size })
    }
}

impl Slices for Disk {
    fn size(&self) -> u64 {
        self.size
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> std::result::Result<(), String> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let read = file.seek(SeekFrom::Start(offset)).and_then(|_| file.read_exact(buffer));
        read.map_err(|error| error.to_string())
    }
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

/// The files of a study; a folder stands for the files in it. They are read where they are: of HDF5 the engine takes slices, all else as a whole.
///
/// # Errors
/// One of them cannot be opened.
pub fn read_study(paths: &[PathBuf]) -> Result<Vec<File>> {
    let (mut files, mut names) = (Vec::new(), Vec::new());
    let several = paths.iter().filter(|path| path.is_dir()).count() > 1;
    for path in paths {
        if path.is_dir() {
            let unreadable = |error: std::io::Error| {
                Error::input(format!("Cannot read this folder: {error}")).at(path.display().to_string())
            };
            let inside = inside(path).map_err(unreadable)?;
            // The files of several folders are often called alike.
            let before = if several { format!("{}/", file_name(path)) } else { String::new() };
            let name = |file: &PathBuf| file.strip_prefix(path).unwrap_or(file).to_string_lossy().replace('\\', "/");
            names.extend(inside.iter().map(|file| format!("{before}{}", name(file))));
            files.extend(inside);
        } else {
            names.push(file_name(path));
            files.push(path.clone());
        }
    }
    let open = |(path, name): (&PathBuf, String)| {
        // Pipes have no size and cannot be read twice.
        let bytes = match path.is_file() {
            true => Content::Slices(Arc::new(Disk::open(path).map_err(unreadable(path))?)),
            false => read_file(path)?.into(),
        };
        Ok(File { name, bytes })
    };
    files.iter().zip(names).map(open).collect()
}

/// The files directly in a folder, and of a zarr store all.
fn inside(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let is_zarr = [".zgroup", "zarr.json"].iter().any(|mark| folder.join(mark).is_file());
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_file() {
                found.push(path);
            } else if is_zarr {
                folders.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
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

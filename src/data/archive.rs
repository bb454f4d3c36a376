//! Zip archives: reading them and the arrays in them, with a limit on what they unpack to, and writing them.

use crate::data::npy::{self, Npy};
use crate::data::{Matrix, room};
use crate::{Error, Result};
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;

/// A zip archive may unpack to at most this many times its own size, plus [`SLACK`].
const MOST_EXPANSION: u64 = 64;
/// Bytes that any archive may unpack to.
const SLACK: u64 = 16 << 20;

/// Bytes that an archive may unpack to.
pub(crate) fn most_unpacked(bytes: &[u8]) -> u64 {
    bytes.len() as u64 * MOST_EXPANSION + SLACK
}

/// A zip archive in memory. Entries are looked up by their exact name, so paths in it lead nowhere.
pub(crate) struct Archive<'a> {
    zip: zip::ZipArchive<Cursor<&'a [u8]>>,
    /// Bytes that may still be unpacked.
    budget: u64,
}

impl<'a> Archive<'a> {
    /// Reads the directory of an archive.
    ///
    /// # Errors
    ///
    /// If it is not a zip archive or is cut off.
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self> {
        let zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| {
            Error::input(format!("this is not a readable zip archive ({error})"))
                .remedy("It may have been cut off on its way; get it again.")
        })?;
        Ok(Self { zip, budget: most_unpacked(bytes) })
    }

    /// Names of the entries.
    pub(crate) fn names(&self) -> Vec<String> {
        self.zip.file_names().flatten().map(|name| name.into_owned()).collect()
    }

    /// The content of an entry; none if there is no such entry.
    ///
    /// # Errors
    ///
    /// If it is damaged, compressed in another way than deflate, or unpacks to more than it declares or than is allowed.
    pub(crate) fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>> {
        if self.zip.index_for_name(name).is_none() {
            return Ok(None);
        }
        let unreadable = |error: &dyn std::fmt::Display| {
            Error::input(format!("this entry of the archive cannot be unpacked ({error})"))
                .remedy("Write the archive again, uncompressed or with deflate.")
                .at(name)
        };
        let entry = self.zip.by_name(name).map_err(|error| unreadable(&error))?;
        let size = entry.size();
        if size > self.budget {
            return Err(Error::input(format!(
                "the archive would unpack to more than {MOST_EXPANSION} times its size and was not opened further"
            ))
            .remedy("Write it again, uncompressed.")
            .at(name));
        }
        self.budget -= size;
        room::reserve(size).map_err(|error| error.at(name))?;
        // A size is believed as far as it is plausible.
        let mut content = Vec::with_capacity(size.min(8 * entry.compressed_size()) as usize);
        entry.take(size + 1).read_to_end(&mut content).map_err(|error| unreadable(&error))?;
        if content.len() as u64 != size {
            return Err(unreadable(&format!("{size} bytes were declared, {} found", content.len())));
        }
        Ok(Some(content))
    }

    /// An array; none if there is no such entry.
    ///
    /// # Errors
    ///
    /// As [`Self::read`], or if it is no array of numbers.
    fn array<T: Copy>(&mut self, entry: &str, as_kept: impl Fn(f64) -> T) -> Result<Option<Npy<T>>> {
        let Some(bytes) = self.read(entry)? else { return Ok(None) };
        npy::read(&bytes, as_kept).map(Some).map_err(|error| error.at(entry))
    }

    /// An array of two dimensions.
    ///
    /// # Errors
    ///
    /// As [`Self::read`], or if it is another array.
    pub(crate) fn matrix(&mut self, entry: &str) -> Result<Option<Matrix>> {
        let Some(Npy { shape, values }) = self.array(entry, |value| value as f32)? else { return Ok(None) };
        let [rows, cols] = shape[..] else {
            return Err(Error::input("this array must have rows and columns").at(entry));
        };
        Matrix::new(rows, cols, values).map(Some)
    }

    /// An array of one dimension.
    ///
    /// # Errors
    ///
    /// As [`Self::read`], or if it is another array.
    pub(crate) fn vector(&mut self, entry: &str) -> Result<Option<Vec<f64>>> {
        match self.array(entry, |value| value)? {
            Some(Npy { shape, .. }) if shape.len() != 1 => {
                Err(Error::input("this array must have one dimension").at(entry))
            }
            array => Ok(array.map(|array| array.values)),
        }
    }

    /// An array of one dimension that counts from 0.
    ///
    /// # Errors
    ///
    /// As [`Self::vector`], or if an entry is no index.
    pub(crate) fn indices(&mut self, entry: &str) -> Result<Option<Vec<u32>>> {
        let Some(values) = self.vector(entry)? else { return Ok(None) };
        let whole = |value: &f64| *value >= 0.0 && value.fract() == 0.0 && *value <= f64::from(u32::MAX);
        if let Some(at) = values.iter().position(|value| !whole(value)) {
            let what = format!("entry {at} is {}; indices are whole numbers that count from 0", values[at]);
            return Err(Error::input(what).at(entry));
        }
        Ok(Some(values.into_iter().map(|value| value as u32).collect()))
    }

    /// An array of texts.
    ///
    /// # Errors
    ///
    /// As [`Self::read`], or if it is another array.
    pub(crate) fn texts(&mut self, entry: &str) -> Result<Option<Vec<String>>> {
        let Some(bytes) = self.read(entry)? else { return Ok(None) };
        npy::read_texts(&bytes).map(Some).map_err(|error| error.at(entry))
    }
}

/// Entries of more bytes than this are deflated in a hurry: to take the last few percent out of them would take minutes in a browser.
const LARGE: usize = 8 << 20;

/// Writes an archive of the given entries, deflated.
///
/// # Errors
///
/// If it grows beyond what a zip archive can hold.
pub(crate) fn pack(entries: Vec<(&str, Vec<u8>)>) -> Result<Vec<u8>> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let failed = |error: &dyn std::fmt::Display| Error::internal(format!("the archive could not be written ({error})"));
    for (name, content) in entries {
        let level = if content.len() > LARGE { 1 } else { 9 };
        let options = SimpleFileOptions::default().compression_level(Some(level));
        zip.start_file(name, options).map_err(|error| failed(&error))?;
        zip.write_all(&content).map_err(|error| failed(&error))?;
    }
    Ok(zip.finish().map_err(|error| failed(&error))?.into_inner())
}

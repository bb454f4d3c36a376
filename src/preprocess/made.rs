//! Rows of a matrix that is too large to be held: made again whenever they are needed.

use crate::data::unprepared::Counts;
use crate::preprocess::normalise::normalise;
use crate::preprocess::pca::Rows;
use crate::preprocess::scale::Scale;

/// Centred and scaled values of the kept genes, made of the expression values.
pub(super) struct Made<'a> {
    pub(super) counts: &'a Counts,
    /// The place of each gene among the kept ones, if it is kept.
    pub(super) columns: &'a [Option<u32>],
    pub(super) scale: &'a Scale,
}

impl Rows for Made<'_> {
    fn genes(&self) -> usize {
        self.scale.mean.len()
    }

    fn write(&self, cell: usize, row: &mut [f32]) {
        row.fill(0.0);
        // Wrong values were found when the cells were seen first.
        normalise(self.counts, cell, self.columns, row).ok();
        self.scale.apply(row);
    }
}

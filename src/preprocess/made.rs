//! Rows of a matrix that is too large to be held: made again whenever they are needed.

use crate::Result;
use crate::data::unprepared::Counts;
use crate::preprocess::covariance::Covariance;
use crate::preprocess::normalise::entries;
use crate::preprocess::pca::{Components, Rows};
use crate::preprocess::scale::{Scale, Sums};

/// Centred and scaled values of the kept genes, made of the expression values.
pub(super) struct Made<'a> {
    pub(super) counts: &'a Counts,
    /// The place of each gene among the kept ones, if it is kept.
    pub(super) columns: &'a [Option<u32>],
    pub(super) scale: &'a Scale,
}

impl Made<'_> {
    /// Calls `see` with the normalised entries of each cell, before they are centred.
    fn each(&self, cells: impl Iterator<Item = usize>, mut see: impl FnMut(&[(u32, f32)])) -> Result<()> {
        let mut found = Vec::new();
        for cell in cells {
            entries(self.counts, cell, self.columns, &mut found)?;
            see(&found);
        }
        Ok(())
    }

    /// Adds cells to sums of their genes.
    ///
    /// # Errors
    ///
    /// As [`entries`].
    pub(super) fn sum(&self, cells: &[u32], sums: &mut Sums) -> Result<()> {
        self.each(cells.iter().map(|cell| *cell as usize), |found| {
            sums.add(found.iter().map(|(gene, value)| (*gene as usize, *value)));
        })
    }

    /// Adds cells to products of their genes.
    ///
    /// # Errors
    ///
    /// As [`entries`].
    pub(super) fn multiply(&self, cells: &[u32], covariance: &mut Covariance) -> Result<()> {
        let (mut starts, mut all) = (vec![0], Vec::new());
        self.each(cells.iter().map(|cell| *cell as usize), |found| {
            all.extend_from_slice(found);
            starts.push(all.len());
        })?;
        covariance.add(&starts, &all);
        Ok(())
    }

    /// Scores of cells: one row of components after the other.
    ///
    /// # Errors
    ///
    /// As [`entries`].
    pub(super) fn scores(&self, components: &Components, cells: impl Iterator<Item = usize>) -> Result<Vec<f32>> {
        let width = components.explained_variance.len();
        let weight = |gene: usize| {
            let deviation = self.scale.deviation[gene];
            components.loadings.row(gene).iter().map(move |loading| f64::from(*loading) / deviation)
        };
        let weights: Vec<f64> = (0..self.genes()).flat_map(weight).collect();
        // What a cell without any value scores.
        let mut zero = vec![0.0; width];
        for (weights, mean) in weights.chunks_exact(width).zip(&self.scale.mean) {
            zero.iter_mut().zip(weights).for_each(|(score, weight)| *score -= mean * weight);
        }
        let mut scores = Vec::new();
        let mut row = vec![0.0; width];
        self.each(cells, |found| {
            row.copy_from_slice(&zero);
            for (gene, value) in found {
                let weights = &weights[*gene as usize * width..][..width];
                row.iter_mut().zip(weights).for_each(|(score, weight)| *score += f64::from(*value) * weight);
            }
            scores.extend(row.iter().map(|score| *score as f32));
        })?;
        Ok(scores)
    }
}

impl Rows for Made<'_> {
    fn genes(&self) -> usize {
        self.scale.mean.len()
    }

    fn write(&self, cell: usize, row: &mut [f32]) {
        row.fill(0.0);
        // Wrong values were found when the cells were seen first.
        self.each([cell].into_iter(), |found| found.iter().for_each(|(gene, value)| row[*gene as usize] = *value)).ok();
        self.scale.apply(row);
    }
}

//! Covariance of genes over cells of which most values are zero, in one pass.

use crate::preprocess::scale::Scale;
use faer::MatRef;
use std::ops::Range;

/// Products of genes, summed over cells. Memory: 8 bytes for each pair of genes, each pair twice.
pub(super) struct Covariance {
    genes: usize,
    /// genes x genes, row by row. While cells are added only the triangle above the diagonal, with it, is kept.
    products: Vec<f64>,
}

impl Covariance {
    pub(super) fn new(genes: usize) -> Self {
        Self { genes, products: vec![0.0; genes * genes] }
    }

    /// Adds cells. `entries` have the genes of a cell in rising order with their values; `starts` are the beginnings of the cells' runs and the end of
    /// the last.
    pub(super) fn add(&mut self, starts: &[usize], entries: &[(u32, f32)]) {
        // Gene by gene, so that what is added to is a single row, which stays in the processor's nearest memory.
        let mut ends = vec![0; self.genes + 1];
        entries.iter().for_each(|(gene, _)| ends[*gene as usize + 1] += 1);
        (0..self.genes).for_each(|gene| ends[gene + 1] += ends[gene]);
        let mut next = ends.clone();
        let mut runs = vec![0..0; entries.len()];
        for cell in starts.windows(2) {
            for at in cell[0]..cell[1] {
                let place = &mut next[entries[at].0 as usize];
                runs[*place] = at..cell[1];
                *place += 1;
            }
        }
        for (gene, products) in self.products.chunks_exact_mut(self.genes).enumerate() {
            for run in &runs[ends[gene]..ends[gene + 1]] {
                let value = f64::from(entries[run.start].1);
                for (other, factor) in &entries[run.clone()] {
                    products[*other as usize] += value * f64::from(*factor);
                }
            }
        }
    }

    /// Centres and scales the genes: the covariance times cells - 1, of so many cells.
    pub(super) fn scale(&mut self, scale: &Scale, cells: usize) {
        let Scale { mean, deviation, .. } = scale;
        for one in 0..self.genes {
            for other in one..self.genes {
                let product = self.products[one * self.genes + other] - cells as f64 * mean[one] * mean[other];
                let product = product / (deviation[one] * deviation[other]);
                self.products[one * self.genes + other] = product;
                self.products[other * self.genes + one] = product;
            }
        }
    }

    /// Some rows of the matrix.
    pub(super) fn rows(&self, rows: Range<usize>) -> MatRef<'_, f64> {
        let products = &self.products[rows.start * self.genes..rows.end * self.genes];
        MatRef::from_row_major_slice(products, rows.len(), self.genes)
    }
}

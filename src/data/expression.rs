//! An expression matrix, dense or sparse.

mod compact;

use crate::data::Matrix;
use crate::{Error, Result};
pub use compact::{Places, Values};
use std::ops::Range;
use std::sync::Arc;

/// Cells x genes, as rows of entries. The values are shared: a clone costs nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// Number of cells.
    pub cells: usize,
    /// Number of genes.
    pub genes: usize,
    rows: Arc<Rows>,
}

#[derive(Clone, Debug, PartialEq)]
enum Rows {
    Dense(Vec<f32>),
    Sparse(Sparse),
}

/// Entries, cell after cell.
#[derive(Clone, Debug, PartialEq)]
struct Sparse {
    /// Beginnings of the cells' runs of entries, and the end of the last.
    starts: Vec<usize>,
    genes: Places,
    values: Values,
}

/// How the entries of a sparse matrix are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// One run of entries for each cell (CSR of cells x genes).
    ByCell,
    /// One run of entries for each gene (CSC of cells x genes).
    ByGene,
}

impl Expression {
    /// A matrix of which every value is given.
    pub fn dense(matrix: Matrix) -> Self {
        Self { cells: matrix.rows, genes: matrix.cols, rows: Arc::new(Rows::Dense(matrix.values)) }
    }

    /// A matrix of which only some values are given; the others are zero. `starts` are the beginnings of the runs and the end of the last.
    ///
    /// # Errors
    ///
    /// If the indices do not fit the shape.
    pub fn sparse(
        [cells, genes]: [usize; 2],
        layout: Layout,
        starts: &[i64],
        indices: impl Into<Places>,
        values: impl Into<Values>,
    ) -> Result<Self> {
        let (indices, values) = (indices.into(), values.into());
        let (major, minor) = match layout {
            Layout::ByCell => (cells, genes),
            Layout::ByGene => (genes, cells),
        };
        let rising = starts.first() == Some(&0)
            && starts.is_sorted()
            && starts.last() == i64::try_from(values.len()).ok().as_ref();
        let inside = (0..indices.len()).all(|at| (indices.at(at) as usize) < minor);
        if starts.len() != major + 1 || indices.len() != values.len() || !rising || !inside {
            return Err(Error::input("the indices of this sparse matrix do not fit its shape")
                .remedy("The file is damaged; write it again."));
        }
        let starts: Vec<usize> = starts.iter().map(|start| *start as usize).collect();
        let sparse = Sparse { starts, genes: indices, values };
        let sparse = match layout {
            Layout::ByCell => sparse,
            Layout::ByGene => sparse.turned(cells),
        };
        Ok(Self { cells, genes, rows: Arc::new(Rows::Sparse(sparse)) })
    }

    /// A matrix from entries in the order of cells: `starts` are the beginnings of the cells' runs and the end of the last.
    pub(crate) fn by_cell(
        genes: usize,
        starts: Vec<usize>,
        genes_of: impl Into<Places>,
        values: impl Into<Values>,
    ) -> Self {
        let cells = starts.len().saturating_sub(1);
        let sparse = Sparse { starts, genes: genes_of.into(), values: values.into() };
        Self { cells, genes, rows: Arc::new(Rows::Sparse(sparse)) }
    }

    /// The cells of several matrices one after the other. Each comes with the place of each of its genes among `genes`, or none where it is left out.
    pub(crate) fn stacked(parts: impl Iterator<Item = (Self, Vec<Option<u32>>)>, genes: usize) -> Self {
        let (mut starts, mut genes_of, mut values) = (vec![0], Places::below(genes), Values::default());
        for (part, places) in parts {
            for cell in 0..part.cells {
                part.visit(cell, |gene, value| {
                    if let Some(place) = places[gene].filter(|_| value != 0.0) {
                        genes_of.push(place);
                        values.push(value);
                    }
                });
                starts.push(values.len());
            }
        }
        Self::by_cell(genes, starts, genes_of, values)
    }

    /// The matrix of those genes that are to be kept.
    pub(crate) fn keep_genes(&self, keep: &[bool]) -> Self {
        let mut kept = 0;
        let positions: Vec<u32> = keep
            .iter()
            .map(|keep| {
                kept += u32::from(*keep);
                kept - u32::from(*keep)
            })
            .collect();
        let (mut starts, mut genes, mut values) = (vec![0], Places::below(kept as usize), Values::default());
        for cell in 0..self.cells {
            self.visit(cell, |gene, value| {
                if keep[gene] {
                    genes.push(positions[gene]);
                    values.push(value);
                }
            });
            starts.push(values.len());
        }
        Self::by_cell(kept as usize, starts, genes, values)
    }

    /// The matrix of some of its cells, in their order.
    pub(crate) fn keep_cells(&self, cells: &[usize]) -> Self {
        let rows = match &*self.rows {
            Rows::Dense(values) => {
                let row = |cell: &usize| &values[cell * self.genes..(cell + 1) * self.genes];
                Rows::Dense(cells.iter().flat_map(row).copied().collect())
            }
            Rows::Sparse(sparse) => {
                let (mut starts, mut genes, mut values) = (vec![0], Places::below(self.genes), Values::default());
                for cell in cells {
                    for at in sparse.entries(*cell) {
                        genes.push(sparse.genes.at(at));
                        values.push(sparse.values.at(at));
                    }
                    starts.push(values.len());
                }
                Rows::Sparse(Sparse { starts, genes, values })
            }
        };
        Self { cells: cells.len(), genes: self.genes, rows: Arc::new(rows) }
    }

    /// Number of entries that are stored.
    pub fn stored(&self) -> usize {
        match &*self.rows {
            Rows::Dense(values) => values.len(),
            Rows::Sparse(sparse) => sparse.values.len(),
        }
    }

    /// Number of cells whose values are all zero.
    pub(crate) fn empty_cells(&self) -> usize {
        let is_empty = |cell: &usize| {
            let mut empty = true;
            self.visit(*cell, |_, value| empty &= value == 0.0);
            empty
        };
        (0..self.cells).filter(is_empty).count()
    }

    /// The first value that is NaN or infinite: its cell, its gene and itself.
    pub fn first_not_finite(&self) -> Option<(usize, usize, f64)> {
        (0..self.cells).find_map(|cell| {
            let mut found = None;
            self.visit(cell, |gene, value| {
                if !value.is_finite() && found.is_none() {
                    found = Some((cell, gene, value));
                }
            });
            found
        })
    }

    /// Calls `visit` with the gene and value of every stored entry of a cell; what is not stored is zero.
    pub fn visit(&self, cell: usize, mut visit: impl FnMut(usize, f64)) {
        match &*self.rows {
            Rows::Dense(values) => {
                let row = &values[cell * self.genes..(cell + 1) * self.genes];
                row.iter().enumerate().for_each(|(gene, value)| visit(gene, f64::from(*value)));
            }
            Rows::Sparse(sparse) => {
                for at in sparse.entries(cell) {
                    visit(sparse.genes.at(at) as usize, sparse.values.at(at));
                }
            }
        }
    }

    /// Mean of each gene.
    pub fn means(&self) -> Vec<f64> {
        let mut means = vec![0.0; self.genes];
        (0..self.cells).for_each(|cell| self.visit(cell, |gene, value| means[gene] += value));
        means.iter_mut().for_each(|sum| *sum /= self.cells.max(1) as f64);
        means
    }
}

impl Sparse {
    /// The entries of a cell.
    fn entries(&self, cell: usize) -> Range<usize> {
        self.starts[cell]..self.starts[cell + 1]
    }

    /// What is stored by columns, stored by rows.
    fn turned(&self, rows: usize) -> Self {
        let count = self.values.len();
        let mut starts = vec![0; rows + 1];
        (0..count).for_each(|at| starts[self.genes.at(at) as usize + 1] += 1);
        (0..rows).for_each(|row| starts[row + 1] += starts[row]);
        let mut next = starts.clone();
        let mut genes = Places::below(self.starts.len() - 1);
        let mut values = self.values.clone();
        genes.fill(count);
        for (column, span) in self.starts.windows(2).enumerate() {
            for at in span[0]..span[1] {
                let place = &mut next[self.genes.at(at) as usize];
                genes.set(*place, column as u32);
                values.set(*place, self.values.at(at));
                *place += 1;
            }
        }
        Self { starts, genes, values }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn genes_are_left_out() {
        let matrix = Expression::by_cell(3, vec![0, 2, 4], vec![0, 2, 1, 2], vec![1.0, 2.0, 3.0, 4.0]);
        let kept = matrix.keep_genes(&[false, true, true]);
        assert_eq!(kept, Expression::by_cell(2, vec![0, 1, 3], vec![1, 0, 1], vec![2.0, 3.0, 4.0]));
        assert_eq!((kept.means(), kept.first_not_finite()), (vec![1.5, 3.0], None));
    }

    #[test]
    fn cells_are_left_out() {
        let sparse = Expression::by_cell(2, vec![0, 2, 2, 3], vec![0, 1, 1], vec![1.0, 2.0, 3.0]);
        assert_eq!(
            sparse.keep_cells(&[0, 2]),
            Expression::by_cell(2, vec![0, 2, 3], vec![0, 1, 1], vec![1.0, 2.0, 3.0])
        );
        let dense = Expression::dense(Matrix::new(2, 2, vec![1.0, 2.0, 3.0, 4.0]).unwrap());
        assert_eq!(dense.keep_cells(&[1]), Expression::dense(Matrix::new(1, 2, vec![3.0, 4.0]).unwrap()));
    }

    #[test]
    fn columns_are_turned_to_rows() {
        // [[1, 0, 2], [0, 3, 4]]
        let by_gene = vec![1.0, 3.0, 2.0, 4.0];
        let turned = Expression::sparse([2, 3], Layout::ByGene, &[0, 1, 2, 4], vec![0, 1, 0, 1], by_gene).unwrap();
        assert_eq!(turned, Expression::by_cell(3, vec![0, 2, 4], vec![0, 2, 1, 2], vec![1.0, 2.0, 3.0, 4.0]));
    }
}

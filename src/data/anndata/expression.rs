//! The expression matrix: dense, CSR or CSC.

use super::store::Store;
use crate::{Error, Result};

/// Cells x genes, as rows of entries.
pub(super) struct Expression {
    pub(super) cells: usize,
    pub(super) genes: usize,
    rows: Rows,
}

enum Rows {
    Dense(Vec<f32>),
    Sparse { starts: Vec<usize>, genes: Vec<u32>, values: Vec<f32> },
}

impl Expression {
    /// Reads `X` or a layer; none if the file has none.
    ///
    /// # Errors
    ///
    /// If it is of another kind or shape than cells x genes, or its indices point outside.
    pub(super) fn read(store: &Store, path: &str, cells: usize, genes: usize) -> Result<Option<Self>> {
        if let Some(shape) = store.shape(path)? {
            if shape != [cells, genes] {
                return Err(Error::input(format!("the matrix is {shape:?}, not {cells} x {genes}")).at(path));
            }
            return Ok(Some(Self { cells, genes, rows: Rows::Dense(store.singles(path)?) }));
        }
        if store.group(path).is_none() {
            return Ok(None);
        }
        let encoding = ["encoding-type", "h5sparse_format"].iter().find_map(|name| store.attribute(path, name));
        let by_columns = match encoding.as_ref().and_then(|value| value.as_str()) {
            Some("csr_matrix" | "csr") => false,
            Some("csc_matrix" | "csc") => true,
            other => {
                return Err(
                    Error::input(format!("a matrix of kind “{}” is not known", other.unwrap_or("unnamed"))).at(path)
                );
            }
        };
        let read = |name: &str| store.integers(&format!("{path}/{name}"));
        let (starts, indices) = (read("indptr")?, read("indices")?);
        let values = store.singles(&format!("{path}/data"))?;
        let (major, minor) = if by_columns { (genes, cells) } else { (cells, genes) };
        let rising = starts.first() == Some(&0)
            && starts.is_sorted()
            && starts.last() == i64::try_from(values.len()).ok().as_ref();
        let inside = indices.iter().all(|index| usize::try_from(*index).is_ok_and(|index| index < minor));
        if starts.len() != major + 1 || indices.len() != values.len() || !rising || !inside {
            return Err(Error::input("the indices of this sparse matrix do not fit its shape")
                .remedy("The file is damaged; write it again.")
                .at(path));
        }
        let starts: Vec<usize> = starts.into_iter().map(|start| start as usize).collect();
        let indices: Vec<u32> = indices.into_iter().map(|index| index as u32).collect();
        let (starts, indices, values) =
            if by_columns { turn(&starts, &indices, &values, cells) } else { (starts, indices, values) };
        Ok(Some(Self { cells, genes, rows: Rows::Sparse { starts, genes: indices, values } }))
    }

    /// Calls `visit` with the gene and value of every stored entry of a cell; what is not stored is zero.
    pub(super) fn visit(&self, cell: usize, mut visit: impl FnMut(usize, f64)) {
        match &self.rows {
            Rows::Dense(values) => {
                let row = &values[cell * self.genes..(cell + 1) * self.genes];
                row.iter().enumerate().for_each(|(gene, value)| visit(gene, f64::from(*value)));
            }
            Rows::Sparse { starts, genes, values } => {
                for at in starts[cell]..starts[cell + 1] {
                    visit(genes[at] as usize, f64::from(values[at]));
                }
            }
        }
    }

    /// Mean of each gene.
    pub(super) fn means(&self) -> Vec<f64> {
        let mut means = vec![0.0; self.genes];
        (0..self.cells).for_each(|cell| self.visit(cell, |gene, value| means[gene] += value));
        means.iter_mut().for_each(|sum| *sum /= self.cells.max(1) as f64);
        means
    }
}

/// A matrix stored by columns, stored by rows.
fn turn(starts: &[usize], indices: &[u32], values: &[f32], rows: usize) -> (Vec<usize>, Vec<u32>, Vec<f32>) {
    let mut turned = vec![0; rows + 1];
    indices.iter().for_each(|row| turned[*row as usize + 1] += 1);
    (0..rows).for_each(|row| turned[row + 1] += turned[row]);
    let mut next = turned.clone();
    let (mut columns, mut entries) = (vec![0; values.len()], vec![0.0; values.len()]);
    for (column, span) in starts.windows(2).enumerate() {
        for at in span[0]..span[1] {
            let place = &mut next[indices[at] as usize];
            columns[*place] = column as u32;
            entries[*place] = values[at];
            *place += 1;
        }
    }
    (turned, columns, entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_turned_to_rows() {
        // [[1, 0, 2], [0, 3, 4]]
        let turned = turn(&[0, 1, 2, 4], &[0, 1, 0, 1], &[1.0, 3.0, 2.0, 4.0], 2);
        assert_eq!(turned, (vec![0, 2, 4], vec![0, 2, 1, 2], vec![1.0, 2.0, 3.0, 4.0]));
    }
}

//! Principal component analysis of a dense matrix.

pub mod krylov;

use crate::data::Matrix;
use crate::{Error, Result};
use faer::{Mat, MatRef};
use scimf_dense::{eigen, product};
use std::ops::Range;

/// Principal components of a matrix of cells x genes, centred but not scaled.
///
/// `X - mean = scores loadings^T` up to what the components left out explain.
#[derive(Clone, Debug, PartialEq)]
pub struct Pca {
    /// cells x components.
    pub scores: Matrix,
    /// genes x components, orthonormal columns.
    pub loadings: Matrix,
    /// Mean of each gene.
    pub mean: Vec<f32>,
    /// Variance of each score (divided by cells - 1), in falling order.
    pub explained_variance: Vec<f32>,
}

/// Directions of largest variance of a centred matrix of cells x genes.
///
/// The sign of each is chosen so that the loading of largest absolute value is positive (scikit-learn's `svd_flip` with
/// `u_based_decision=False`, as its `PCA` does since 1.5).
#[derive(Clone, Debug, PartialEq)]
pub struct Components {
    /// genes x components, orthonormal columns.
    pub loadings: Matrix,
    /// Variance along each (divided by cells - 1), in falling order.
    pub explained_variance: Vec<f32>,
}

impl Components {
    /// From unit vectors (genes x components) and the sums of squares along them.
    fn new(mut vectors: Mat<f64>, squares: &[f64], cells: usize) -> Self {
        for vector in vectors.col_iter_mut() {
            let largest = vector.as_ref().iter().fold(0.0, |a: f64, b| if b.abs() > a.abs() { *b } else { a });
            if largest < 0.0 {
                vector.iter_mut().for_each(|loading| *loading = -*loading);
            }
        }
        let explained_variance = squares.iter().map(|square| (square / (cells as f64 - 1.0)) as f32).collect();
        Self { loadings: single(&vectors), explained_variance }
    }

    /// Scores of some rows of a matrix that is centred as the fitted one was: one row of components after the other.
    pub fn scores(&self, matrix: &impl Rows, rows: Range<usize>) -> Vec<f32> {
        let block = block(matrix, rows.len(), |row| rows.start + row);
        let loadings = MatRef::from_row_major_slice(&self.loadings.values, self.loadings.rows, self.loadings.cols);
        let loadings = Mat::from_fn(loadings.nrows(), loadings.ncols(), |row, col| f64::from(loadings[(row, col)]));
        single(&product(block.as_ref(), loadings.as_ref())).values
    }
}

/// Rows of values, one for each cell, that are at hand or made when they are asked for.
pub trait Rows {
    /// Values of a row.
    fn genes(&self) -> usize;

    /// Writes a row over what is in `row`.
    ///
    /// # Panics
    ///
    /// If there is no such row, or `row` has another length.
    fn write(&self, cell: usize, row: &mut [f32]);
}

impl Rows for Matrix {
    fn genes(&self) -> usize {
        self.cols
    }

    fn write(&self, cell: usize, row: &mut [f32]) {
        row.copy_from_slice(self.row(cell));
    }
}

/// Exact principal components, in double precision.
///
/// # Errors
///
/// If `components` is 0 or larger than the rank of the centred matrix, or a value is not finite.
pub fn pca(matrix: &Matrix, components: usize) -> Result<Pca> {
    matrix.check_finite()?;
    let (cells, genes) = (matrix.rows, matrix.cols);
    let mut mean = vec![0.0; genes];
    for cell in 0..cells {
        mean.iter_mut().zip(matrix.row(cell)).for_each(|(sum, value)| *sum += f64::from(*value));
    }
    mean.iter_mut().for_each(|sum| *sum /= cells as f64);
    let centred = Mat::from_fn(cells, genes, |cell, gene| f64::from(matrix.values[cell * genes + gene]) - mean[gene]);
    let (vectors, squares) = exact(centred.as_ref(), components, false)?;
    let Components { loadings, explained_variance } = Components::new(vectors, &squares, cells);
    let vectors = Mat::from_fn(genes, components, |gene, component| f64::from(loadings.row(gene)[component]));
    let scores = single(&product(centred.as_ref(), vectors.as_ref()));
    Ok(Pca { scores, loadings, mean: mean.iter().map(|value| *value as f32).collect(), explained_variance })
}

/// Exact components of the rows `cells` of a matrix that is centred over them; with `at_most` as many as the rank if it is smaller.
///
/// # Errors
///
/// If `components` is 0 or, without `at_most`, larger than the rank.
pub fn fit_exactly(matrix: &impl Rows, cells: &[u32], components: usize, at_most: bool) -> Result<Components> {
    let centred = block(matrix, cells.len(), |row| cells[row] as usize);
    let (vectors, squares) = exact(centred.as_ref(), components, at_most)?;
    Ok(Components::new(vectors, &squares, cells.len()))
}

/// Directions and sums of squares: eigenvectors of the smaller one of the two Gram matrices.
fn exact(centred: MatRef<'_, f64>, components: usize, at_most: bool) -> Result<(Mat<f64>, Vec<f64>)> {
    let (cells, genes) = (centred.nrows(), centred.ncols());
    check_components(components, cells, genes)?;
    let by_genes = genes <= cells;
    let gram = if by_genes { product(centred.transpose(), centred) } else { product(centred, centred.transpose()) };
    let (vectors, values) = largest_eigen(gram.as_ref(), components, at_most)?;
    if by_genes {
        return Ok((vectors, values));
    }
    let mut vectors = product(centred.transpose(), vectors.as_ref());
    for (vector, value) in vectors.col_iter_mut().zip(&values) {
        vector.iter_mut().for_each(|loading| *loading /= value.sqrt());
    }
    Ok((vectors, values))
}

/// Checks a number of components against the shape of the matrix.
pub(super) fn check_components(components: usize, cells: usize, genes: usize) -> Result<()> {
    let most = genes.min(cells.saturating_sub(1));
    if (1..=most).contains(&components) {
        return Ok(());
    }
    let what =
        format!("{components} principal components of {cells} cells x {genes} genes cannot be had, 1 to {most} can");
    Err(Error::request(what))
}

/// The `count` largest eigenvalues of a symmetric matrix, in falling order, and their vectors; with `at_most` those that there are.
fn largest_eigen(symmetric: MatRef<'_, f64>, count: usize, at_most: bool) -> Result<(Mat<f64>, Vec<f64>)> {
    let side = symmetric.nrows();
    let (values, vectors) = eigen(symmetric).ok_or_else(|| Error::internal("the eigenvalues did not converge"))?;
    // They are in rising order.
    let value = |component: usize| values[side - 1 - component];
    let positive = |component: &usize| value(*component) > value(0) * f64::EPSILON * side as f64;
    let rank = (0..side).take_while(positive).count();
    let count = if at_most && rank > 0 { count.min(rank) } else { count };
    if rank < count {
        return Err(Error::request(format!("the matrix has rank {rank}, {count} components cannot be had"))
            .remedy("Ask for fewer components."));
    }
    let vectors = Mat::from_fn(side, count, |row, component| vectors[(row, side - 1 - component)]);
    Ok((vectors, (0..count).map(value).collect()))
}

/// Some rows of a matrix in double precision.
fn block(matrix: &impl Rows, rows: usize, row: impl Fn(usize) -> usize) -> Mat<f64> {
    let mut block = Mat::zeros(rows, matrix.genes());
    let mut values = vec![0.0; matrix.genes()];
    for at in 0..rows {
        matrix.write(row(at), &mut values);
        values.iter().enumerate().for_each(|(gene, value)| block[(at, gene)] = f64::from(*value));
    }
    block
}

fn single(matrix: &Mat<f64>) -> Matrix {
    let (rows, cols) = (matrix.nrows(), matrix.ncols());
    let values = (0..rows).flat_map(|row| (0..cols).map(move |col| matrix[(row, col)] as f32)).collect();
    Matrix { rows, cols, values }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CELLS: [[f32; 4]; 6] = [
        [3.5, 5.0, 10.0, 4.0],
        [7.0, 5.5, 8.0, 3.0],
        [3.0, 10.0, 9.5, 2.0],
        [10.0, 7.0, 4.0, 4.5],
        [6.0, 4.0, 2.0, 0.0],
        [2.0, 1.0, 0.0, 10.0],
    ];

    fn near(found: &[f32], expected: &[f32]) {
        assert_eq!(found.len(), expected.len());
        for (a, b) in found.iter().zip(expected) {
            assert!((a - b).abs() < 2e-5 * b.abs().max(1.0), "{found:?} is not {expected:?}");
        }
    }

    #[test]
    fn equals_numpy_with_more_cells_than_genes() {
        let found = pca(&Matrix::new(6, 4, CELLS.concat()).unwrap(), 3).unwrap();
        near(&found.mean, &[5.25, 5.416_667, 5.583_333, 3.916_667]);
        near(&found.explained_variance, &[27.48596, 11.81301, 4.99646]);
        near(found.scores.row(0), &[2.68936, -3.48619, 0.04908]);
        near(found.loadings.row(0), &[0.117_569, 0.753_383, 0.578_302]);
        near(found.loadings.row(3), &[-0.476_84, -0.448_409, 0.745_153]);
    }

    #[test]
    fn equals_numpy_with_more_genes_than_cells() {
        let transposed = (0..4).flat_map(|col| CELLS.map(|row| row[col])).collect();
        let found = pca(&Matrix::new(4, 6, transposed).unwrap(), 3).unwrap();
        near(&found.explained_variance, &[42.18538, 19.90512, 4.4095]);
        near(found.scores.row(0), &[0.69011, 6.09317, -1.28338]);
        near(found.loadings.row(5), &[0.680_631, -0.256_204, 0.123_592]);
    }

    #[test]
    fn more_components_than_the_rank_are_refused() {
        let line = Matrix::new(5, 3, (0..15u8).map(|i| f32::from(i / 3)).collect()).unwrap();
        assert!(pca(&line, 2).unwrap_err().to_string().contains("rank 1"));
        assert!(pca(&line, 4).is_err());
        assert!(pca(&line, 0).is_err());
        assert_eq!(pca(&line, 1).unwrap().scores.cols, 1);
    }
}

//! Principal component analysis of a dense matrix.

use crate::data::Matrix;
use crate::{Error, Result};
use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, Par, Side};

/// Principal components of a matrix of cells x genes, centred but not scaled.
///
/// `X - mean = scores loadings^T` up to what the components left out explain. The sign of each component is chosen so that the loading
/// of largest absolute value is positive (scikit-learn's `svd_flip` with `u_based_decision=False`, as its `PCA` does since 1.5).
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

/// Exact principal components, in double precision: eigenvectors of the smaller one of the two Gram matrices of the centred matrix.
///
/// # Errors
///
/// If `components` is 0 or larger than the rank of the centred matrix, or a value is not finite.
pub fn pca(matrix: &Matrix, components: usize) -> Result<Pca> {
    matrix.check_finite()?;
    let (cells, genes) = (matrix.rows, matrix.cols);
    let most = genes.min(cells.saturating_sub(1));
    if components == 0 || components > most {
        return Err(Error::request(format!(
            "{components} principal components of {cells} cells x {genes} genes cannot be had, 1 to {most} can"
        )));
    }
    let mut mean = vec![0.0; genes];
    for cell in 0..cells {
        mean.iter_mut().zip(matrix.row(cell)).for_each(|(sum, value)| *sum += f64::from(*value));
    }
    mean.iter_mut().for_each(|sum| *sum /= cells as f64);
    let centred = Mat::from_fn(cells, genes, |cell, gene| f64::from(matrix.values[cell * genes + gene]) - mean[gene]);

    let by_genes = genes <= cells;
    let (side, left, right) = if by_genes {
        (genes, centred.transpose(), centred.as_ref())
    } else {
        (cells, centred.as_ref(), centred.transpose())
    };
    let mut gram = Mat::<f64>::zeros(side, side);
    matmul(gram.as_mut(), Accum::Replace, left, right, 1.0, Par::Seq);
    let eigen =
        gram.self_adjoint_eigen(Side::Lower).map_err(|_| Error::internal("the eigenvalues did not converge"))?;
    // faer sorts eigenvalues in rising order.
    let value = |component: usize| eigen.S()[side - 1 - component];
    if value(components - 1) <= value(0) * f64::EPSILON * side as f64 {
        let rank = (0..side).take_while(|c| value(*c) > value(0) * f64::EPSILON * side as f64).count();
        return Err(Error::request(format!("the matrix has rank {rank}, {components} components cannot be had")));
    }
    let vectors = Mat::from_fn(side, components, |row, component| eigen.U()[(row, side - 1 - component)]);

    let mut loadings = if by_genes {
        vectors
    } else {
        let mut product = Mat::<f64>::zeros(genes, components);
        matmul(product.as_mut(), Accum::Replace, centred.transpose(), vectors.as_ref(), 1.0, Par::Seq);
        Mat::from_fn(genes, components, |gene, component| product[(gene, component)] / value(component).sqrt())
    };
    for component in 0..components {
        let largest = (0..genes)
            .map(|gene| loadings[(gene, component)])
            .fold(0.0, |a: f64, b| if b.abs() > a.abs() { b } else { a });
        if largest < 0.0 {
            (0..genes).for_each(|gene| loadings[(gene, component)] *= -1.0);
        }
    }
    let mut scores = Mat::<f64>::zeros(cells, components);
    matmul(scores.as_mut(), Accum::Replace, centred.as_ref(), loadings.as_ref(), 1.0, Par::Seq);
    Ok(Pca {
        scores: single(&scores),
        loadings: single(&loadings),
        mean: mean.iter().map(|value| *value as f32).collect(),
        explained_variance: (0..components).map(|c| (value(c) / (cells as f64 - 1.0)) as f32).collect(),
    })
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

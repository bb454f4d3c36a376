//! Products, eigenvectors and orthonormal bases of dense matrices in double precision, as faer computes them.
//!
//! faer's functions are compiled where they are called with types. Here they are called with numbers of one type, so that they are compiled
//! once, and for speed also where everything else is compiled quickly.

use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatMut, MatRef, Par, Side};

/// `left right`, `[n, k] [k, m]`.
///
/// # Panics
/// The shapes do not match.
#[must_use]
pub fn product(left: MatRef<'_, f64>, right: MatRef<'_, f64>) -> Mat<f64> {
    let mut product = Mat::zeros(left.nrows(), right.ncols());
    multiply(product.as_mut(), Accum::Replace, left, right, 1.0);
    product
}

/// Writes `factor left right`, `[n, k] [k, m]`, onto `[n, m]`, or adds it.
///
/// # Panics
/// The shapes do not match.
pub fn multiply(onto: MatMut<'_, f64>, how: Accum, left: MatRef<'_, f64>, right: MatRef<'_, f64>, factor: f64) {
    matmul(onto, how, left, right, factor, Par::Seq);
}

/// Eigenvalues of a symmetric matrix `[n, n]`, of which the lower triangle is read, in rising order, and its eigenvectors as columns
/// `[n, n]`. None if the iteration does not converge.
#[must_use]
pub fn eigen(symmetric: MatRef<'_, f64>) -> Option<(Vec<f64>, Mat<f64>)> {
    let eigen = symmetric.self_adjoint_eigen(Side::Lower).ok()?;
    Some((eigen.S().column_vector().iter().copied().collect(), eigen.U().to_owned()))
}

/// An orthonormal basis `[n, m]` of the columns of a matrix `[n, m]`, m at most n.
#[must_use]
pub fn orthonormal(matrix: &Mat<f64>) -> Mat<f64> {
    matrix.qr().compute_thin_Q()
}

//! Small symmetric systems in double precision.

use faer::linalg::solvers::Solve;
use faer::{Mat, Side};

/// Solves `matrix x = right` for a symmetric positive definite matrix `[n, n]` and `[n, columns]` right sides, all row-major. None if the
/// matrix is not positive definite.
pub(crate) fn solve(matrix: &[f64], right: &[f64], columns: usize) -> Option<Vec<f64>> {
    let rows = right.len() / columns.max(1);
    let matrix = Mat::from_fn(rows, rows, |row, column| matrix[row * rows + column]);
    let right = Mat::from_fn(rows, columns, |row, column| right[row * columns + column]);
    let solution = matrix.llt(Side::Lower).ok()?.solve(&right);
    Some((0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))).map(|at| solution[at]).collect())
}

/// `d' matrix^-1 d`.
pub(super) fn mahalanobis(matrix: &[f64], d: &[f64]) -> Option<f64> {
    let solved = solve(matrix, d, 1)?;
    Some(d.iter().zip(solved).map(|(a, b)| a * b).sum())
}

/// Adds `share` of the mean of the diagonal to the diagonal of a square matrix.
pub(crate) fn ridge(matrix: &mut [f64], rows: usize, share: f64) {
    let mean = (0..rows).map(|row| matrix[row * rows + row]).sum::<f64>() / rows.max(1) as f64;
    (0..rows).for_each(|row| matrix[row * rows + row] += share * mean);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_system_is_solved() {
        let matrix = [4.0, 1.0, 1.0, 3.0];
        let solution = solve(&matrix, &[1.0, 2.0], 1).unwrap();
        assert!((solution[0] - 1.0 / 11.0).abs() < 1e-12 && (solution[1] - 7.0 / 11.0).abs() < 1e-12);
        assert!((mahalanobis(&matrix, &[1.0, 2.0]).unwrap() - 15.0 / 11.0).abs() < 1e-12);
        assert_eq!(solve(&[0.0, 0.0, 0.0, -1.0], &[1.0, 1.0], 1), None);
    }
}

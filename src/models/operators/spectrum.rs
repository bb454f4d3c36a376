//! Eigenvalues of operators: real parts are growth rates, imaginary parts are turns, both per mean sampling interval.

use super::field::OperatorField;
use crate::data::evenly;
use crate::error::{Error, Result};
use crate::protocol::Spectrum;
use burn::tensor::Device;
use faer::Mat;

/// Cells whose eigenvalues are shown.
const MOST_SHOWN: usize = 600;
/// Work that eigenvalues of all cells may cost, in cells x d^3; of more, an evenly spread sample has a value.
const MOST_WORK: usize = 2_000_000_000;

/// Real and imaginary part of each eigenvalue of a row-major d x d matrix, largest real part first.
///
/// # Errors
/// The iteration did not converge.
pub fn eigenvalues(matrix: &[f32], d: usize) -> Result<Vec<[f32; 2]>> {
    let matrix = Mat::from_fn(d, d, |row, column| f64::from(matrix[row * d + column]));
    let values = matrix.eigenvalues().map_err(|_| Error::internal("The eigenvalues of an operator were not found"))?;
    let mut values: Vec<[f32; 2]> = values.iter().map(|value| [value.re as f32, value.im as f32]).collect();
    values.sort_by(|a, b| b[0].total_cmp(&a[0]).then(b[1].total_cmp(&a[1])));
    Ok(values)
}

/// Eigenvalues of the operators of a time point's cells.
///
/// # Errors
/// There is no such time point, or the device failed.
pub async fn spectrum(field: &OperatorField, time: usize, device: &Device) -> Result<Spectrum> {
    let d = field.dimensions();
    if time >= field.dataset.time_points.len() {
        return Err(Error::request(format!("There is no time point {time}")));
    }
    let all = field.dataset.cells_at(time);
    let cells: Vec<u32> = evenly(all.len(), MOST_SHOWN).map(|k| all[k]).collect();
    let matrices = field.matrices(&cells, device).await?;
    let mut all = Vec::with_capacity(2 * d * cells.len());
    for matrix in matrices.chunks_exact(d * d) {
        all.extend(eigenvalues(matrix, d)?.into_iter().flatten());
    }
    Ok(Spectrum { time, cells: cells.into(), dimensions: d, eigenvalues: all.into() })
}

/// Largest real part of the eigenvalues of each cell of the dataset; NaN for cells that are not in the sample of a very large one.
///
/// # Errors
/// The device failed.
pub async fn growth(field: &OperatorField, device: &Device) -> Result<Vec<f32>> {
    let d = field.dimensions();
    let count = field.dataset.states.rows;
    let cells: Vec<u32> = evenly(count, (MOST_WORK / d.pow(3)).max(1)).map(|cell| cell as u32).collect();
    let mut values = vec![f32::NAN; count];
    // Operators are taken in blocks, so that there are never those of all cells at once.
    for block in cells.chunks(8192) {
        let matrices = field.matrices(block, device).await?;
        for (cell, matrix) in block.iter().zip(matrices.chunks_exact(d * d)) {
            values[*cell as usize] = eigenvalues(matrix, d)?[0][0];
        }
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rotation_turns_and_a_stretch_grows() {
        let values = eigenvalues(&[0.1, -2.0, 0.0, 2.0, 0.1, 0.0, 0.0, 0.0, -1.0], 3).unwrap();
        let expected = [[0.1, 2.0], [0.1, -2.0], [-1.0, 0.0]];
        for (found, expected) in values.iter().flatten().zip(expected.iter().flatten()) {
            assert!((found - expected).abs() < 1e-6, "{values:?}");
        }
    }
}

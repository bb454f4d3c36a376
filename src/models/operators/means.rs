//! One operator, and mean operators by cell type and time point.

use super::field::OperatorField;
use super::spectrum::eigenvalues;
use crate::error::Result;
use crate::protocol::{MeanOperator, MeanOperators, Operator, OperatorOf};
use burn::tensor::Device;

/// The mean operator of some cells, with its eigenvalues.
///
/// # Errors
/// There are no such cells, or the device failed.
pub async fn operator(field: &OperatorField, of: OperatorOf, device: &Device) -> Result<Operator> {
    let d = field.dimensions();
    let cells = field.cells_of(of)?;
    let matrix = mean(&field.matrices(&cells, device).await?, d);
    let eigenvalues: Vec<f32> = eigenvalues(&matrix, d)?.into_iter().flatten().collect();
    Ok(Operator { of, cells: cells.len(), dimensions: d, matrix: matrix.into(), eigenvalues: eigenvalues.into() })
}

/// The mean operator of each type at each time point where it has cells.
///
/// # Errors
/// The device failed.
pub async fn mean_operators(field: &OperatorField, device: &Device) -> Result<MeanOperators> {
    let d = field.dimensions();
    let mut operators = Vec::new();
    for time in 0..field.dataset.time_points.len() {
        for kind in 0..field.dataset.types.len() {
            let Ok(cells) = field.cells_of(OperatorOf::Cells { time, kind: Some(kind) }) else { continue };
            let matrix = mean(&field.matrices(&cells, device).await?, d);
            let values = eigenvalues(&matrix, d)?;
            let rotation = values.iter().map(|value| value[1]).fold(0.0, f32::max);
            let (growth, cells) = (values[0][0], cells.len());
            operators.push(MeanOperator { time, kind, cells, matrix: matrix.into(), growth, rotation });
        }
    }
    Ok(MeanOperators { dimensions: d, operators })
}

fn mean(matrices: &[f32], d: usize) -> Vec<f32> {
    let mut sum = vec![0.0f64; d * d];
    for matrix in matrices.chunks_exact(d * d) {
        sum.iter_mut().zip(matrix).for_each(|(sum, value)| *sum += f64::from(*value));
    }
    let count = (matrices.len() / (d * d)) as f64;
    sum.into_iter().map(|sum| (sum / count) as f32).collect()
}

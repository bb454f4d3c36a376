//! From genes to standardised components and back.

use super::field::OperatorField;
use crate::data::{Decoder, Matrix};
use crate::error::{Error, Result};
use faer::linalg::solvers::Solve;
use faer::{Mat, Side};

/// dx = V S dz and dz = S^-1 (V^T V)^-1 V^T dx, where V are the loadings; with orthonormal loadings the middle is the identity.
pub struct Encoder {
    /// Rows of V S: genes x d.
    pub decode: Matrix,
    /// Columns of S^-1 (V^T V)^-1 V^T, as rows: genes x d.
    pub encode: Matrix,
}

impl Encoder {
    /// The way between the genes and the components of a field.
    ///
    /// # Errors
    /// The dataset has no loadings, or they are not independent in these components.
    pub fn new(field: &OperatorField) -> Result<Self> {
        let missing = || {
            Error::request("this dataset has no gene loadings, so operators cannot be read as gene interactions")
                .remedy("Open a file with loadings (varm/PCs), or let the components be computed here.")
        };
        let Decoder { loadings, .. } = field.dataset.decoder.as_ref().ok_or_else(missing)?;
        let (genes, d, scale) = (loadings.rows, loadings.cols, &field.standard().scale);
        let inner = Mat::from_fn(d, d, |a, b| {
            (0..genes).map(|gene| f64::from(loadings.row(gene)[a]) * f64::from(loadings.row(gene)[b])).sum::<f64>()
        });
        let factor = inner.llt(Side::Lower).map_err(|_| {
            Error::request("The gene loadings of these components are not independent, so genes cannot be set apart")
        })?;
        let transposed = Mat::from_fn(d, genes, |axis, gene| f64::from(loadings.row(gene)[axis]));
        let solved = factor.solve(&transposed);
        let table = |value: &dyn Fn(usize, usize) -> f32| {
            let values = (0..genes).flat_map(|gene| (0..d).map(move |axis| (gene, axis)));
            Matrix { rows: genes, cols: d, values: values.map(|(gene, axis)| value(gene, axis)).collect() }
        };
        Ok(Self {
            decode: table(&|gene, axis| loadings.row(gene)[axis] * scale[axis]),
            encode: table(&|gene, axis| solved[(axis, gene)] as f32 / scale[axis]),
        })
    }
}

//! The expression matrices of an AnnData file: dense, CSR or CSC.

use crate::data::Matrix;
use crate::data::expression::{Expression, Layout};
use crate::data::hdf5::Store;
use crate::{Error, Result};

/// Reads `X`, `raw/X` or a layer; none if the file has none.
///
/// # Errors
///
/// If it is of another kind or shape than cells x genes, or its indices point outside.
pub(super) fn read(store: &Store, path: &str, cells: usize, genes: usize) -> Result<Option<Expression>> {
    if let Some(shape) = store.shape(path)? {
        if shape != [cells, genes] {
            return Err(Error::input(format!("the matrix is {shape:?}, not {cells} x {genes}")).at(path));
        }
        return Ok(Some(Expression::dense(Matrix::new(cells, genes, store.singles(path)?)?)));
    }
    if store.group(path).is_none() {
        return Ok(None);
    }
    let encoding = ["encoding-type", "h5sparse_format"].iter().find_map(|name| store.attribute(path, name));
    let layout = match encoding.as_ref().and_then(|value| value.as_str()) {
        Some("csr_matrix" | "csr") => Layout::ByCell,
        Some("csc_matrix" | "csc") => Layout::ByGene,
        other => {
            let kind = other.unwrap_or("unnamed");
            return Err(Error::input(format!("a matrix of kind “{kind}” is not known")).at(path));
        }
    };
    let bound = if layout == Layout::ByCell { genes } else { cells };
    let (starts, indices) =
        (store.integers(&format!("{path}/indptr"))?, store.places(&format!("{path}/indices"), bound)?);
    let values = store.values(&format!("{path}/data"))?;
    Expression::sparse([cells, genes], layout, &starts, indices, values).map(Some).map_err(|error| error.at(path))
}

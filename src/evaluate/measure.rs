//! The space in which clouds are compared.

use super::baseline;
use crate::data::{Dataset, Matrix, Standard};
use crate::error::{Error, Result};

/// The model space as it is, or its first components, standardised as Cell-MNN's published table does.
pub(super) struct Measure(Option<Standard>);

impl Measure {
    /// The first `components` of a dataset; none for the whole model space.
    ///
    /// # Errors
    /// There are not so many.
    pub(super) fn new(dataset: &Dataset, components: Option<usize>) -> Result<Self> {
        match components {
            None => Ok(Self(None)),
            Some(count) if (1..=dataset.states.cols).contains(&count) => {
                Ok(Self(Some(Standard::of(&dataset.states, count))))
            }
            Some(count) => {
                let what = format!("There are {} components, not {count}, to measure in", dataset.states.cols);
                Err(Error::request(what).at("components"))
            }
        }
    }

    /// Components that a prediction must have, of a dataset with so many.
    pub(super) fn needs(&self, all: usize) -> usize {
        self.0.as_ref().map_or(all, Standard::dimensions)
    }

    /// Row-major states with `columns` components, as they are compared.
    pub(super) fn points(&self, states: &[f32], columns: usize) -> Matrix {
        let (cols, values) = match &self.0 {
            Some(standard) => (standard.dimensions(), standard.apply(states, columns)),
            None => (columns, states.to_vec()),
        };
        Matrix { rows: states.len() / columns, cols, values }
    }

    /// The observed cells of a time point, as they are compared.
    pub(super) fn observed(&self, dataset: &Dataset, time: usize) -> Matrix {
        let cells = baseline::observed(dataset, time);
        self.points(&cells.values, cells.cols)
    }
}

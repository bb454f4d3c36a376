//! The space in which clouds are compared.

use crate::data::{Components, Dataset, Matrix, Space, Standard, evenly};
use crate::error::{Error, Result};

/// Most cells of a cloud that are compared; an even sample stands for larger ones.
const MOST_CELLS: usize = 10_000;

/// The model space as it is, or its first components, standardised as published tables do.
pub(super) struct Measure(Box<dyn Space>);

impl Measure {
    /// The first `components` of a dataset; none for the whole model space.
    ///
    /// # Errors
    /// There are not so many.
    pub(super) fn new(dataset: &Dataset, components: Option<usize>) -> Result<Self> {
        match components {
            None => Ok(Self(Box::new(Components(dataset.states.cols)))),
            Some(count) if (1..=dataset.states.cols).contains(&count) => {
                Ok(Self(Box::new(Standard::of(&dataset.states, count))))
            }
            Some(count) => {
                let what = format!("There are {} components, not {count}, to measure in", dataset.states.cols);
                Err(Error::request(what).at("components"))
            }
        }
    }

    /// Components that a prediction must have.
    pub(super) fn needs(&self) -> usize {
        self.0.dimensions()
    }

    /// Row-major states with `columns` components, as they are compared.
    pub(super) fn points(&self, states: &[f32], columns: usize) -> Matrix {
        Matrix { rows: states.len() / columns, cols: self.0.dimensions(), values: self.0.encode(states, columns) }
    }

    /// Observed cells as they are compared: all of them, or an even sample of many.
    pub(super) fn observed(&self, dataset: &Dataset, cells: &[u32]) -> Matrix {
        let rows: Vec<u32> = evenly(cells.len(), MOST_CELLS).map(|at| cells[at]).collect();
        self.points(&dataset.states_of(&rows), dataset.states.cols)
    }
}

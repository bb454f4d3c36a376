//! What is read off models in which cells attend to cells: who listens to whom, by type and by cell.

mod cells;
mod communication;
mod recovery;

pub use cells::{cell_attention, cell_matrix, receivers};
pub use communication::{between_types, communication};
pub use recovery::recovery;

use crate::error::{Error, Result};
use crate::protocol::Score;
use burn::tensor::{Device, Tensor};
use std::pin::Pin;

/// Called with the first of some receivers and their scores of all senders, `[rows, n]`.
pub type See<'a> = &'a mut dyn FnMut(usize, Tensor<2>);

/// Scores on their way.
pub type Scoring<'a> = Pin<Box<dyn Future<Output = Result<()>> + 'a>>;

/// A model in which cells attend to cells.
pub trait Attention {
    /// With these weights cells influence each other.
    fn interacts(&self) -> bool;

    /// Shows the scores of all receivers of a population, a bounded number at a time. Not to be called for fewer than two cells.
    ///
    /// # Shapes
    /// - `states`: `[n, d]`, row-major
    ///
    /// # Errors
    /// The device failed.
    fn scores<'a>(&'a self, states: Vec<f32>, score: Score, device: &'a Device, see: See<'a>) -> Scoring<'a>;
}

fn refuse_without_interaction(model: &dyn Attention) -> Result<()> {
    if !model.interacts() {
        let what = "This model was fitted without interaction: no cell listens to any other";
        return Err(Error::request(what).remedy("Train with interaction to see attention."));
    }
    Ok(())
}

//! What is read off models in which cells attend to cells: who listens to whom, by type and by cell.

mod cells;
mod communication;
mod recovery;

pub use cells::{cell_attention, cell_matrix, receivers};
pub use communication::{between_types, communication};
pub use recovery::recovery;

use crate::data::Dataset;
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

/// The observed cells that are asked about, the samples one after the other.
fn members(dataset: &Dataset, time: usize, sample: Option<usize>) -> Vec<u32> {
    let mut members = dataset.population_of(time, sample);
    members.sort_by_key(|cell| dataset.sample_of(*cell as usize));
    members
}

/// Shows the scores of [`members`]: cells of different samples never hear each other, so that their scores are 0.
async fn scores_in_samples(
    model: &dyn Attention,
    dataset: &Dataset,
    members: &[u32],
    score: Score,
    device: &Device,
    see: See<'_>,
) -> Result<()> {
    let mut before = 0;
    for population in members.chunk_by(|a, b| dataset.sample_of(*a as usize) == dataset.sample_of(*b as usize)) {
        let (cells, all) = (population.len(), members.len());
        let mut among_all = |first: usize, scores: Tensor<2>| {
            let rows = scores.dims()[0];
            let none = |columns: usize| (columns > 0).then(|| Tensor::zeros([rows, columns], device));
            let row = [none(before), Some(scores), none(all - before - cells)].into_iter().flatten().collect();
            see(before + first, Tensor::cat(row, 1));
        };
        if cells < 2 && cells < all {
            among_all(0, Tensor::zeros([cells, cells], device));
        } else {
            model.scores(dataset.states_of(population), score, device, &mut among_all).await?;
        }
        before += cells;
    }
    Ok(())
}

fn refuse_without_interaction(model: &dyn Attention) -> Result<()> {
    if !model.interacts() {
        let what = "This model was fitted without interaction: no cell listens to any other";
        return Err(Error::request(what).remedy("Train with interaction to see attention."));
    }
    Ok(())
}

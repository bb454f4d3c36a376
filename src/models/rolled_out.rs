//! The prediction of a model that moves cells from the first time point on.

use super::room::{Asked, Prediction};
use crate::data::Dataset;
use crate::error::Result;
use crate::protocol::{SimulationQuery, Start};
use crate::simulate::{Journey, Moves};
use crate::tensor::read;
use burn::tensor::{Device, Tensor};

/// Cells of the first time point, or of a sample's first population, rolled out through the held-out ones.
pub struct RolledOut<J> {
    journey: J,
    times: Vec<usize>,
    frames: Vec<Tensor<2>>,
}

impl<J: Journey> RolledOut<J> {
    /// Draws the cells.
    ///
    /// # Errors
    /// They cannot be drawn.
    pub(super) fn new(
        model: &impl Moves<Journey = J>,
        dataset: &Dataset,
        asked: Asked<'_>,
        device: &Device,
    ) -> Result<Self> {
        let time = asked.sample.and_then(|sample| dataset.first_time(sample)).unwrap_or(0);
        let start = Start { time, sample: asked.sample, ..Start::default() };
        let query = SimulationQuery { cells: asked.cells, seed: asked.seed, start, ..SimulationQuery::default() };
        let journey = model.journey(dataset, &query, &[], device)?;
        Ok(Self { journey, times: asked.times.to_vec(), frames: Vec::new() })
    }
}

impl<J: Journey> Prediction for RolledOut<J> {
    async fn advance(&mut self, dataset: &Dataset, _: &Device) -> Result<Option<Vec<Vec<f32>>>> {
        self.journey.step(dataset).await?;
        let time = self.journey.time();
        if self.times.iter().any(|at| (*at as f64 - time).abs() < 1e-6) {
            self.frames.push(self.journey.state());
        }
        if self.frames.len() < self.times.len() {
            // A read now and then keeps what is asked of a device bounded.
            if (time - time.round()).abs() < 1e-6 {
                read(self.journey.state().slice([0..1, 0..1])).await?;
            }
            return Ok(None);
        }
        let states = read(Tensor::cat(std::mem::take(&mut self.frames), 0)).await?;
        let count = states.len() / self.times.len();
        Ok(Some(states.chunks_exact(count).map(<[f32]>::to_vec).collect()))
    }
}

//! Fitted models that move each cell on its own.

use super::Fitted;
use crate::data::Dataset;
use crate::error::Result;
use crate::models::Readings;
use crate::models::rolled_out::RolledOut;
use crate::models::room::{Asked, Drifts, Model, Moves, at_times, refuse_parts};
use crate::protocol::{Change, DriftPart, SimulationQuery};
use crate::simulate::{Alone, CellStepper};
use burn::module::Module;
use burn::tensor::{Device, Tensor};

/// A fitted model whose cells do not influence each other. Its stepper and its drift give the journey, the velocity and the prediction of
/// held-out cells.
pub trait MovesAlone: Fitted {
    /// What takes the steps of its cells.
    type Stepper: CellStepper;

    /// Dimensions that it works in.
    fn dimensions(&self) -> usize;

    /// Cells are moved in a learned space, and seen through its decoder.
    fn has_space(&self) -> bool {
        false
    }

    /// Cells in motion.
    fn stepper(&self, device: &Device) -> Self::Stepper;

    /// Length of a step, on the clock of [`Self::stepper`].
    fn dt(&self) -> f64;

    /// The drift of each cell at a time in index units, per unit of the stepper's clock.
    ///
    /// # Shapes
    /// - `cells`, output: `[n, d]`
    fn drift(&self, dataset: &Dataset, time: f64, cells: Tensor<2>) -> Tensor<2>;
}

impl<M: MovesAlone> Moves for M {
    type Journey = Alone<M::Stepper>;

    fn journey(
        &self,
        dataset: &Dataset,
        query: &SimulationQuery,
        changes: &[Change],
        device: &Device,
    ) -> Result<Self::Journey> {
        Alone::new(self.stepper(device), self.dt(), dataset, query, changes, device)
    }
}

impl<M: MovesAlone> Drifts for M {
    async fn drifts(&self, dataset: &Dataset, states: Vec<f32>, times: &[f64], device: &Device) -> Result<Vec<f32>> {
        let clock = self.stepper(device).clock(dataset);
        let mut drift = at_times(&states, times, device, |time, cells| self.drift(dataset, time, cells)).await?;
        for (row, time) in drift.chunks_exact_mut(self.dimensions()).zip(times) {
            let rate = clock.rate(*time) as f32;
            row.iter_mut().for_each(|value| *value *= rate);
        }
        Ok(drift)
    }
}

impl<M: MovesAlone + Readings> Model for M {
    type Prediction = RolledOut<Alone<M::Stepper>>;

    fn dimensions(&self) -> usize {
        MovesAlone::dimensions(self)
    }

    fn parameters(&self) -> usize {
        self.network().num_params()
    }

    fn learned_space(&self) -> bool {
        self.has_space()
    }

    async fn velocities(
        &self,
        dataset: &Dataset,
        time: usize,
        cells: &[u32],
        part: DriftPart,
        device: &Device,
    ) -> Result<Vec<f32>> {
        refuse_parts(part)?;
        self.drifts(dataset, dataset.states_of(cells), &vec![time as f64; cells.len()], device).await
    }

    fn predict(&self, dataset: &Dataset, asked: Asked<'_>, device: &Device) -> Result<Self::Prediction> {
        RolledOut::new(self, dataset, asked, device)
    }
}

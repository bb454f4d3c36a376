//! The mean-field drift among the models.

use super::MeanFieldWeights;
use super::field::MeanField;
use super::journey::{MeanFieldJourney, journey};
use super::network::MeanFieldNetwork;
use super::objective::{MeanFieldObjective, MeanFieldTrainer};
use super::shape::MeanFieldShape;
use crate::data::Dataset;
use crate::error::Result;
use crate::models::Readings;
use crate::models::fitted::{FittedRoom, Networked, Tensors};
use crate::models::rolled_out::RolledOut;
use crate::models::room::{Asked, Data, Drifts, Model, Moves, at_times, in_samples};
use crate::protocol::{Change, DriftPart, ModelKind, Recipe, SimulationQuery};
use burn::module::Module;
use burn::tensor::Device;

/// The room of the mean-field drift.
pub type MeanFieldRoom = FittedRoom<MeanField>;

impl Networked for MeanFieldShape {
    const KIND: ModelKind = ModelKind::MeanField;
    type Network = MeanFieldNetwork;
    type Objective = MeanFieldObjective;

    fn load(&self, tensors: &Tensors, device: &Device) -> Result<MeanFieldNetwork> {
        MeanFieldNetwork::loaded(tensors, self, device)
    }

    async fn save(network: &MeanFieldNetwork) -> Result<Tensors> {
        network.saved().await
    }

    fn train(data: &Data<'_>, recipe: &Recipe, weights: Option<&MeanFieldWeights>) -> Result<MeanFieldTrainer> {
        MeanFieldTrainer::new(data.dataset, recipe, weights, data.device)
    }
}

impl Moves for MeanField {
    type Journey = MeanFieldJourney;

    fn journey(
        &self,
        dataset: &Dataset,
        query: &SimulationQuery,
        changes: &[Change],
        device: &Device,
    ) -> Result<MeanFieldJourney> {
        journey(self, dataset, query, changes, device)
    }
}

impl Drifts for MeanField {
    async fn drifts(&self, _: &Dataset, states: Vec<f32>, times: &[f64], device: &Device) -> Result<Vec<f32>> {
        at_times(&states, times, device, |time, cells| self.intrinsic(time, cells)).await
    }
}

impl Readings for MeanField {}

impl Model for MeanField {
    type Prediction = RolledOut<MeanFieldJourney>;

    fn dimensions(&self) -> usize {
        self.shape.dimensions
    }

    fn parameters(&self) -> usize {
        self.network.num_params()
    }

    fn interacts(&self) -> bool {
        self.shape.interacts
    }

    async fn velocities(
        &self,
        dataset: &Dataset,
        time: usize,
        cells: &[u32],
        part: DriftPart,
        device: &Device,
    ) -> Result<Vec<f32>> {
        let of = async |cells: &[u32]| {
            let [intrinsic, others] = self.parts_of(time as f64, dataset.states_of(cells), device).await?;
            let share = |whole: bool| f32::from(u8::from(whole));
            let shares = [share(part != DriftPart::Interaction), share(part != DriftPart::Intrinsic)];
            Ok(intrinsic.iter().zip(&others).map(|(a, b)| shares[0] * a + shares[1] * b).collect())
        };
        in_samples(dataset, cells, self.shape.dimensions, of).await
    }

    async fn parts(&self, time: f64, states: Vec<f32>, device: &Device) -> Result<Option<[Vec<f32>; 2]>> {
        if !self.shape.interacts {
            return Ok(None);
        }
        self.parts_of(time, states, device).await.map(Some)
    }

    fn predict(&self, dataset: &Dataset, asked: Asked<'_>, device: &Device) -> Result<RolledOut<MeanFieldJourney>> {
        RolledOut::new(self, dataset, asked, device)
    }
}

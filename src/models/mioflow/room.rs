//! MIOFlow among the models.

use super::MioFlowWeights;
use super::field::{MioFlow, MioFlowNetwork, Motion};
use super::noise::{mean_variance, of_intervals};
use super::objective::{MioFlowObjective, MioFlowTrainer};
use super::shape::MioFlowShape;
use crate::data::Dataset;
use crate::error::Result;
use crate::models::Readings;
use crate::models::fitted::{FittedRoom, MovesAlone, Networked, Tensors};
use crate::models::room::Data;
use crate::protocol::{IntervalNoise, ModelKind, Recipe};
use crate::tensor::{read, upload};
use crate::train::Populations;
use burn::tensor::{Device, Tensor};

/// The room of MIOFlow.
pub type MioFlowRoom = FittedRoom<MioFlow>;

impl Networked for MioFlowShape {
    const KIND: ModelKind = ModelKind::MioFlow;
    type Network = MioFlowNetwork;
    type Objective = MioFlowObjective;

    fn load(&self, tensors: &Tensors, device: &Device) -> Result<MioFlowNetwork> {
        MioFlowNetwork::loaded(tensors, self, device)
    }

    async fn save(network: &MioFlowNetwork) -> Result<Tensors> {
        network.saved().await
    }

    fn train(data: &Data<'_>, recipe: &Recipe, weights: Option<&MioFlowWeights>) -> Result<MioFlowTrainer> {
        let cells = Populations::new(data.dataset, &recipe.held_out)?;
        MioFlowTrainer::new(cells, data.dataset.time_points.len(), recipe, weights, data.device)
    }
}

impl MovesAlone for MioFlow {
    type Stepper = Motion;

    fn dimensions(&self) -> usize {
        self.shape.dimensions
    }

    fn has_space(&self) -> bool {
        self.shape.space.is_some()
    }

    fn stepper(&self, _: &Device) -> Motion {
        self.motion()
    }

    fn dt(&self) -> f64 {
        1.0
    }

    fn drift(&self, _: &Dataset, time: f64, cells: Tensor<2>) -> Tensor<2> {
        self.network.velocity(time, cells)
    }
}

impl Readings for MioFlow {
    async fn interval_noise(&self, dataset: &Dataset, recipe: Option<&Recipe>) -> Result<Option<IntervalNoise>> {
        let mut variances = Vec::with_capacity(dataset.time_points.len());
        for time in 0..dataset.time_points.len() {
            let states = dataset.states_at(time);
            let cells = upload(states.values, [states.rows, states.cols], &self.network.alpha.val().device());
            variances.push(mean_variance(&read(self.network.enter(cells)).await?, self.shape.moved()));
        }
        Ok(Some(of_intervals(&read(self.network.alpha.val()).await?, &variances, recipe)))
    }
}

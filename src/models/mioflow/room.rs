//! MIOFlow among the models.

use super::MioFlowWeights;
use super::field::{MioFlow, MioFlowNetwork, Motion};
use super::noise::of_intervals;
use super::objective::{MioFlowObjective, MioFlowTrainer};
use super::shape::MioFlowShape;
use crate::data::Dataset;
use crate::error::Result;
use crate::models::Readings;
use crate::models::fitted::{FittedRoom, MovesAlone, Networked, Tensors};
use crate::models::room::Data;
use crate::protocol::{IntervalNoise, ModelKind, Recipe};
use crate::tensor::read;
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

    fn stepper(&self, _: &Device) -> Motion {
        self.motion()
    }

    fn dt(&self) -> f64 {
        1.0
    }

    fn drift(&self, _: &Dataset, time: f64, cells: Tensor<2>) -> Tensor<2> {
        self.network.drift(time, cells)
    }
}

impl Readings for MioFlow {
    async fn interval_noise(&self, dataset: &Dataset, recipe: Option<&Recipe>) -> Result<Option<IntervalNoise>> {
        Ok(Some(of_intervals(&read(self.network.alpha.val()).await?, dataset, recipe)))
    }
}

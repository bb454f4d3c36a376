//! MIOFlow among the models.

use super::MioFlowWeights;
use super::field::{MioFlow, MioFlowNetwork, Motion};
use super::objective::{MioFlowObjective, MioFlowTrainer};
use crate::data::Dataset;
use crate::error::Result;
use crate::models::fitted::{Fitted, FittedRoom, Tensors, velocity};
use crate::models::rolled_out::RolledOut;
use crate::models::room::{Asked, Data, Model, Moves};
use crate::protocol::{Change, ModelKind, Recipe, SimulationQuery, VelocityField, VelocityQuery};
use crate::simulate::Alone;
use crate::tensor::{read, upload};
use crate::train::Populations;
use burn::module::Module;
use burn::tensor::Device;

/// The room of MIOFlow.
pub type MioFlowRoom = FittedRoom<MioFlow>;

impl Fitted for MioFlow {
    const KIND: ModelKind = ModelKind::MioFlow;
    type Weights = MioFlowWeights;
    type Network = MioFlowNetwork;
    type Objective = MioFlowObjective;

    fn placed(weights: &MioFlowWeights, device: &Device) -> Result<Self> {
        Self::from_weights(weights, device)
    }

    fn network(&self) -> &MioFlowNetwork {
        &self.network
    }

    fn with(&self, network: MioFlowNetwork) -> Self {
        Self { network, ..self.clone() }
    }

    fn loaded(&self, tensors: &Tensors, device: &Device) -> Result<MioFlowNetwork> {
        MioFlowNetwork::loaded(tensors, &self.shape, device)
    }

    async fn saved(network: &MioFlowNetwork) -> Result<Tensors> {
        network.saved().await
    }

    fn stored(&self, updates: u32, held_out: &[usize], tensors: Tensors) -> MioFlowWeights {
        MioFlowWeights { shape: self.shape.clone(), updates, held_out: held_out.to_vec(), tensors }
    }

    fn train(data: &Data<'_>, recipe: &Recipe, weights: Option<&MioFlowWeights>) -> Result<MioFlowTrainer> {
        let cells = Populations::new(data.dataset, &recipe.held_out)?;
        MioFlowTrainer::new(cells, data.dataset.time_points.len(), recipe, weights, data.device)
    }
}

impl Moves for MioFlow {
    type Journey = Alone<Motion>;

    fn journey(
        &self,
        dataset: &Dataset,
        query: &SimulationQuery,
        changes: &[Change],
        device: &Device,
    ) -> Result<Alone<Motion>> {
        Alone::new(self.motion(), 1.0, dataset, query, changes, device)
    }
}

impl Model for MioFlow {
    type Prediction = RolledOut<Alone<Motion>>;

    fn dimensions(&self) -> usize {
        self.shape.dimensions
    }

    fn parameters(&self) -> usize {
        self.network.num_params()
    }

    async fn velocity(&self, dataset: &Dataset, query: VelocityQuery, device: &Device) -> Result<VelocityField> {
        let drift = async |states: Vec<f32>| {
            let shape = [states.len() / self.shape.dimensions, self.shape.dimensions];
            read(self.network.drift(query.time as f64, upload(states, shape, device))).await
        };
        velocity(dataset, query, 1.0, drift).await
    }

    fn predict(&self, dataset: &Dataset, asked: Asked<'_>, device: &Device) -> Result<RolledOut<Alone<Motion>>> {
        RolledOut::new(self, dataset, asked, device)
    }
}

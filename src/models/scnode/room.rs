//! scNODE among the models.

use super::ScNodeWeights;
use super::field::{Motion, ScNode, ScNodeNetwork};
use super::objective::{ScNodeObjective, ScNodeTrainer};
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

/// The room of scNODE.
pub type ScNodeRoom = FittedRoom<ScNode>;

impl Fitted for ScNode {
    const KIND: ModelKind = ModelKind::ScNode;
    type Weights = ScNodeWeights;
    type Network = ScNodeNetwork;
    type Objective = ScNodeObjective;

    fn placed(weights: &ScNodeWeights, device: &Device) -> Result<Self> {
        Self::from_weights(weights, device)
    }

    fn network(&self) -> &ScNodeNetwork {
        &self.network
    }

    fn with(&self, network: ScNodeNetwork) -> Self {
        Self { network, ..self.clone() }
    }

    fn loaded(&self, tensors: &Tensors, device: &Device) -> Result<ScNodeNetwork> {
        ScNodeNetwork::loaded(tensors, &self.shape, device)
    }

    async fn saved(network: &ScNodeNetwork) -> Result<Tensors> {
        network.saved().await
    }

    fn stored(&self, updates: u32, held_out: &[usize], tensors: Tensors) -> ScNodeWeights {
        ScNodeWeights { shape: self.shape.clone(), updates, held_out: held_out.to_vec(), tensors }
    }

    fn train(data: &Data<'_>, recipe: &Recipe, weights: Option<&ScNodeWeights>) -> Result<ScNodeTrainer> {
        let cells = Populations::new(data.dataset, &recipe.held_out)?;
        ScNodeTrainer::new(cells, recipe, weights, data.device)
    }
}

impl Moves for ScNode {
    type Journey = Alone<Motion>;

    fn journey(
        &self,
        dataset: &Dataset,
        query: &SimulationQuery,
        changes: &[Change],
        device: &Device,
    ) -> Result<Alone<Motion>> {
        Alone::new(self.motion(), 1.0 / self.shape.steps as f64, dataset, query, changes, device)
    }
}

impl Model for ScNode {
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
            read(self.drift(upload(states, shape, device))).await
        };
        velocity(dataset, query, 1.0, drift).await
    }

    fn predict(&self, dataset: &Dataset, asked: Asked<'_>, device: &Device) -> Result<RolledOut<Alone<Motion>>> {
        RolledOut::new(self, dataset, asked, device)
    }
}

//! OT-CFM among the models.

use super::OtCfmWeights;
use super::field::{Motion, OtCfm};
use super::objective::{OtCfmObjective, OtCfmTrainer};
use super::shape::PREFIX;
use crate::data::Dataset;
use crate::error::Result;
use crate::models::fitted::{Fitted, FittedRoom, Perceptron, Tensors, velocity};
use crate::models::rolled_out::RolledOut;
use crate::models::room::{Asked, Data, Model, Moves};
use crate::protocol::{Change, ModelKind, Recipe, SimulationQuery, VelocityField, VelocityQuery};
use crate::simulate::Alone;
use crate::tensor::{read, upload};
use crate::train::Populations;
use burn::module::Module;
use burn::tensor::Device;

/// The room of OT-CFM.
pub type OtCfmRoom = FittedRoom<OtCfm>;

impl Fitted for OtCfm {
    const KIND: ModelKind = ModelKind::OtCfm;
    type Weights = OtCfmWeights;
    type Network = Perceptron;
    type Objective = OtCfmObjective;

    fn placed(weights: &OtCfmWeights, device: &Device) -> Result<Self> {
        Self::from_weights(weights, device)
    }

    fn network(&self) -> &Perceptron {
        &self.network
    }

    fn with(&self, network: Perceptron) -> Self {
        Self { network, ..self.clone() }
    }

    fn loaded(&self, tensors: &Tensors, device: &Device) -> Result<Perceptron> {
        Self::layers(tensors, device)
    }

    async fn saved(network: &Perceptron) -> Result<Tensors> {
        network.saved(PREFIX).await
    }

    fn stored(&self, updates: u32, held_out: &[usize], tensors: Tensors) -> OtCfmWeights {
        OtCfmWeights { shape: self.shape.clone(), updates, held_out: held_out.to_vec(), tensors }
    }

    fn train(data: &Data<'_>, recipe: &Recipe, weights: Option<&OtCfmWeights>) -> Result<OtCfmTrainer> {
        let cells = Populations::new(data.dataset, &recipe.held_out)?;
        OtCfmTrainer::new(cells, recipe, weights, data.device)
    }
}

impl Moves for OtCfm {
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

impl Model for OtCfm {
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
            read(self.drift(query.time as f64, upload(states, shape, device))).await
        };
        velocity(dataset, query, 1.0, drift).await
    }

    fn predict(&self, dataset: &Dataset, asked: Asked<'_>, device: &Device) -> Result<RolledOut<Alone<Motion>>> {
        RolledOut::new(self, dataset, asked, device)
    }
}

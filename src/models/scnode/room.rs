//! scNODE among the models.

use super::ScNodeWeights;
use super::field::{Motion, ScNode, ScNodeNetwork};
use super::objective::{ScNodeObjective, ScNodeTrainer};
use super::shape::ScNodeShape;
use crate::data::Dataset;
use crate::error::Result;
use crate::models::Readings;
use crate::models::fitted::{FittedRoom, MovesAlone, Networked, Tensors};
use crate::models::room::Data;
use crate::protocol::{ModelKind, Recipe};
use crate::train::Populations;
use burn::tensor::{Device, Tensor};

/// The room of scNODE.
pub type ScNodeRoom = FittedRoom<ScNode>;

impl Networked for ScNodeShape {
    const KIND: ModelKind = ModelKind::ScNode;
    type Network = ScNodeNetwork;
    type Objective = ScNodeObjective;

    fn load(&self, tensors: &Tensors, device: &Device) -> Result<ScNodeNetwork> {
        ScNodeNetwork::loaded(tensors, self, device)
    }

    async fn save(network: &ScNodeNetwork) -> Result<Tensors> {
        network.saved().await
    }

    fn train(data: &Data<'_>, recipe: &Recipe, weights: Option<&ScNodeWeights>) -> Result<ScNodeTrainer> {
        let cells = Populations::new(data.dataset, &recipe.held_out)?;
        ScNodeTrainer::new(cells, recipe, weights, data.device)
    }
}

impl MovesAlone for ScNode {
    type Stepper = Motion;

    fn dimensions(&self) -> usize {
        self.shape.dimensions
    }

    fn has_space(&self) -> bool {
        true
    }

    fn stepper(&self, _: &Device) -> Motion {
        self.network.motion(self.shape.latent)
    }

    fn dt(&self) -> f64 {
        1.0 / self.shape.steps as f64
    }

    fn drift(&self, _: &Dataset, _: f64, cells: Tensor<2>) -> Tensor<2> {
        self.network.drift(cells)
    }
}

impl Readings for ScNode {}

//! OT-CFM among the models.

use super::OtCfmWeights;
use super::field::{Motion, OtCfm};
use super::objective::{OtCfmObjective, OtCfmTrainer};
use super::shape::{LAYERS, OtCfmShape, PREFIX};
use crate::data::Dataset;
use crate::error::Result;
use crate::models::Readings;
use crate::models::fitted::{FittedRoom, MovesAlone, Networked, Perceptron, Tensors};
use crate::models::room::Data;
use crate::protocol::{ModelKind, Recipe};
use crate::train::Populations;
use burn::tensor::{Device, Tensor};

/// The room of OT-CFM.
pub type OtCfmRoom = FittedRoom<OtCfm>;

impl Networked for OtCfmShape {
    const KIND: ModelKind = ModelKind::OtCfm;
    type Network = Perceptron;
    type Objective = OtCfmObjective;

    fn load(&self, tensors: &Tensors, device: &Device) -> Result<Perceptron> {
        Perceptron::loaded(tensors, PREFIX, LAYERS + 1, device)
    }

    async fn save(network: &Perceptron) -> Result<Tensors> {
        network.saved(PREFIX).await
    }

    fn train(data: &Data<'_>, recipe: &Recipe, weights: Option<&OtCfmWeights>) -> Result<OtCfmTrainer> {
        let cells = Populations::new(data.dataset, &recipe.held_out)?;
        OtCfmTrainer::new(cells, recipe, weights, data.device)
    }
}

impl MovesAlone for OtCfm {
    type Stepper = Motion;

    fn dimensions(&self) -> usize {
        self.shape.dimensions
    }

    fn stepper(&self, _: &Device) -> Motion {
        self.motion()
    }

    fn dt(&self) -> f64 {
        1.0 / self.shape.steps as f64
    }

    fn drift(&self, _: &Dataset, time: f64, cells: Tensor<2>) -> Tensor<2> {
        OtCfm::drift(self, time, cells)
    }
}

impl Readings for OtCfm {}

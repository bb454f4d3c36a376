//! OT-CFM among the models.

use super::OtCfmWeights;
use super::field::{Motion, OtCfm};
use super::objective::{OtCfmObjective, OtCfmTrainer};
use super::shape::PREFIX;
use crate::data::Dataset;
use crate::error::Result;
use crate::models::Readings;
use crate::models::fitted::{Fitted, FittedRoom, MovesAlone, Perceptron, Tensors};
use crate::models::room::Data;
use crate::protocol::{ModelKind, Recipe};
use crate::train::Populations;
use burn::tensor::{Device, Tensor};

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

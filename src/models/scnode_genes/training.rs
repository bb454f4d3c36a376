//! A training of scNODE on genes, with the cells as their genes.

use super::shape::{ScNodeGenesShape, initial_weights};
use super::{PlacedScNode, ScNodeGenes, ScNodeGenesWeights};
use crate::data::GeneSpace;
use crate::error::Result;
use crate::models::fitted::{Fitted, Networked, Progress, Tensors, Trainer};
use crate::models::room::{Best, Data, Training};
use crate::models::scnode::{ScNodeNetwork, ScNodeObjective};
use crate::protocol::{ModelKind, Recipe};
use crate::train::{Completed, Populations, rolled_back};
use burn::tensor::Device;
use std::sync::Arc;

/// The training loop of scNODE on genes.
pub type ScNodeGenesTrainer = Trainer<ScNodeGenes>;

impl Networked for ScNodeGenesShape {
    const KIND: ModelKind = ModelKind::ScNodeGenes;
    type Network = ScNodeNetwork;
    type Objective = ScNodeObjective;

    fn load(&self, tensors: &Tensors, device: &Device) -> Result<ScNodeNetwork> {
        ScNodeNetwork::loaded(tensors, &self.network, device)
    }

    async fn save(network: &ScNodeNetwork) -> Result<Tensors> {
        network.saved().await
    }

    fn train(data: &Data<'_>, recipe: &Recipe, weights: Option<&ScNodeGenesWeights>) -> Result<ScNodeGenesTrainer> {
        let space = GeneSpace::new(data.dataset)?;
        let cells = Populations::new(&space.dataset, &recipe.held_out)?;
        ScNodeGenesTrainer::new(cells, space.genes, recipe, weights, data.device)
    }
}

impl ScNodeGenesTrainer {
    /// A training on `data`, whose dimensions are `genes`, from `weights` or, without, from fresh ones.
    ///
    /// # Errors
    /// A setting is out of range, or `weights` know other genes.
    pub fn new(
        data: Populations,
        genes: Vec<String>,
        recipe: &Recipe,
        weights: Option<&ScNodeGenesWeights>,
        device: &Device,
    ) -> Result<Self> {
        recipe.check()?;
        let model = match weights {
            Some(weights) => {
                weights.shape.fits(&genes)?;
                ScNodeGenes::from_weights(weights, device)?
            }
            None => {
                let shape = ScNodeGenesShape::new(recipe, genes);
                ScNodeGenes::from_weights(&initial_weights(shape, recipe.seed), device)?
            }
        };
        let (latent, steps) = (model.shape.network.latent, model.shape.network.steps);
        let objective = ScNodeObjective::new(data, recipe, latent, steps, device);
        Ok(Self::beginning(model, objective, recipe))
    }
}

/// A training with the genes that its cells are seen in.
pub struct ScNodeGenesTraining {
    trainer: ScNodeGenesTrainer,
    space: Arc<GeneSpace>,
}

impl ScNodeGenesTraining {
    pub(super) fn new(data: &Data<'_>, recipe: &Recipe, weights: Option<&ScNodeGenesWeights>) -> Result<Self> {
        let space = Arc::new(GeneSpace::new(data.dataset)?);
        let cells = Populations::new(&space.dataset, &recipe.held_out)?;
        let trainer = ScNodeGenesTrainer::new(cells, space.genes.clone(), recipe, weights, data.device)?;
        Ok(Self { trainer, space })
    }

    pub(super) fn standing_at(self, progress: &Progress<ScNodeGenesWeights>) -> Result<Self> {
        Ok(Self { trainer: self.trainer.standing_at(progress)?, space: self.space })
    }

    fn placed(&self, model: ScNodeGenes) -> PlacedScNode {
        PlacedScNode::new(model, self.space.clone())
    }
}

impl Training for ScNodeGenesTraining {
    type Model = PlacedScNode;

    fn recipe(&self) -> Recipe {
        self.trainer.recipe().clone()
    }

    fn training_times(&self) -> Vec<usize> {
        self.trainer.training_times().to_vec()
    }

    fn steps(&self) -> u32 {
        self.trainer.updates()
    }

    fn stage(&self) -> u64 {
        self.trainer.updates().into()
    }

    fn is_finished(&self) -> bool {
        self.trainer.is_finished()
    }

    async fn advance(&mut self) -> Result<Option<Completed>> {
        rolled_back(self.trainer.advance().await, &mut self.trainer)
    }

    fn model(&self) -> PlacedScNode {
        self.placed(self.trainer.model())
    }

    fn best(&self) -> Best<PlacedScNode> {
        let (model, step, loss) = self.trainer.best();
        Best { model: self.placed(model), step, loss }
    }

    async fn state(&self) -> Result<Option<Vec<u8>>> {
        self.trainer.progress().await?.as_ref().map(Progress::write).transpose()
    }
}

/// The weights of a model, read back from its device.
///
/// # Errors
/// The device failed.
pub(super) async fn weights(model: &ScNodeGenes, updates: u32, held_out: &[usize]) -> Result<ScNodeGenesWeights> {
    model.to_weights(updates, held_out).await
}

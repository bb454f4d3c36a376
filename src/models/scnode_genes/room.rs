//! scNODE on genes among the models.

use super::journey::{Motion, Seen, shifts};
use super::training::{self, ScNodeGenesTraining};
use super::{ScNodeGenes, ScNodeGenesWeights};
use crate::data::{Clock, Dataset, GeneSpace};
use crate::error::{Error, Result};
use crate::models::fitted::{Progress, Stored};
use crate::models::rolled_out::RolledOut;
use crate::models::room::{Asked, Data, Drifts, Model, Room, refuse_a_whole_one, refuse_parts};
use crate::models::{File, Readings};
use crate::protocol::{Change, DriftPart, ModelKind, Recipe, SimulationQuery};
use crate::simulate::{Alone, Moves};
use crate::tensor::{read, upload};
use burn::module::Module;
use burn::tensor::Device;
use std::sync::Arc;

/// scNODE as published: see [`crate::models::scnode_genes`].
pub struct ScNodeGenesRoom;

/// scNODE with the genes of a dataset's cells.
#[derive(Clone)]
pub struct PlacedScNode {
    /// The network with its shape.
    pub model: ScNodeGenes,
    space: Arc<GeneSpace>,
}

impl PlacedScNode {
    pub(super) fn new(model: ScNodeGenes, space: Arc<GeneSpace>) -> Self {
        Self { model, space }
    }

    /// The genes of a dataset's cells. A training without some samples was placed on fewer cells than there are.
    fn seen(&self, dataset: &Dataset) -> Result<Arc<GeneSpace>> {
        if dataset.states.rows == self.space.dataset.states.rows {
            return Ok(self.space.clone());
        }
        let space = GeneSpace::new(dataset)?;
        self.model.shape.fits(&space.genes)?;
        Ok(Arc::new(space))
    }
}

impl Room for ScNodeGenesRoom {
    const KIND: ModelKind = ModelKind::ScNodeGenes;
    type Weights = ScNodeGenesWeights;
    type Model = PlacedScNode;
    type Training = ScNodeGenesTraining;

    fn claims(file: &File) -> bool {
        ScNodeGenesWeights::recognises(&file.tensors, &file.metadata)
    }

    fn read(file: File) -> Result<ScNodeGenesWeights> {
        ScNodeGenesWeights::from_file(file.tensors, &file.metadata)
    }

    fn write(weights: &ScNodeGenesWeights) -> Result<Vec<u8>> {
        weights.write()
    }

    fn place(
        weights: &ScNodeGenesWeights,
        dataset: &Dataset,
        device: &Device,
    ) -> Result<(PlacedScNode, u32, Vec<usize>)> {
        let space = GeneSpace::new(dataset)?;
        weights.shape.fits(&space.genes)?;
        let model = ScNodeGenes::from_weights(weights, device)?;
        Ok((PlacedScNode::new(model, Arc::new(space)), weights.updates, weights.held_out.clone()))
    }

    async fn weights(model: &PlacedScNode, updates: u32, held_out: &[usize]) -> Result<ScNodeGenesWeights> {
        training::weights(&model.model, updates, held_out).await
    }

    fn train(data: &Data<'_>, recipe: &Recipe, current: Option<&ScNodeGenesWeights>) -> Result<ScNodeGenesTraining> {
        ScNodeGenesTraining::new(data, recipe, current)
    }

    fn resume(data: &Data<'_>, file: File, steps: Option<u32>) -> Result<ScNodeGenesTraining> {
        let progress: Progress<ScNodeGenesWeights> = Progress::from_file(file.tensors, &file.metadata)?;
        let recipe = progress.state.recipe.clone();
        let recipe = match steps {
            Some(steps) => recipe.with_steps(steps),
            None => recipe,
        };
        refuse_a_whole_one(progress.weights.updates, recipe.steps())?;
        ScNodeGenesTraining::new(data, &recipe, Some(&progress.weights))?.standing_at(&progress)
    }
}

impl Moves for PlacedScNode {
    type Journey = Alone<Motion>;

    fn journey(
        &self,
        dataset: &Dataset,
        query: &SimulationQuery,
        changes: &[Change],
        device: &Device,
    ) -> Result<Alone<Motion>> {
        let (space, network) = (self.seen(dataset)?, &self.model.shape.network);
        let (shift, changes) = shifts(changes, network.dimensions, device)?;
        let motion = Motion::new(self.model.network.motion(network.latent), shift, &space, device);
        Alone::new(motion, 1.0 / network.steps as f64, &space.dataset, query, &changes, device)
    }
}

impl Drifts for PlacedScNode {
    /// Genes of components that nobody measured are those that the loadings give.
    async fn drifts(&self, dataset: &Dataset, states: Vec<f32>, times: &[f64], device: &Device) -> Result<Vec<f32>> {
        let missing = || Error::internal("a model of genes stands on a dataset without loadings");
        let decoder = dataset.decoder.as_ref().ok_or_else(missing)?;
        let genes: Vec<f32> =
            states.chunks_exact(dataset.states.cols).flat_map(|state| decoder.decode(state)).collect();
        let genes = upload(genes, [times.len(), decoder.genes.len()], device);
        let mut drift = read(Seen::new(&self.space, device).push(self.model.network.drift(genes))).await?;
        let clock = Clock::of_positions(dataset);
        for (row, time) in drift.chunks_exact_mut(dataset.states.cols).zip(times) {
            let rate = clock.rate(*time) as f32;
            row.iter_mut().for_each(|value| *value *= rate);
        }
        Ok(drift)
    }
}

impl Readings for PlacedScNode {}

impl Model for PlacedScNode {
    type Prediction = RolledOut<Alone<Motion>>;

    /// Components in which its cells are seen.
    fn dimensions(&self) -> usize {
        self.space.encode.cols
    }

    fn parameters(&self) -> usize {
        self.model.network.num_params()
    }

    fn learned_space(&self) -> bool {
        true
    }

    async fn velocities(
        &self,
        dataset: &Dataset,
        time: usize,
        cells: &[u32],
        part: DriftPart,
        device: &Device,
    ) -> Result<Vec<f32>> {
        refuse_parts(part)?;
        let space = self.seen(dataset)?;
        let genes = upload(space.dataset.states_of(cells), [cells.len(), space.genes.len()], device);
        let drift = Seen::new(&space, device).push(self.model.network.drift(genes));
        let rate = Clock::of_positions(dataset).rate(time as f64) as f32;
        Ok(read(drift).await?.into_iter().map(|value| value * rate).collect())
    }

    fn predict(&self, dataset: &Dataset, asked: Asked<'_>, device: &Device) -> Result<RolledOut<Alone<Motion>>> {
        RolledOut::new(self, dataset, asked, device)
    }
}

//! Cell-MNN's room.

use super::{CellMnn, OperatorTrainer, Snapshots, Walk};
use crate::data::weights::{OperatorWeights, cell_mnn, operator_progress};
use crate::data::{Dataset, Space, evenly};
use crate::error::{Error, Result};
use crate::models::operators::{OperatorField, frozen};
use crate::models::room::{
    Asked, Best, Data, Drifts, Model, Prediction, Room, Training, refuse_a_whole_one, refuse_parts, unfit,
};
use crate::models::{File, Readings};
use crate::protocol::{CellMnnSettings, Change, DriftPart, ModelKind, Recipe, SimulationQuery};
use crate::simulate::Moves;
use crate::tensor::{read, upload};
use crate::train::{Completed, rolled_back};
use burn::tensor::Device;
use std::sync::Arc;

/// Most cells of a time point that are carried to predict another; an even sample stands for more.
const MOST_CARRIED: usize = 10_000;

/// Cell-MNN: see [`crate::models::cell_mnn::CellMnn`].
pub struct CellMnnRoom;

/// Cell-MNN on a dataset.
#[derive(Clone)]
pub struct PlacedCellMnn {
    model: CellMnn,
    field: OperatorField,
}

impl PlacedCellMnn {
    fn new(model: CellMnn, dataset: &Dataset) -> Self {
        Self { field: OperatorField::new(model.clone(), dataset), model }
    }

    /// The same dataset under other weights.
    fn with(&self, model: CellMnn) -> Self {
        Self { field: self.field.with(model.clone()), model }
    }
}

/// A training of Cell-MNN, with the dataset in the model's components.
pub struct OperatorTraining {
    trainer: OperatorTrainer,
    placed: PlacedCellMnn,
}

impl OperatorTraining {
    fn new(trainer: OperatorTrainer, dataset: &Dataset) -> Self {
        let placed = PlacedCellMnn::new(trainer.model(), dataset);
        Self { trainer, placed }
    }
}

impl Room for CellMnnRoom {
    const KIND: ModelKind = ModelKind::CellMnn;
    type Weights = OperatorWeights;
    type Model = PlacedCellMnn;
    type Training = OperatorTraining;

    fn claims(file: &File) -> bool {
        file.metadata.contains_key(cell_mnn::KEY)
    }

    fn read(file: File) -> Result<OperatorWeights> {
        cell_mnn::read(file.tensors, file.metadata.get(cell_mnn::KEY).map_or("", String::as_str))
    }

    fn write(weights: &OperatorWeights) -> Result<Vec<u8>> {
        cell_mnn::write(weights)
    }

    fn place(
        weights: &OperatorWeights,
        dataset: &Dataset,
        device: &Device,
    ) -> Result<(PlacedCellMnn, u32, Vec<usize>)> {
        let (theirs, ours) = (weights.config.dimensions, dataset.states.cols);
        if theirs > ours {
            return Err(unfit(theirs, ours));
        }
        let placed = PlacedCellMnn::new(CellMnn::from_weights(weights, device)?, dataset);
        Ok((placed, weights.updates, weights.held_out.clone()))
    }

    async fn weights(model: &PlacedCellMnn, updates: u32, held_out: &[usize]) -> Result<OperatorWeights> {
        model.model.to_weights(updates, held_out).await
    }

    fn train(data: &Data<'_>, recipe: &Recipe, current: Option<&OperatorWeights>) -> Result<OperatorTraining> {
        let settings = CellMnnSettings::from(recipe);
        let trainer = OperatorTrainer::new(snapshots(data, &settings)?, settings, current, data.device)?;
        Ok(OperatorTraining::new(trainer, data.dataset))
    }

    fn resume(data: &Data<'_>, file: File, steps: Option<u32>) -> Result<OperatorTraining> {
        let mut progress = operator_progress::parse(file.tensors, &file.metadata)?;
        progress.settings.epochs = steps.unwrap_or(progress.settings.epochs);
        refuse_a_whole_one(progress.weights.updates, progress.settings.epochs)?;
        let trainer = OperatorTrainer::resumed(snapshots(data, &progress.settings)?, &progress, data.device)?;
        Ok(OperatorTraining::new(trainer, data.dataset))
    }
}

/// The open dataset and those that accompany it, as they are trained on.
fn snapshots(data: &Data<'_>, settings: &CellMnnSettings) -> Result<Vec<Snapshots>> {
    let mut all = vec![Snapshots::new(data.dataset, settings)?];
    for companion in data.companions {
        let whole = CellMnnSettings { held_out: Vec::new(), ..settings.clone() };
        all.push(Snapshots::new(companion, &whole).map_err(|error| error.at(companion.name.as_str()))?);
    }
    Ok(all)
}

impl Training for OperatorTraining {
    type Model = PlacedCellMnn;

    fn recipe(&self) -> Recipe {
        self.trainer.settings().clone().into()
    }

    fn training_times(&self) -> Vec<usize> {
        self.trainer.training_times()
    }

    fn steps(&self) -> u32 {
        self.trainer.epochs()
    }

    fn stage(&self) -> u64 {
        self.trainer.steps()
    }

    fn is_finished(&self) -> bool {
        self.trainer.is_finished()
    }

    async fn advance(&mut self) -> Result<Option<Completed>> {
        rolled_back(self.trainer.advance().await, &mut self.trainer)
    }

    fn model(&self) -> PlacedCellMnn {
        self.placed.with(self.trainer.model())
    }

    fn best(&self) -> Best<PlacedCellMnn> {
        let (model, step, loss) = self.trainer.best();
        Best { model: self.placed.with(model), step, loss }
    }

    async fn state(&self) -> Result<Option<Vec<u8>>> {
        self.trainer.progress().await?.as_ref().map(operator_progress::write).transpose()
    }
}

impl Moves for PlacedCellMnn {
    type Journey = Walk;

    fn journey(&self, _: &Dataset, query: &SimulationQuery, changes: &[Change], device: &Device) -> Result<Walk> {
        if !changes.is_empty() {
            let what = format!(
                "{} moves each cell alone, so that changes of the population do nothing",
                CellMnnRoom::KIND.name()
            );
            return Err(Error::request(what)
                .remedy("Choose a model whose cells influence each other, or set a gene under Genes."));
        }
        Walk::new(self.field.clone(), query, device)
    }
}

impl Drifts for PlacedCellMnn {
    async fn drifts(&self, _: &Dataset, states: Vec<f32>, times: &[f64], device: &Device) -> Result<Vec<f32>> {
        self.field.drifts(&states, times, device).await
    }
}

impl Readings for PlacedCellMnn {}

impl Model for PlacedCellMnn {
    type Prediction = Carried;

    fn dimensions(&self) -> usize {
        self.field.dimensions()
    }

    fn seen_in(&self) -> Option<Arc<Dataset>> {
        Some(self.field.dataset.clone())
    }

    fn parameters(&self) -> usize {
        self.model.parameters()
    }

    async fn velocities(
        &self,
        _: &Dataset,
        _: usize,
        cells: &[u32],
        part: DriftPart,
        device: &Device,
    ) -> Result<Vec<f32>> {
        refuse_parts(part)?;
        self.field.velocities(cells, device).await
    }

    fn predict(&self, _: &Dataset, asked: Asked<'_>, _: &Device) -> Result<Carried> {
        Ok(Carried { field: self.field.clone(), times: asked.times.to_vec(), sample: asked.sample, ends: Vec::new() })
    }

    fn operators(&self) -> Option<&OperatorField> {
        Some(&self.field)
    }
}

/// Cells of the last training time point before each held-out one, or of a sample's first population, carried there in one exponential.
pub struct Carried {
    field: OperatorField,
    times: Vec<usize>,
    sample: Option<usize>,
    ends: Vec<Vec<f32>>,
}

impl Carried {
    async fn carried(&self, dataset: &Dataset, time: usize, device: &Device) -> Result<Vec<f32>> {
        let field = &self.field;
        let (before, cells) = match self.sample {
            Some(sample) => {
                let first = dataset.first_time(sample).unwrap_or(0);
                (first, dataset.sample_cells(sample, first))
            }
            None => {
                let before = (0..time).rev().find(|before| !self.times.contains(before)).unwrap_or(0);
                (before, dataset.cells_at(before))
            }
        };
        let cells: Vec<u32> = evenly(cells.len(), MOST_CARRIED).map(|k| cells[k]).collect();
        let count = cells.len();
        let z = field.standard().encode(&dataset.states_of(&cells), dataset.states.cols);
        let z = upload(z, [count, field.dimensions()], device);
        let [from, to] = [before, time].map(|index| field.clock.at(index as f64));
        let operators = field.operators(z.clone(), upload(vec![from as f32; count], [count, 1], device));
        let end = read(frozen(&operators, z, to - from).await?).await?;
        Ok(field.standard().decode(&end))
    }
}

impl Prediction for Carried {
    /// Carries the cells to one time point.
    async fn advance(&mut self, dataset: &Dataset, device: &Device) -> Result<Option<Vec<Vec<f32>>>> {
        if let Some(&time) = self.times.get(self.ends.len()) {
            let end = self.carried(dataset, time, device).await?;
            self.ends.push(end);
        }
        Ok((self.ends.len() == self.times.len()).then(|| std::mem::take(&mut self.ends)))
    }
}

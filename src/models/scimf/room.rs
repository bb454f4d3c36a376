//! scIMF's room.

use super::rollout::{Rollout, rollout};
use super::{ScImf, Trainer};
use crate::data::weights::{self, Weights, progress};
use crate::data::{Dataset, evenly};
use crate::error::Result;
use crate::models::attention::Attention;
use crate::models::rolled_out::RolledOut;
use crate::models::room::{Asked, Best, Data, Drifts, Model, Room, Training, in_samples, refuse_a_whole_one, unfit};
use crate::models::{File, Readings};
use crate::protocol::{Change, DriftPart, ModelKind, Recipe, ScImfConfig, SimulationQuery, TrainSettings};
use crate::simulate::Moves;
use crate::tensor::{cpu, read, upload};
use crate::train::{Completed, Helpers, Populations, TrainingData, Unseen, rolled_back};
use crate::transport::Cloud;
use burn::tensor::Device;
use std::rc::Rc;

/// scIMF: see [`crate::models::scimf::ScImf`].
pub struct ScImfRoom;

impl Room for ScImfRoom {
    const KIND: ModelKind = ModelKind::ScImf;
    type Weights = Weights;
    type Model = ScImf;
    type Training = Trainer;

    fn claims(file: &File) -> bool {
        weights::is_scimf(&file.tensors, &file.metadata)
    }

    fn read(file: File) -> Result<Weights> {
        weights::of_scimf(file.tensors, &file.metadata)?.checked()
    }

    fn write(weights: &Weights) -> Result<Vec<u8>> {
        weights::write(weights)
    }

    fn place(weights: &Weights, dataset: &Dataset, device: &Device) -> Result<(ScImf, u32, Vec<usize>)> {
        let (theirs, ours) = (weights.config.dimensions, dataset.states.cols);
        if theirs != ours {
            return Err(unfit(theirs, ours));
        }
        Ok((ScImf::from_weights(weights, device)?, weights.updates, weights.held_out.clone()))
    }

    async fn weights(model: &ScImf, updates: u32, held_out: &[usize]) -> Result<Weights> {
        model.to_weights(updates, held_out).await
    }

    fn train(data: &Data<'_>, recipe: &Recipe, current: Option<&Weights>) -> Result<Trainer> {
        let settings = TrainSettings::from(recipe);
        let unseen = Unseen { times: &settings.held_out, samples: &settings.held_out_samples };
        let cells = TrainingData::new(data.dataset, &unseen, &compared_on(&settings, data.device))?;
        let config = ScImfConfig {
            blocks: usize::from(settings.interaction),
            heads: weights::usual_heads(data.dataset.states.cols),
            ..ScImfConfig::default()
        };
        let warm = current.is_none() && settings.warm_start > 0;
        let pairs = if warm { Some(Populations::new(data.dataset, &settings.held_out)?) } else { None };
        let trainer = Trainer::new(cells, settings, config, current, data.device)?;
        Ok(match pairs {
            Some(pairs) => trainer.warmed(pairs),
            None => trainer,
        })
    }

    fn resume(data: &Data<'_>, file: File, steps: Option<u32>) -> Result<Trainer> {
        let mut progress = progress::parse(file.tensors, &file.metadata)?;
        progress.settings.updates = steps.unwrap_or(progress.settings.updates);
        refuse_a_whole_one(progress.weights.updates, progress.settings.updates)?;
        let settings = &progress.settings;
        let unseen = Unseen { times: &settings.held_out, samples: &settings.held_out_samples };
        let cells = TrainingData::new(data.dataset, &unseen, &compared_on(settings, data.device))?;
        Trainer::resumed(cells, &progress, data.device)
    }
}

/// Where observed cells are kept: those of which some are drawn for each update stay in host memory.
fn compared_on(settings: &TrainSettings, device: &Device) -> Device {
    if settings.targets > 0 { cpu() } else { device.clone() }
}

impl Training for Trainer {
    type Model = ScImf;

    fn recipe(&self) -> Recipe {
        self.settings().clone().into()
    }

    fn training_times(&self) -> Vec<usize> {
        Trainer::training_times(self).to_vec()
    }

    fn steps(&self) -> u32 {
        self.updates()
    }

    fn stage(&self) -> u64 {
        self.updates().into()
    }

    fn is_finished(&self) -> bool {
        Trainer::is_finished(self)
    }

    async fn advance(&mut self) -> Result<Option<Completed>> {
        rolled_back(Trainer::advance(self).await, self)
    }

    fn share(&mut self, helpers: Rc<dyn Helpers>) -> bool {
        Trainer::share(self, helpers);
        true
    }

    fn model(&self) -> ScImf {
        Trainer::model(self).clone()
    }

    fn best(&self) -> Best<ScImf> {
        let (step, loss) = Trainer::best(self).map_or((0, f32::NAN), |best| (best.update, best.transport));
        Best { model: self.best_model(), step, loss }
    }

    async fn state(&self) -> Result<Option<Vec<u8>>> {
        self.progress().await?.as_ref().map(progress::write).transpose()
    }
}

impl Moves for ScImf {
    type Journey = Rollout;

    fn journey(
        &self,
        dataset: &Dataset,
        query: &SimulationQuery,
        changes: &[Change],
        device: &Device,
    ) -> Result<Rollout> {
        rollout(self, dataset, query, changes, device)
    }
}

impl Drifts for ScImf {
    async fn drifts(&self, _: &Dataset, states: Vec<f32>, times: &[f64], device: &Device) -> Result<Vec<f32>> {
        read(self.intrinsic(upload(states, [times.len(), self.config.dimensions], device))).await
    }
}

impl Readings for ScImf {}

impl Model for ScImf {
    type Prediction = RolledOut<Rollout>;

    fn dimensions(&self) -> usize {
        self.config.dimensions
    }

    fn parameters(&self) -> usize {
        ScImf::parameters(self)
    }

    fn interacts(&self) -> bool {
        self.config.blocks > 0
    }

    async fn velocities(
        &self,
        dataset: &Dataset,
        _: usize,
        cells: &[u32],
        part: DriftPart,
        device: &Device,
    ) -> Result<Vec<f32>> {
        let of = async |cells: &[u32]| super::velocity::drift_of(self, dataset, cells, part, device).await;
        in_samples(dataset, cells, self.config.dimensions, of).await
    }

    async fn parts(&self, _: f64, states: Vec<f32>, device: &Device) -> Result<Option<[Vec<f32>; 2]>> {
        if !Model::interacts(self) {
            return Ok(None);
        }
        super::velocity::parts(self, states, device).await.map(Some)
    }

    fn predict(&self, dataset: &Dataset, asked: Asked<'_>, device: &Device) -> Result<RolledOut<Rollout>> {
        RolledOut::new(self, dataset, asked, device)
    }

    fn attention(&self) -> Option<&dyn Attention> {
        Some(self)
    }
}

/// The smallest training that asks a device for everything that an update needs: one update of a few cells of the first two time points, with the
/// settings that are usual.
///
/// # Errors
/// The device failed.
pub fn smallest_training(dataset: &Dataset, most_cells: usize, device: &Device) -> Result<Trainer> {
    let dimensions = dataset.states.cols;
    let states = |time| {
        let cells = dataset.cells_at(time);
        dataset.states_of(&evenly(cells.len(), most_cells).map(|k| cells[k]).collect::<Vec<_>>())
    };
    let clouds = vec![Cloud::new(states(1), dimensions, device)];
    let data = vec![TrainingData { first: 0, start: states(0), dimensions, times: vec![1], clouds }];
    let settings = TrainSettings { updates: 1, ..TrainSettings::default() };
    let config = ScImfConfig { heads: weights::usual_heads(dimensions), ..ScImfConfig::default() };
    Trainer::new(data, settings, config, None, device)
}

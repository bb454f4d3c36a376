//! PI-SDE among the models.

use super::config::PiSdeSettings;
use super::field::{Motion, PiSde};
use super::resume::PiSdeProgress;
use super::trainer::PiSdeTrainer;
use super::weights::PiSdeWeights;
use crate::data::{Clock, Dataset};
use crate::error::Result;
use crate::models::File;
use crate::models::potential;
use crate::models::rolled_out::RolledOut;
use crate::models::room::{Asked, Best, Data, Model, Moves, Room, Training, refuse_a_whole_one, unfit};
use crate::protocol::{Change, ModelKind, Recipe, SetBack, SimulationQuery, Update, VelocityField, VelocityQuery};
use crate::simulate::Alone;
use crate::tensor::{read, upload};
use crate::train::{Populations, rolled_back};
use burn::tensor::{Device, Tensor};

/// PI-SDE: see [`PiSde`].
pub struct PiSdeRoom;

impl Room for PiSdeRoom {
    const KIND: ModelKind = ModelKind::PiSde;
    type Weights = PiSdeWeights;
    type Model = PiSde;
    type Training = PiSdeTrainer;

    fn claims(file: &File) -> bool {
        PiSdeWeights::recognises(&file.tensors, &file.metadata)
    }

    fn read(file: File) -> Result<PiSdeWeights> {
        PiSdeWeights::from_file(file.tensors, &file.metadata)
    }

    fn write(weights: &PiSdeWeights) -> Result<Vec<u8>> {
        weights.write()
    }

    fn place(weights: &PiSdeWeights, dataset: &Dataset, device: &Device) -> Result<(PiSde, u32, Vec<usize>)> {
        let (theirs, ours) = (weights.config.dimensions, dataset.states.cols);
        if theirs != ours {
            return Err(unfit(theirs, ours));
        }
        Ok((PiSde::from_weights(weights, device)?, weights.updates, weights.held_out.clone()))
    }

    async fn weights(model: &PiSde, updates: u32, held_out: &[usize]) -> Result<PiSdeWeights> {
        model.to_weights(updates, held_out).await
    }

    fn train(data: &Data<'_>, recipe: &Recipe, current: Option<&PiSdeWeights>) -> Result<PiSdeTrainer> {
        let settings = PiSdeSettings::from(recipe);
        let cells = Populations::new(data.dataset, &settings.held_out)?;
        PiSdeTrainer::new(cells, settings, current, data.device)
    }

    fn resume(data: &Data<'_>, file: File, steps: Option<u32>) -> Result<PiSdeTrainer> {
        let mut progress = PiSdeProgress::from_file(file.tensors, &file.metadata)?;
        let settings = &mut progress.settings;
        settings.updates = steps.unwrap_or(settings.updates);
        refuse_a_whole_one(progress.weights.updates, settings.updates)?;
        let cells = Populations::new(data.dataset, &settings.held_out)?;
        PiSdeTrainer::resumed(cells, &progress, data.device)
    }
}

impl Training for PiSdeTrainer {
    type Model = PiSde;

    fn recipe(&self) -> Recipe {
        self.settings().into()
    }

    fn training_times(&self) -> Vec<usize> {
        PiSdeTrainer::training_times(self).to_vec()
    }

    fn steps(&self) -> u32 {
        self.updates()
    }

    fn stage(&self) -> u64 {
        self.updates().into()
    }

    fn is_finished(&self) -> bool {
        PiSdeTrainer::is_finished(self)
    }

    async fn advance(&mut self) -> Result<std::result::Result<Option<Update>, SetBack>> {
        rolled_back(PiSdeTrainer::advance(self).await, self)
    }

    fn model(&self) -> PiSde {
        PiSdeTrainer::model(self)
    }

    fn best(&self) -> Best<PiSde> {
        let (model, step, loss) = PiSdeTrainer::best(self);
        Best { model, step, loss }
    }

    async fn state(&self) -> Result<Option<Vec<u8>>> {
        self.progress().await?.as_ref().map(PiSdeProgress::write).transpose()
    }
}

impl Moves for PiSde {
    type Journey = Alone<Motion>;

    fn journey(
        &self,
        dataset: &Dataset,
        query: &SimulationQuery,
        changes: &[Change],
        device: &Device,
    ) -> Result<Alone<Motion>> {
        Alone::new(self.motion(device), self.config.dt, dataset, query, changes, device)
    }
}

impl PiSde {
    /// `x` and the time of each row, from host memory; `times` are in index units.
    fn placed(&self, dataset: &Dataset, states: Vec<f32>, times: &[f64], device: &Device) -> [Tensor<2>; 2] {
        let clock = Clock::of_labels(dataset);
        let labels: Vec<f32> = times.iter().map(|time| clock.at(*time) as f32).collect();
        let cells = labels.len();
        [upload(states, [cells, self.config.dimensions], device), upload(labels, [cells, 1], device)]
    }
}

impl Model for PiSde {
    type Prediction = RolledOut<Alone<Motion>>;

    fn dimensions(&self) -> usize {
        self.config.dimensions
    }

    fn parameters(&self) -> usize {
        use burn::module::Module;
        self.network.num_params()
    }

    async fn velocity(&self, dataset: &Dataset, query: VelocityQuery, device: &Device) -> Result<VelocityField> {
        let drift = async |states: Vec<f32>| {
            let times = vec![query.time as f64; states.len() / self.config.dimensions];
            let [x, time] = self.placed(dataset, states, &times, device);
            read(self.field(x, time).by_state.neg()).await
        };
        potential::velocity(dataset, query, drift).await
    }

    fn predict(&self, dataset: &Dataset, asked: Asked<'_>, device: &Device) -> Result<RolledOut<Alone<Motion>>> {
        RolledOut::new(self, dataset, asked, device)
    }

    async fn potentials(
        &self,
        dataset: &Dataset,
        states: Vec<f32>,
        times: &[f64],
        device: &Device,
    ) -> Result<Option<Vec<f32>>> {
        let [x, time] = self.placed(dataset, states, times, device);
        read(self.potential(x, time)).await.map(Some)
    }

    async fn residuals(
        &self,
        dataset: &Dataset,
        states: Vec<f32>,
        times: &[f64],
        device: &Device,
    ) -> Result<Option<Vec<f32>>> {
        let [x, time] = self.placed(dataset, states, times, device);
        read(self.field(x, time).residual()).await.map(Some)
    }
}

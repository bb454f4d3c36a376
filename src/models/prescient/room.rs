//! PRESCIENT among the models.

use super::config::PrescientSettings;
use super::field::{Motion, Prescient};
use super::growth::{Growing, weights_of};
use super::resume::PrescientProgress;
use super::trainer::PrescientTrainer;
use super::weights::PrescientWeights;
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

/// PRESCIENT: see [`Prescient`].
pub struct PrescientRoom;

impl Room for PrescientRoom {
    const KIND: ModelKind = ModelKind::Prescient;
    type Weights = PrescientWeights;
    type Model = Prescient;
    type Training = PrescientTrainer;

    fn claims(file: &File) -> bool {
        PrescientWeights::recognises(&file.tensors, &file.metadata)
    }

    fn read(file: File) -> Result<PrescientWeights> {
        PrescientWeights::from_file(file.tensors, &file.metadata)
    }

    fn write(weights: &PrescientWeights) -> Result<Vec<u8>> {
        weights.write()
    }

    fn place(weights: &PrescientWeights, dataset: &Dataset, device: &Device) -> Result<(Prescient, u32, Vec<usize>)> {
        let (theirs, ours) = (weights.config.dimensions, dataset.states.cols);
        if theirs != ours {
            return Err(unfit(theirs, ours));
        }
        Ok((Prescient::from_weights(weights, device)?, weights.updates, weights.held_out.clone()))
    }

    async fn weights(model: &Prescient, updates: u32, held_out: &[usize]) -> Result<PrescientWeights> {
        model.to_weights(updates, held_out).await
    }

    fn train(data: &Data<'_>, recipe: &Recipe, current: Option<&PrescientWeights>) -> Result<PrescientTrainer> {
        let settings = PrescientSettings::from(recipe);
        let growth = Growing::new(data.dataset, &settings.growth, &settings.held_out)?;
        let cells = Populations::new(data.dataset, &settings.held_out)?;
        PrescientTrainer::new(cells, growth, settings, current, data.device)
    }

    fn resume(data: &Data<'_>, file: File, steps: Option<u32>) -> Result<PrescientTrainer> {
        let mut progress = PrescientProgress::from_file(file.tensors, &file.metadata)?;
        let settings = &mut progress.settings;
        settings.updates = steps.unwrap_or(settings.updates);
        refuse_a_whole_one(progress.weights.updates, settings.updates)?;
        let growth = Growing::new(data.dataset, &settings.growth, &settings.held_out)?;
        let cells = Populations::new(data.dataset, &settings.held_out)?;
        PrescientTrainer::resumed(cells, growth, &progress, data.device)
    }
}

impl Training for PrescientTrainer {
    type Model = Prescient;

    fn recipe(&self) -> Recipe {
        self.settings().into()
    }

    fn training_times(&self) -> Vec<usize> {
        PrescientTrainer::training_times(self).to_vec()
    }

    fn steps(&self) -> u32 {
        self.updates()
    }

    fn stage(&self) -> u64 {
        self.updates().into()
    }

    fn is_finished(&self) -> bool {
        PrescientTrainer::is_finished(self)
    }

    async fn advance(&mut self) -> Result<std::result::Result<Option<Update>, SetBack>> {
        rolled_back(PrescientTrainer::advance(self).await, self)
    }

    fn model(&self) -> Prescient {
        PrescientTrainer::model(self)
    }

    fn best(&self) -> Best<Prescient> {
        let (model, step, loss) = PrescientTrainer::best(self);
        Best { model, step, loss }
    }

    async fn state(&self) -> Result<Option<Vec<u8>>> {
        self.progress().await?.as_ref().map(PrescientProgress::write).transpose()
    }
}

impl Moves for Prescient {
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

impl Prescient {
    fn placed(&self, states: Vec<f32>, device: &Device) -> Tensor<2> {
        let cells = states.len() / self.config.dimensions;
        upload(states, [cells, self.config.dimensions], device)
    }
}

impl Model for Prescient {
    type Prediction = RolledOut<Alone<Motion>>;

    fn dimensions(&self) -> usize {
        self.config.dimensions
    }

    fn parameters(&self) -> usize {
        use burn::module::Module;
        self.network.num_params()
    }

    async fn velocity(&self, dataset: &Dataset, query: VelocityQuery, device: &Device) -> Result<VelocityField> {
        let drift = async |states: Vec<f32>| read(self.drift(self.placed(states, device))).await;
        potential::velocity(dataset, query, drift).await
    }

    fn predict(&self, dataset: &Dataset, asked: Asked<'_>, device: &Device) -> Result<RolledOut<Alone<Motion>>> {
        RolledOut::new(self, dataset, asked, device)
    }

    async fn potentials(&self, _: &Dataset, states: Vec<f32>, _: &[f64], device: &Device) -> Result<Option<Vec<f32>>> {
        read(self.potential(self.placed(states, device))).await.map(Some)
    }

    fn growth_weights(&self, dataset: &Dataset, held_out: &[usize]) -> Result<Option<Vec<f32>>> {
        let Some(mut growing) = Growing::new(dataset, &self.growth, held_out)? else { return Ok(None) };
        let growth = loop {
            if let Some(growth) = growing.advance() {
                break growth;
            }
        };
        let clock = Clock::of_labels(dataset);
        let last = (0..dataset.time_points.len()).rev().find(|time| !held_out.contains(time)).unwrap_or(0);
        let span = (clock.at(last as f64) - clock.at(0.0)) as f32;
        let mut weights = vec![f32::NAN; dataset.states.rows];
        let starts = dataset.cells_at(0);
        let found = weights_of(&growth.at_start, span);
        starts.iter().zip(found).for_each(|(cell, weight)| weights[*cell as usize] = weight * starts.len() as f32);
        Ok(Some(weights))
    }
}

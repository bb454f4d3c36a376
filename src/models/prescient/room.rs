//! PRESCIENT among the models.

use super::config::PrescientSettings;
use super::field::{Motion, Prescient};
use super::growth::{Growing, weights_of};
use super::objective::{PrescientObjective, PrescientTrainer};
use super::weights::{PREFIX, PrescientWeights};
use crate::data::{Clock, Dataset};
use crate::error::Result;
use crate::models::Readings;
use crate::models::fitted::{Fitted, FittedRoom, MovesAlone, Tensors};
use crate::models::potential;
use crate::models::potential::Potential;
use crate::models::room::Data;
use crate::protocol::{ModelKind, Recipe};
use crate::tensor::{read, upload};
use crate::train::Populations;
use burn::tensor::{Device, Tensor};

/// The room of PRESCIENT.
pub type PrescientRoom = FittedRoom<Prescient>;

impl Fitted for Prescient {
    const KIND: ModelKind = ModelKind::Prescient;
    type Weights = PrescientWeights;
    type Network = Potential;
    type Objective = PrescientObjective;

    fn placed(weights: &PrescientWeights, device: &Device) -> Result<Self> {
        Self::from_weights(weights, device)
    }

    fn network(&self) -> &Potential {
        &self.network
    }

    fn with(&self, network: Potential) -> Self {
        Self { network, ..self.clone() }
    }

    fn loaded(&self, tensors: &Tensors, device: &Device) -> Result<Potential> {
        potential::loaded(tensors, PREFIX, self.config.layers, device)
    }

    async fn saved(network: &Potential) -> Result<Tensors> {
        potential::saved(network, PREFIX).await
    }

    fn stored(&self, updates: u32, held_out: &[usize], tensors: Tensors) -> PrescientWeights {
        let (config, growth) = (self.config, self.growth.clone());
        PrescientWeights { config, growth, updates, held_out: held_out.to_vec(), tensors }
    }

    fn train(data: &Data<'_>, recipe: &Recipe, weights: Option<&PrescientWeights>) -> Result<PrescientTrainer> {
        let settings = PrescientSettings::from(recipe);
        let growth = Growing::new(data.dataset, &settings.growth, &settings.held_out)?;
        let cells = Populations::new(data.dataset, &settings.held_out)?;
        PrescientTrainer::new(cells, growth, settings, weights, data.device)
    }
}

impl Prescient {
    fn placed(&self, states: Vec<f32>, device: &Device) -> Tensor<2> {
        let cells = states.len() / self.config.dimensions;
        upload(states, [cells, self.config.dimensions], device)
    }
}

impl MovesAlone for Prescient {
    type Stepper = Motion;

    fn dimensions(&self) -> usize {
        self.config.dimensions
    }

    fn stepper(&self, device: &Device) -> Motion {
        self.motion(device)
    }

    fn dt(&self) -> f64 {
        self.config.dt
    }

    fn drift(&self, _: &Dataset, _: f64, cells: Tensor<2>) -> Tensor<2> {
        Prescient::drift(self, cells)
    }
}

impl Readings for Prescient {
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

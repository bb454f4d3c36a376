//! PI-SDE among the models.

use super::config::PiSdeSettings;
use super::field::{Motion, PiSde};
use super::objective::{PiSdeObjective, PiSdeTrainer};
use super::weights::{LAYERS, PREFIX, PiSdeWeights};
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

/// The room of PI-SDE.
pub type PiSdeRoom = FittedRoom<PiSde>;

impl Fitted for PiSde {
    const KIND: ModelKind = ModelKind::PiSde;
    type Weights = PiSdeWeights;
    type Network = Potential;
    type Objective = PiSdeObjective;

    fn placed(weights: &PiSdeWeights, device: &Device) -> Result<Self> {
        Self::from_weights(weights, device)
    }

    fn network(&self) -> &Potential {
        &self.network
    }

    fn with(&self, network: Potential) -> Self {
        Self { network, ..self.clone() }
    }

    fn loaded(&self, tensors: &Tensors, device: &Device) -> Result<Potential> {
        potential::loaded(tensors, PREFIX, LAYERS, device)
    }

    async fn saved(network: &Potential) -> Result<Tensors> {
        potential::saved(network, PREFIX).await
    }

    fn stored(&self, updates: u32, held_out: &[usize], tensors: Tensors) -> PiSdeWeights {
        PiSdeWeights::new(self.config, updates, held_out.to_vec(), tensors)
    }

    fn train(data: &Data<'_>, recipe: &Recipe, weights: Option<&PiSdeWeights>) -> Result<PiSdeTrainer> {
        let settings = PiSdeSettings::from(recipe);
        let cells = Populations::new(data.dataset, &settings.held_out)?;
        PiSdeTrainer::new(cells, settings, weights, data.device)
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

impl MovesAlone for PiSde {
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

    fn drift(&self, dataset: &Dataset, time: f64, cells: Tensor<2>) -> Tensor<2> {
        let label = Clock::of_labels(dataset).at(time);
        let times = cells.clone().narrow(1, 0, 1).zeros_like().add_scalar(label);
        self.field(cells, times).by_state.neg()
    }
}

impl Readings for PiSde {
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

//! Saving a training of PI-SDE between two updates, and going on from there as if nothing had happened.

use super::config::PiSdeSettings;
use super::trainer::PiSdeTrainer;
use super::weights::{KEY, LAYERS, PREFIX, PiSdeWeights};
use crate::data::weights::Tensor;
use crate::data::weights::state::TrainingState;
use crate::error::Result;
use crate::models::potential;
use crate::train::{Fit, Populations, Rates};
use burn::tensor::Device;
use std::collections::{BTreeMap, HashMap};

/// Everything that a training of PI-SDE needs to go on.
#[derive(Clone, Debug, PartialEq)]
pub struct PiSdeProgress {
    /// The weights after the last update, with their configuration.
    pub weights: PiSdeWeights,
    /// The rest; its weights are those of the potential alone.
    pub state: TrainingState,
    /// The settings that it runs under.
    pub settings: PiSdeSettings,
}

impl PiSdeProgress {
    /// A `.safetensors` file, which opens as weights, too: those of the last update.
    ///
    /// # Errors
    /// The tensors are not those of the configuration.
    pub fn write(&self) -> Result<Vec<u8>> {
        let weights = self.weights.clone().checked()?;
        let state = TrainingState { weights: weights.tensors.clone(), ..self.state.clone() };
        state.write(weights.header()?)
    }

    /// Reads a file's tensors and metadata.
    ///
    /// # Errors
    /// The file holds weights alone, or is damaged.
    pub fn from_file(tensors: BTreeMap<String, Tensor>, metadata: &HashMap<String, String>) -> Result<Self> {
        let state = TrainingState::of_file(KEY, tensors, metadata)?;
        let weights = PiSdeWeights::from_file(state.weights.clone(), metadata)?;
        for part in [&state.best, &state.moments[0], &state.moments[1]] {
            PiSdeWeights::new(weights.config, 0, Vec::new(), part.clone()).checked()?;
        }
        let settings = PiSdeSettings::from(&state.recipe);
        Ok(Self { weights, state, settings })
    }
}

impl PiSdeTrainer {
    /// The state after the last complete update; none before the first, and between a rollback and the next.
    ///
    /// # Errors
    /// The device failed.
    pub async fn progress(&self) -> Result<Option<PiSdeProgress>> {
        let state = potential::state(&self.fit, (&self.settings).into(), PREFIX).await?;
        Ok(state.map(|state| {
            let (updates, held_out) = (self.fit.updates(), self.settings.held_out.clone());
            let weights = PiSdeWeights::new(self.config, updates, held_out, state.weights.clone());
            PiSdeProgress { weights, state, settings: self.settings.clone() }
        }))
    }

    /// Goes on where `progress` was saved. On the same device the next updates are those that would have followed.
    ///
    /// # Errors
    /// The state does not fit the data.
    pub fn resumed(data: Populations, progress: &PiSdeProgress, device: &Device) -> Result<Self> {
        let PiSdeProgress { weights, state, settings } = progress;
        let mut trainer = Self::new(data, settings.clone(), Some(weights), device)?;
        let PiSdeSettings { updates, learning_rate, clip, .. } = *settings;
        let standing = potential::standing(state, weights.updates, PREFIX, LAYERS, device)?;
        trainer.fit = Fit::restored(standing, Rates { updates, learning_rate, clip });
        Ok(trainer)
    }
}

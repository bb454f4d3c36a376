//! Saving a training of PRESCIENT between two updates, and going on from there as if nothing had happened.

use super::config::PrescientSettings;
use super::growth::Growing;
use super::trainer::PrescientTrainer;
use super::weights::{KEY, PREFIX, PrescientWeights};
use crate::data::weights::Tensor;
use crate::data::weights::state::TrainingState;
use crate::error::Result;
use crate::models::potential;
use crate::train::{Fit, Populations, Rates};
use burn::tensor::Device;
use std::collections::{BTreeMap, HashMap};

/// Everything that a training of PRESCIENT needs to go on. The growth of its start cells is found again from the data.
#[derive(Clone, Debug, PartialEq)]
pub struct PrescientProgress {
    /// The weights after the last update, with their configuration.
    pub weights: PrescientWeights,
    /// The rest.
    pub state: TrainingState,
    /// The settings that it runs under.
    pub settings: PrescientSettings,
}

impl PrescientProgress {
    /// A `.safetensors` file, which opens as weights, too: those of the last update.
    ///
    /// # Errors
    /// The tensors are not those of the configuration.
    pub fn write(&self) -> Result<Vec<u8>> {
        self.state.write(self.weights.clone().checked()?.header()?)
    }

    /// Reads a file's tensors and metadata.
    ///
    /// # Errors
    /// The file holds weights alone, or is damaged.
    pub fn from_file(tensors: BTreeMap<String, Tensor>, metadata: &HashMap<String, String>) -> Result<Self> {
        let state = TrainingState::of_file(KEY, tensors, metadata)?;
        let weights = PrescientWeights::from_file(state.weights.clone(), metadata)?;
        for part in [&state.best, &state.moments[0], &state.moments[1]] {
            PrescientWeights { tensors: part.clone(), ..weights.clone() }.checked()?;
        }
        let settings = PrescientSettings::from(&state.recipe);
        Ok(Self { weights, state, settings })
    }
}

impl PrescientTrainer {
    /// The state after the last complete update; none before the first, and between a rollback and the next.
    ///
    /// # Errors
    /// The device failed.
    pub async fn progress(&self) -> Result<Option<PrescientProgress>> {
        let state = potential::state(&self.fit, (&self.settings).into(), PREFIX).await?;
        Ok(state.map(|state| {
            let weights = PrescientWeights {
                config: self.config,
                growth: self.settings.growth.clone(),
                updates: self.fit.updates(),
                held_out: self.settings.held_out.clone(),
                tensors: state.weights.clone(),
            };
            PrescientProgress { weights, state, settings: self.settings.clone() }
        }))
    }

    /// Goes on where `progress` was saved. On the same device the next updates are those that would have followed.
    ///
    /// # Errors
    /// The state does not fit the data.
    pub fn resumed(
        data: Populations,
        growth: Option<Growing>,
        progress: &PrescientProgress,
        device: &Device,
    ) -> Result<Self> {
        let PrescientProgress { weights, state, settings } = progress;
        let mut trainer = Self::new(data, growth, settings.clone(), Some(weights), device)?;
        let PrescientSettings { updates, learning_rate, clip, .. } = *settings;
        let standing = potential::standing(state, weights.updates, PREFIX, weights.config.layers, device)?;
        trainer.fit = Fit::restored(standing, Rates { updates, learning_rate, clip });
        Ok(trainer)
    }
}

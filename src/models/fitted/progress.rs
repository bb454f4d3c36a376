//! Saving a training between two updates, and going on from there as if nothing had happened.

use super::{Fitted, Stored, Tensors, Trainer};
use crate::data::weights::state::TrainingState;
use crate::error::Result;
use crate::train::{Fit, Kept, Standing};
use std::collections::HashMap;

/// Everything that a training of a fitted model needs to go on. What it has prepared is found again from the data.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress<W> {
    /// The weights after the last update, with their configuration.
    pub weights: W,
    /// The rest; its tensors are those of the network alone.
    pub state: TrainingState,
}

impl<W: Stored> Progress<W> {
    /// A `.safetensors` file, which opens as weights, too: those of the last update.
    ///
    /// # Errors
    /// The tensors are not those of the configuration.
    pub fn write(&self) -> Result<Vec<u8>> {
        let weights = self.weights.clone().checked()?;
        let state = TrainingState { weights: weights.tensors().clone(), ..self.state.clone() };
        state.write(weights.header()?)
    }

    /// Reads a file's tensors and metadata.
    ///
    /// # Errors
    /// The file holds weights alone, or is damaged.
    pub fn from_file(tensors: Tensors, metadata: &HashMap<String, String>) -> Result<Self> {
        let state = TrainingState::of_file(W::KEY, tensors, metadata)?;
        let weights = W::from_file(state.weights.clone(), metadata)?;
        for part in [&state.best, &state.moments[0], &state.moments[1]] {
            weights.with_tensors(part.clone()).checked()?;
        }
        Ok(Self { weights, state })
    }
}

impl<M: Fitted> Trainer<M> {
    /// The state after the last complete update; none before the first, and between a rollback and the next.
    ///
    /// # Errors
    /// The device failed.
    pub async fn progress(&self) -> Result<Option<Progress<M::Weights>>> {
        let Some(standing) = self.fit.standing() else { return Ok(None) };
        let [first, second] = &standing.moments;
        let state = TrainingState {
            recipe: self.recipe.clone(),
            weights: M::saved(&standing.network).await?,
            best: M::saved(&standing.best.network).await?,
            best_loss: (standing.best.loss, standing.best.update),
            moments: [M::saved(first).await?, M::saved(second).await?],
            seconds: standing.seconds,
            optimizer_steps: standing.optimizer_steps,
            rollbacks: standing.rollbacks,
        };
        let weights = self.model.stored(self.fit.updates(), &self.recipe.held_out, state.weights.clone());
        Ok(Some(Progress { weights, state }))
    }

    /// The same training where `progress` was saved. On the same device the next updates are those that would have followed.
    ///
    /// # Errors
    /// A tensor is missing.
    pub(in crate::models) fn standing_at(mut self, progress: &Progress<M::Weights>) -> Result<Self> {
        let Progress { weights, state } = progress;
        let network = |tensors: &Tensors| self.model.loaded(tensors, &self.device);
        let (loss, update) = state.best_loss;
        let standing = Standing {
            network: network(&state.weights)?,
            best: Kept { update, loss, network: network(&state.best)? },
            moments: [network(&state.moments[0])?, network(&state.moments[1])?],
            optimizer_steps: state.optimizer_steps,
            updates: weights.updates(),
            seconds: state.seconds,
            rollbacks: state.rollbacks,
        };
        self.fit = Fit::restored(standing, self.rates);
        Ok(self)
    }
}

//! Saving a training between two updates, and going on from there as if nothing had happened.

use super::trainer::{Best, Trainer};
use super::{Network, ScImf};
use crate::data::weights::Weights;
use crate::data::weights::progress::Progress;
use crate::error::{Error, Result};
use crate::protocol::ScImfConfig;
use crate::train::{Adam, TrainingData};
use burn::tensor::Device;

impl Trainer {
    /// The state after the last complete update; none before the first, and between a rollback and the next.
    ///
    /// # Errors
    /// The device failed.
    pub async fn progress(&self) -> Result<Option<Progress>> {
        let (Some(best), Some([first, second])) = (&self.best, self.optimizer.moments(&self.model.network)) else {
            return Ok(None);
        };
        let mut self_terms = Vec::new();
        for cloud in self.data.iter().flat_map(|sample| &sample.clouds) {
            // Where some cells are drawn in each update, nothing is kept.
            self_terms.push(cloud.self_term().await?.unwrap_or_default());
        }
        Ok(Some(Progress {
            settings: self.settings.clone(),
            weights: self.named(&self.model.network, self.update).await?,
            best: self.named(&best.network, best.update).await?,
            best_transport: (best.transport, best.update),
            moments: [self.named(&first, 0).await?.tensors, self.named(&second, 0).await?.tensors],
            seconds: self.seconds,
            self_terms,
            optimizer_steps: self.optimizer.steps(),
            rollbacks: self.rollbacks,
        }))
    }

    async fn named(&self, network: &Network, updates: u32) -> Result<Weights> {
        let model = ScImf { config: self.model.config, network: network.clone() };
        model.to_weights(updates, &self.settings.held_out).await
    }

    /// Goes on where `progress` was saved. On the same device the next updates are those that would have followed.
    ///
    /// # Errors
    /// The state does not fit the data.
    pub fn resumed(data: Vec<TrainingData>, progress: &Progress, device: &Device) -> Result<Self> {
        let Progress { weights, best, moments, self_terms, .. } = progress;
        let clouds = data.iter().map(|sample| sample.clouds.len()).sum::<usize>();
        if self_terms.len() != clouds {
            let what = format!("{} training time points were saved, the data has {clouds}", self_terms.len());
            return Err(Error::request(what).remedy("Open the dataset that the training was started on."));
        }
        let mut terms = self_terms.iter();
        let known = |sample: TrainingData| {
            let clouds = sample.clouds.into_iter().zip(terms.by_ref()).map(|(cloud, term)| cloud.with_self_term(*term));
            TrainingData { clouds: clouds.collect(), ..sample }
        };
        let data = data.into_iter().map(known).collect();
        let config: ScImfConfig = weights.config;
        let mut trainer = Self::new(data, progress.settings.clone(), config, Some(weights), device)?;
        let network = |tensors| {
            let named = Weights { tensors, ..weights.clone() };
            ScImf::from_weights(&named, device).map(|model| model.network)
        };
        let [first, second] = [network(moments[0].clone())?, network(moments[1].clone())?];
        trainer.optimizer = Adam::restored(&trainer.model.network, [&first, &second], progress.optimizer_steps, 0.0);
        let (transport, update) = progress.best_transport;
        trainer.best = Some(Best { update, transport, network: network(best.tensors.clone())? });
        trainer.update = weights.updates;
        trainer.seconds = progress.seconds;
        trainer.rollbacks = progress.rollbacks;
        Ok(trainer)
    }
}

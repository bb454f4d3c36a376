//! Saving a training of Cell-MNN between two steps, and going on from there as if nothing had happened.

use super::snapshots::Snapshots;
use super::trainer::{Kept, OperatorTrainer};
use super::{CellMnn, OperatorNetwork};
use crate::data::weights::OperatorWeights;
use crate::data::weights::operator_progress::OperatorProgress;
use crate::error::{Error, Result};
use crate::tensor::{read, upload};
use crate::train::Adam;
use burn::tensor::{Device, Tensor};

impl OperatorTrainer {
    /// The state after the last step; none before the first, and between a rollback and the next.
    ///
    /// # Errors
    /// The device failed.
    pub async fn progress(&self) -> Result<Option<OperatorProgress>> {
        let Some([first, second]) = self.optimizer.moments(&self.network) else { return Ok(None) };
        let best = match &self.best {
            Some(best) => Some((self.named(&best.network, best.epoch).await?, best.value)),
            None => None,
        };
        let reports = match self.reports.first() {
            Some(first) => {
                let columns = first.dims()[0];
                let all = read(Tensor::cat(self.reports.clone(), 0)).await?;
                all.chunks_exact(columns).map(<[f32]>::to_vec).collect()
            }
            None => Vec::new(),
        };
        Ok(Some(OperatorProgress {
            settings: self.settings.clone(),
            weights: self.named(&self.network, self.epoch).await?,
            best,
            moments: [self.named(&first, 0).await?.tensors, self.named(&second, 0).await?.tensors],
            step: self.step,
            norms: self.norms.clone(),
            reports,
            spent: self.spent,
            seconds: self.seconds,
            optimizer_steps: self.optimizer.steps(),
            rollbacks: self.rollbacks,
        }))
    }

    async fn named(&self, network: &OperatorNetwork, epochs: u32) -> Result<OperatorWeights> {
        self.of(network.clone()).to_weights(epochs, &self.settings.held_out).await
    }

    /// Goes on where `progress` was saved. On the same device the next steps are those that would have followed.
    ///
    /// # Errors
    /// The state does not fit the data.
    pub fn resumed(data: Vec<Snapshots>, progress: &OperatorProgress, device: &Device) -> Result<Self> {
        let OperatorProgress { weights, best, moments, norms, reports, .. } = progress;
        let trained_on = data.len();
        if norms.len() != trained_on {
            let what = format!("The training was saved with {} datasets taking turns, not {trained_on}", norms.len());
            return Err(Error::request(what).remedy("Open the datasets that it was started on."));
        }
        let mut trainer = Self::new(data, progress.settings.clone(), Some(weights), device)?;
        let network = |tensors| {
            let named = OperatorWeights { tensors, ..weights.clone() };
            CellMnn::from_weights(&named, device).map(|model| model.network)
        };
        let [first, second] = [network(moments[0].clone())?, network(moments[1].clone())?];
        let decay = trainer.settings.weight_decay;
        trainer.optimizer = Adam::restored(&trainer.network, [&first, &second], progress.optimizer_steps, decay);
        trainer.best = match best {
            Some((best, value)) => {
                Some(Kept { epoch: best.updates, value: *value, network: network(best.tensors.clone())? })
            }
            None => None,
        };
        // The discrepancy at each training time, and three numbers more.
        let columns = trainer.training_times().len() + 3;
        if reports.iter().any(|row| row.len() != columns) {
            return Err(Error::request("The training was saved with other training time points")
                .remedy("Open the dataset that it was started on."));
        }
        trainer.reports = reports.iter().map(|row| upload(row.clone(), [columns], device)).collect();
        trainer.norms.clone_from(norms);
        trainer.step = progress.step;
        trainer.epoch = weights.updates;
        (trainer.spent, trainer.seconds) = (progress.spent, progress.seconds);
        trainer.rollbacks = progress.rollbacks;
        Ok(trainer)
    }
}

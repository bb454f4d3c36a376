//! The training loop of a fitted model, one bounded piece at a time.

use super::{Fitted, Objective, Outcome, Piece};
use crate::error::Result;
use crate::protocol::{Recipe, Rollback, Update};
use crate::train::{Fit, Rates, RollsBack, as_network};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor};
use std::collections::BTreeMap;
use web_time::Instant;

/// A training of a fitted model in progress.
pub struct Trainer<M: Fitted> {
    pub(super) recipe: Recipe,
    /// The model as it was when the training began.
    pub(super) model: M,
    pub(super) fit: Fit<M::Network>,
    /// What the network is fitted to.
    pub(in crate::models) objective: M::Objective,
    pub(super) rates: Rates,
    training_times: Vec<usize>,
    pub(super) device: Device,
    pass: Option<Pass<M>>,
}

/// An update in progress.
struct Pass<M: Fitted> {
    started: Instant,
    work: <M::Objective as Objective<M>>::Pass,
}

/// An update whose gradients are complete.
struct Complete {
    started: Instant,
    gradients: GradientsParams,
    values: Vec<Tensor<1>>,
}

impl<M: Fitted> Trainer<M> {
    /// A training of `model` to `objective`. `training_times` are the time points that the loss compares with.
    pub(in crate::models) fn fitting(
        model: M,
        objective: M::Objective,
        recipe: Recipe,
        rates: Rates,
        training_times: &[usize],
        device: &Device,
    ) -> Self {
        let fit = Fit::new(model.network().clone(), rates);
        let (training_times, device) = (training_times.to_vec(), device.clone());
        Self { recipe, model, fit, objective, rates, training_times, device, pass: None }
    }

    /// What it does.
    pub fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    /// Time points that the loss compares with.
    pub fn training_times(&self) -> &[usize] {
        &self.training_times
    }

    /// Updates done.
    pub fn updates(&self) -> u32 {
        self.fit.updates()
    }

    /// The model with the weights after the last update.
    pub fn model(&self) -> M {
        self.model.with(self.fit.network.clone())
    }

    /// The model with the weights that are kept, or as it started; with the update that chose them and its judged loss.
    pub fn best(&self) -> (M, u32, f32) {
        let (update, judged) = self.fit.best.as_ref().map_or((0, f32::NAN), |best| (best.update, best.loss));
        (self.model.with(self.fit.kept().clone()), update, judged)
    }

    /// All updates are done.
    pub fn is_finished(&self) -> bool {
        self.fit.is_finished()
    }

    /// Does one bounded piece of work and returns the update that it completed, if it did.
    ///
    /// # Errors
    /// The loss is not finite any more (kind [`Diverged`](crate::error::Kind::Diverged); the kept weights are still there), or the device failed.
    pub async fn advance(&mut self) -> Result<Option<Update>> {
        match self.proceed().await? {
            Some(complete) => self.finish(complete).await.map(Some),
            None => Ok(None),
        }
    }

    /// Gradients of the loss at the weights as they are, before clipping, by name and in PyTorch's layout. Takes no step.
    ///
    /// # Errors
    /// As [`Self::advance`].
    pub async fn gradients(&mut self) -> Result<BTreeMap<String, Vec<f32>>> {
        let complete = loop {
            if let Some(complete) = self.proceed().await? {
                break complete;
            }
        };
        let named = M::saved(&as_network(complete.gradients, self.fit.network.clone())).await?;
        Ok(named.into_iter().map(|(name, tensor)| (name, tensor.values)).collect())
    }

    /// Does one bounded piece of work and returns the update once its gradients are complete.
    async fn proceed(&mut self) -> Result<Option<Complete>> {
        if !self.objective.prepared() {
            return Ok(None);
        }
        let update = self.fit.updates();
        let mut pass = match self.pass.take() {
            Some(pass) => pass,
            None => {
                if self.objective.begins_anew(update) {
                    self.fit.begin_anew();
                }
                Pass { started: Instant::now(), work: self.objective.begin(&self.model(), update) }
            }
        };
        match self.objective.advance(&mut pass.work, update).await? {
            Piece::More => {
                self.pass = Some(pass);
                Ok(None)
            }
            Piece::Whole(gradients, values) => Ok(Some(Complete { started: pass.started, gradients, values })),
            Piece::Diverged => Err(self.fit.diverged()),
        }
    }

    async fn finish(&mut self, complete: Complete) -> Result<Update> {
        let update = self.fit.updates();
        let taken = self.fit.step(complete.gradients, complete.values, &self.device).await?;
        let Outcome { loss, judged } = self.objective.outcome(&taken.values, update);
        let best = if self.objective.keeps_best() { self.fit.judge(judged) } else { self.fit.keep(judged) };
        let seconds = complete.started.elapsed().as_secs_f64();
        self.fit.seconds += seconds;
        Ok(Update {
            update: self.fit.updates(),
            of: self.rates.updates,
            loss,
            gradient_norm: taken.gradient_norm,
            learning_rate: taken.learning_rate,
            best,
            seconds,
            seconds_left: self.fit.seconds_left(),
        })
    }
}

impl<M: Fitted> RollsBack for Trainer<M> {
    fn roll_back(&mut self) -> Option<Rollback> {
        self.pass = None;
        self.fit.roll_back()
    }
}

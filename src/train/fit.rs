//! What trainings of one network share between their updates: the optimiser, the schedule, which weights are kept.

use super::adam::{Adam, BETAS};
use super::gradients::clip_global_norm;
use super::rollback::{MOST, diverged, rate_left};
use crate::error::{Error, Result};
use crate::protocol::Rollback;
use crate::tensor::read;
use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor};

/// Updates between two reductions of the learning rate.
const DROP_EVERY: u32 = 100;

/// A norm that no gradient has; not infinite, which not every device takes as a number.
const NO_CLIP: f32 = 1e30;

/// How weights are fitted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates {
    /// Number of updates.
    pub updates: u32,
    /// Adam's learning rate at the start.
    pub learning_rate: f64,
    /// Factor of the learning rate every 100 updates.
    pub drop: f64,
    /// Global norm to which gradients are clipped.
    pub clip: f32,
    /// Adam's means of the gradients and of their squares keep these shares at each step.
    pub betas: [f64; 2],
    /// Weights shrink by so many times the learning rate at each step (AdamW).
    pub decay: f64,
    /// A first phase: so many updates at a learning rate of its own.
    pub early: Option<(u32, f64)>,
}

impl Rates {
    /// Adam with PyTorch's settings, at one rate and without clipping.
    pub fn steady(updates: u32, learning_rate: f64) -> Self {
        Self { updates, learning_rate, drop: 1.0, clip: NO_CLIP, betas: BETAS, decay: 0.0, early: None }
    }

    /// Adam whose rate is multiplied by 0.9 every 100 updates, with clipping.
    pub fn falling(updates: u32, learning_rate: f64, clip: f32) -> Self {
        Self { drop: 0.9, clip, ..Self::steady(updates, learning_rate) }
    }

    /// The learning rate of an update, counted from 0, before rollbacks.
    fn rate(&self, update: u32) -> f64 {
        match self.early {
            Some((updates, rate)) if update < updates => rate,
            _ => self.learning_rate * self.drop.powi((update / DROP_EVERY) as i32),
        }
    }

    fn optimizer(&self) -> Adam {
        Adam::with_decay(self.decay).with_betas(self.betas)
    }
}

/// Weights that are being fitted.
pub struct Fit<M> {
    /// The weights after the last update.
    pub network: M,
    /// The weights that are kept.
    pub best: Option<Kept<M>>,
    /// Seconds spent so far.
    pub seconds: f64,
    /// Times that it was rolled back.
    pub rollbacks: u32,
    start: M,
    optimizer: Adam,
    update: u32,
    rates: Rates,
}

/// The weights that a fit keeps: those just after the update of lowest judged loss, or after the last one.
#[derive(Clone)]
pub struct Kept<M> {
    /// The update, counted from 1.
    pub update: u32,
    /// Its judged loss, which is that of the weights before it.
    pub loss: f32,
    /// The weights after it.
    pub network: M,
}

/// Where a fit stands, to go on from there.
pub struct Standing<M> {
    /// The weights after the last update.
    pub network: M,
    /// The weights that are kept.
    pub best: Kept<M>,
    /// Adam's moments.
    pub moments: [M; 2],
    /// Steps of the optimiser.
    pub optimizer_steps: u32,
    /// Updates done.
    pub updates: u32,
    /// Seconds spent.
    pub seconds: f64,
    /// Times that it was rolled back.
    pub rollbacks: u32,
}

/// What an update came to.
pub struct Taken {
    /// The values that were to be read, in order.
    pub values: Vec<f32>,
    /// Global gradient norm before clipping.
    pub gradient_norm: f32,
    /// Learning rate of the update.
    pub learning_rate: f64,
}

impl<M: Module> Fit<M> {
    /// A fit that begins with `network`.
    pub fn new(network: M, rates: Rates) -> Self {
        let (best, optimizer) = (None, rates.optimizer());
        Self { start: network.clone(), network, best, seconds: 0.0, rollbacks: 0, optimizer, update: 0, rates }
    }

    /// A fit that goes on.
    pub fn restored(standing: Standing<M>, rates: Rates) -> Self {
        let Standing { network, best, moments: [first, second], .. } = standing;
        let optimizer =
            Adam::restored(&network, [&first, &second], standing.optimizer_steps, rates.decay).with_betas(rates.betas);
        Self {
            start: best.network.clone(),
            network,
            best: Some(best),
            seconds: standing.seconds,
            rollbacks: standing.rollbacks,
            optimizer,
            update: standing.updates,
            rates,
        }
    }

    /// Where it stands; none before the first update, and between a rollback and the next.
    pub fn standing(&self) -> Option<Standing<M>> {
        let (Some(best), Some(moments)) = (&self.best, self.optimizer.moments(&self.network)) else { return None };
        Some(Standing {
            network: self.network.clone(),
            best: best.clone(),
            moments,
            optimizer_steps: self.optimizer.steps(),
            updates: self.update,
            seconds: self.seconds,
            rollbacks: self.rollbacks,
        })
    }

    /// Updates done.
    pub fn updates(&self) -> u32 {
        self.update
    }

    /// All updates are done.
    pub fn is_finished(&self) -> bool {
        self.update >= self.rates.updates
    }

    /// Estimated seconds until the last update.
    pub fn seconds_left(&self) -> f64 {
        f64::from(self.rates.updates - self.update) * self.seconds / f64::from(self.update.max(1))
    }

    /// The weights that are kept, or those it started with.
    pub fn kept(&self) -> &M {
        self.best.as_ref().map_or(&self.start, |best| &best.network)
    }

    /// Clips the gradients, reads `values` and the gradient norm in one read of the device, and takes a step.
    ///
    /// # Errors
    /// A value is not finite (kind [`Diverged`](crate::error::Kind::Diverged); no step is taken), or the device failed.
    pub async fn step(
        &mut self,
        gradients: GradientsParams,
        mut values: Vec<Tensor<1>>,
        device: &Device,
    ) -> Result<Taken> {
        let (gradients, norm) = clip_global_norm(gradients, &self.network, self.rates.clip, device);
        values.push(norm);
        let mut values = read(Tensor::cat(values, 0)).await?;
        if values.iter().any(|value| !value.is_finite()) {
            return Err(self.diverged());
        }
        let learning_rate = self.rates.rate(self.update) * rate_left(self.rollbacks);
        self.network = self.optimizer.step(self.network.clone(), gradients, learning_rate);
        self.update += 1;
        let gradient_norm = values.pop().unwrap_or(f32::NAN);
        Ok(Taken { values, gradient_norm, learning_rate })
    }

    /// Keeps the weights if the judged loss of the last update is the lowest so far; tells whether it is.
    pub fn judge(&mut self, loss: f32) -> bool {
        let best = self.best.as_ref().is_none_or(|best| loss < best.loss);
        if best {
            self.keep(loss);
        }
        best
    }

    /// Keeps the weights after the last update, whose judged loss this is; true.
    pub fn keep(&mut self, loss: f32) -> bool {
        self.best = Some(Kept { update: self.update, loss, network: self.network.clone() });
        true
    }

    /// Forgets the gradients so far: the optimiser begins anew.
    pub fn begin_anew(&mut self) {
        self.optimizer = self.rates.optimizer();
    }

    /// The error of an update whose loss is not finite.
    pub fn diverged(&self) -> Error {
        diverged(&format!("update {}", self.update + 1), self.rollbacks)
    }

    /// Goes back to the kept weights with a fresh optimiser at half the learning rate; none if that was done as often as it may be.
    pub fn roll_back(&mut self) -> Option<Rollback> {
        if self.rollbacks >= MOST {
            return None;
        }
        self.rollbacks += 1;
        self.network = self.kept().clone();
        self.begin_anew();
        Some(Rollback {
            update: self.update + 1,
            back_to: self.best.as_ref().map_or(0, |best| best.update),
            learning_rate: self.rates.learning_rate * rate_left(self.rollbacks),
        })
    }
}

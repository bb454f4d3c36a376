//! The training loop, one bounded piece at a time.
//!
//! An update rolls a drawn population of each sample out to its last training time, compares it with the observed cells at every training time, and
//! takes the gradient by the discrete adjoint: the states of the rollout are kept, and each step is taken back on its own ([`PopulationStepper`]).
//! Memory is bounded then however long the rollout, and a piece of work is short however long the update.

use super::pass::Pass;
use super::settings::check;
use super::stepper::PopulationStepper;
use super::turn::{Reported, all_times};
use super::warm::WarmStart;
use super::{Network, ScImf, initial_weights};
use crate::data::weights::Weights;
use crate::error::{Error, Result};
use crate::protocol::{Loss, ScImfConfig, Term, TrainSettings, Update};
use crate::tensor::read;
use crate::train::{Adam, Draws, Helpers, Populations, TrainingData, as_network, diverged, rate_left};
use burn::tensor::{Device, Tensor};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Updates between two reductions of the learning rate, and the factor.
const LEARNING_RATE_DROP: (u32, f64) = (100, 0.9);

/// The weights with the lowest transport loss so far.
#[derive(Clone)]
pub struct Best {
    /// The update that measured them, counted from 1.
    pub update: u32,
    /// Their mean Sinkhorn divergence.
    pub transport: f32,
    pub(super) network: Network,
}

/// A training in progress.
pub struct Trainer {
    pub(super) settings: TrainSettings,
    /// One entry for each sample.
    pub(super) data: Vec<TrainingData>,
    /// Time points that any of them is compared at, in order.
    pub(super) times: Vec<usize>,
    pub(super) device: Device,
    pub(super) draws: Draws,
    pub(super) model: ScImf,
    pub(super) optimizer: Adam,
    pub(super) update: u32,
    pub(super) best: Option<Best>,
    pub(super) seconds: f64,
    pub(super) rollbacks: u32,
    /// What comes before the first update.
    warm_start: Option<WarmStart>,
    pub(super) pass: Option<Pass>,
    /// That of the last update, for its memory.
    pub(super) stepper: Option<PopulationStepper>,
    /// Who computes parts of updates, where there is anybody.
    pub(super) helpers: Option<Rc<dyn Helpers>>,
}

impl Trainer {
    /// A training of `data`, an entry for each sample, under `settings`, from `weights` or, without, from fresh ones of shape `config`.
    ///
    /// # Errors
    /// A setting is out of range, there is no data, or `weights` does not fit it.
    pub fn new(
        data: Vec<TrainingData>,
        settings: TrainSettings,
        config: ScImfConfig,
        weights: Option<&Weights>,
        device: &Device,
    ) -> Result<Self> {
        check(&settings)?;
        let dimensions = data.first().map(|data| data.dimensions);
        let dimensions = dimensions.ok_or_else(|| Error::request("There is nothing to train on"))?;
        let config = ScImfConfig { dimensions, dt: settings.dt, ..config };
        let mut model = match weights {
            Some(weights) if weights.config.dimensions != dimensions => {
                let what =
                    format!("The weights work in {} dimensions, the data has {dimensions}", weights.config.dimensions);
                return Err(Error::request(what).remedy("Start from fresh weights."));
            }
            Some(weights) => ScImf::from_weights(weights, device)?,
            None => ScImf::from_weights(&initial_weights(config, settings.seed), device)?,
        };
        // The step belongs to the model: whoever moves its cells takes the one that it was trained with.
        model.config.dt = settings.dt;
        Ok(Self {
            draws: Draws::Seeded(settings.seed),
            settings,
            times: all_times(&data),
            data,
            device: device.clone(),
            model,
            optimizer: Adam::default(),
            update: 0,
            best: None,
            seconds: 0.0,
            rollbacks: 0,
            warm_start: None,
            pass: None,
            stepper: None,
            helpers: None,
        })
    }

    /// The same training with other draws than the seed's.
    #[must_use]
    pub fn with_draws(mut self, draws: Draws) -> Self {
        self.draws = draws;
        self
    }

    /// The same training after a warm start on `data`, if the settings ask for one.
    #[must_use]
    pub fn warmed(mut self, data: Populations) -> Self {
        let TrainSettings { seed, warm_start, learning_rate, .. } = self.settings;
        self.warm_start = (warm_start > 0).then(|| WarmStart::new(data, seed, warm_start, learning_rate));
        self
    }

    /// Lets `helpers` compute parts of the updates that follow. Nothing else depends on them.
    pub fn share(&mut self, helpers: Rc<dyn Helpers>) {
        self.helpers = Some(helpers);
    }

    /// The settings in use.
    pub fn settings(&self) -> &TrainSettings {
        &self.settings
    }

    /// Time points that the loss compares with.
    pub fn training_times(&self) -> &[usize] {
        &self.times
    }

    /// Updates done.
    pub fn updates(&self) -> u32 {
        self.update
    }

    /// The weights after the last update.
    pub fn model(&self) -> &ScImf {
        &self.model
    }

    /// The best weights so far.
    pub fn best(&self) -> Option<&Best> {
        self.best.as_ref()
    }

    /// The model with the best weights so far, or as it started.
    pub fn best_model(&self) -> ScImf {
        let network = self.best.as_ref().map_or(&self.model.network, |best| &best.network);
        ScImf { config: self.model.config, network: network.clone() }
    }

    /// All updates are done.
    pub fn is_finished(&self) -> bool {
        self.update >= self.settings.updates
    }

    /// Does one bounded piece of work and returns the update that it completed, if it did.
    ///
    /// # Errors
    /// The loss is not finite any more (kind [`Diverged`](crate::error::Kind::Diverged); the best weights are still there), or the device failed.
    pub async fn advance(&mut self) -> Result<Option<Update>> {
        if let Some(warm_start) = &mut self.warm_start {
            if warm_start.advance(&mut self.model.network, &self.device)?.is_some() {
                self.warm_start = None;
            }
            return Ok(None);
        }
        let outcome = match self.proceed().await {
            Ok(Some(pass)) => self.finish(pass).await.map(Some),
            Ok(None) => Ok(None),
            Err(error) => Err(error),
        };
        if outcome.is_err() && self.helpers.take_if(|helpers| helpers.is_lost()).is_some() {
            // One was lost on the way: the same update begins anew without them.
            self.abandon_update();
            return Ok(None);
        }
        outcome
    }

    /// Gradients of the loss at the weights as they are, before clipping, by published name and in PyTorch's layout. Takes no step.
    ///
    /// # Errors
    /// As [`Self::advance`].
    pub async fn gradients(&mut self) -> Result<BTreeMap<String, Vec<f32>>> {
        let mut pass = loop {
            if let Some(pass) = self.proceed().await? {
                break pass;
            }
        };
        let network = as_network(pass.stepper.gradients().await?, self.model.network.clone());
        let named = ScImf { config: self.model.config, network }.to_weights(0, &[]).await?;
        let trained = named.tensors.into_iter().filter(|(name, _)| name != "diffusion.sigma");
        Ok(trained.map(|(name, tensor)| (name, tensor.values)).collect())
    }

    async fn finish(&mut self, mut pass: Pass) -> Result<Update> {
        let (gradients, norm) = pass.stepper.clipped_gradients(self.settings.clip).await?;
        self.stepper = Some(pass.stepper);
        let variance: Vec<_> = pass.variance.into_iter().collect();
        let sampled = !variance.is_empty();
        let mut report = read(Tensor::cat([pass.transport, pass.actions, vec![norm], variance].concat(), 0)).await?;
        if report.iter().any(|value| !value.is_finite()) {
            return Err(self.diverged());
        }
        let error = if sampled { report.pop().map(|variance| variance.max(0.0).sqrt()) } else { None };
        let samples = pass.turn.samples.iter().map(|sample| self.data[*sample].times.as_slice()).collect();
        let Reported { at_times, mean, action, gradient_norm } = Reported::of(&report, samples, &self.times);

        let measured = self.model.network.clone();
        let (every, factor) = LEARNING_RATE_DROP;
        let learning_rate =
            self.settings.learning_rate * factor.powi((self.update / every) as i32) * rate_left(self.rollbacks);
        self.model.network = self.optimizer.step(measured.clone(), gradients, learning_rate);
        self.update += 1;

        let best = self.best.as_ref().is_none_or(|best| mean < best.transport);
        if best {
            self.best = Some(Best { update: self.update, transport: mean, network: measured });
        }
        let seconds = pass.started.elapsed().as_secs_f64();
        self.seconds += seconds;
        let left = f64::from(self.settings.updates - self.update);
        Ok(Update {
            update: self.update,
            of: self.settings.updates,
            loss: Loss {
                terms: vec![Term { at_times, error, ..Term::whole("transport", mean) }, Term::whole("action", action)],
                total: mean + self.settings.action_weight * action,
                validation: None,
            },
            gradient_norm,
            learning_rate,
            best,
            seconds,
            seconds_left: left * self.seconds / f64::from(self.update),
        })
    }

    pub(super) fn diverged(&self) -> Error {
        diverged(&format!("update {}", self.update + 1), self.rollbacks)
    }

    /// Forgets the update in progress.
    pub(super) fn abandon_update(&mut self) {
        self.pass = None;
    }
}

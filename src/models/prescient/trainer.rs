//! The training loop of PRESCIENT, one bounded piece at a time.
//!
//! In an update, cells of the first time point are rolled out to each training time separately, each time with other cells, and compared
//! there with some of the observed cells; start cells weigh as much as they are expected to multiply. The loss is the sum of the divergences and the
//! weighted contrastive term. Gradients are those of the discrete steps.

use super::config::{PrescientConfig, PrescientSettings};
use super::contrast::{Contrast, Diffusing};
use super::field::{Motion, Prescient};
use super::growth::{Growing, weights_of};
use super::weights::{PrescientWeights, initial_weights};
use crate::error::{Error, Result};
use crate::models::potential;
use crate::models::potential::Potential;
use crate::protocol::{Loss, SetBack, Term, Update};
use crate::sde::Stepper;
use crate::tensor::upload;
use crate::train::{AddressedDraws, Comparison, Fit, Populations, Purpose, Rates, SetsBack};
use burn::tensor::{Device, Tensor};
use std::collections::BTreeMap;
use web_time::Instant;

/// Steps of a rollout, or of the way back, in one piece of work.
const STEPS_AT_ONCE: usize = 10;
/// Most steps of a rollout; each of its states is kept for the way back.
const MOST_STEPS: usize = 10_000;

/// A training of PRESCIENT in progress.
pub struct PrescientTrainer {
    pub(super) settings: PrescientSettings,
    pub(super) config: PrescientConfig,
    pub(super) fit: Fit<Potential>,
    data: Populations,
    growth: Weights,
    device: Device,
    draws: AddressedDraws,
    pass: Option<Pass>,
}

/// What the start cells weigh.
enum Weights {
    /// All the same.
    Equal,
    /// Still to be found.
    Growing(Box<Growing>),
    /// Growth of each start cell, per unit of the data's time labels.
    Known(Vec<f32>),
}

/// An update in progress.
struct Pass {
    started: Instant,
    stepper: Stepper<Motion>,
    transport: Vec<Tensor<1>>,
    stage: Stage,
}

/// A rollout to a training time.
struct Rollout {
    /// Position of the training time, counted from the first.
    at: usize,
    /// Rows of the start cells among those of the first time point.
    rows: Vec<usize>,
    /// The state `[n, d]` before each step, and after the last.
    states: Vec<Tensor<2>>,
}

enum Stage {
    /// Roll out and, at the end, compare.
    Forward(Rollout),
    /// Go back from this step with this adjoint state `[n, d]`.
    Backward(Rollout, usize, Tensor<2>),
    /// Let cells of the last training time diffuse.
    Diffuse(Diffusing),
    /// The gradients are complete; the contrastive term, weighted.
    Over(Tensor<1>),
}

impl PrescientTrainer {
    /// A training on `data` from `weights` or, without, from fresh ones. Without `growth` all start cells weigh the same.
    ///
    /// # Errors
    /// A setting is out of range, or `weights` does not fit the data.
    pub fn new(
        data: Populations,
        growth: Option<Growing>,
        settings: PrescientSettings,
        weights: Option<&PrescientWeights>,
        device: &Device,
    ) -> Result<Self> {
        let config = PrescientConfig { dimensions: data.dimensions, ..settings.config };
        let model = match weights {
            Some(weights) => {
                potential::fits(weights.config.dimensions, data.dimensions)?;
                Prescient::from_weights(weights, device)?
            }
            None => Prescient::from_weights(&initial_weights(config, settings.growth.clone(), settings.seed), device)?,
        };
        check(&settings)?;
        let rates = Rates { updates: settings.updates, learning_rate: settings.learning_rate, clip: settings.clip };
        let trainer = Self {
            draws: AddressedDraws::Seeded(settings.seed),
            config: model.config,
            fit: Fit::new(model.network, rates),
            settings,
            data,
            growth: growth.map_or(Weights::Equal, |growing| Weights::Growing(Box::new(growing))),
            device: device.clone(),
            pass: None,
        };
        let steps = trainer.steps_to(trainer.data.labels.len() - 1);
        if steps > MOST_STEPS {
            let what = format!("A step of {} would be taken {steps} times", trainer.config.dt);
            let remedy = "The step is counted in the units of the data's time labels: choose a larger one.";
            return Err(Error::request(what).at("dt").remedy(remedy));
        }
        Ok(trainer)
    }

    /// The same training with other draws than the seed's.
    #[must_use]
    pub fn with_draws(mut self, draws: AddressedDraws) -> Self {
        self.draws = draws;
        self
    }

    /// The same training with the growth of each start cell known.
    #[must_use]
    pub fn with_growth(mut self, rates: Vec<f32>) -> Self {
        self.growth = Weights::Known(rates);
        self
    }

    /// The settings in use.
    pub fn settings(&self) -> &PrescientSettings {
        &self.settings
    }

    /// Time points that the loss compares with.
    pub fn training_times(&self) -> &[usize] {
        &self.data.times[1..]
    }

    /// Updates done.
    pub fn updates(&self) -> u32 {
        self.fit.updates()
    }

    /// The weights after the last update.
    pub fn model(&self) -> Prescient {
        self.of(self.fit.network.clone())
    }

    /// The model with the weights that are kept, or as it started; with the update that chose them and its transport loss.
    pub fn best(&self) -> (Prescient, u32, f32) {
        let (update, transport) = self.fit.best.as_ref().map_or((0, f32::NAN), |best| (best.update, best.transport));
        (self.of(self.fit.kept().clone()), update, transport)
    }

    fn of(&self, network: Potential) -> Prescient {
        Prescient { config: self.config, growth: self.settings.growth.clone(), network }
    }

    /// All updates are done.
    pub fn is_finished(&self) -> bool {
        self.fit.is_finished()
    }

    /// Does one bounded piece of work and returns the update that it completed, if it did.
    ///
    /// # Errors
    /// The loss is not finite any more (kind [`Diverged`](crate::error::Kind::Diverged); the best weights are still there), or the device failed.
    pub async fn advance(&mut self) -> Result<Option<Update>> {
        match self.proceed().await? {
            Some((pass, contrast)) => self.finish(pass, contrast).await.map(Some),
            None => Ok(None),
        }
    }

    /// Gradients of the loss at the weights as they are, before clipping, by published name and in PyTorch's layout. Takes no step.
    ///
    /// # Errors
    /// As [`Self::advance`].
    pub async fn gradients(&mut self) -> Result<BTreeMap<String, Vec<f32>>> {
        let mut pass = loop {
            if let Some((pass, _)) = self.proceed().await? {
                break pass;
            }
        };
        potential::gradients(pass.stepper.gradients(), &self.fit.network, super::weights::PREFIX).await
    }

    /// Does one bounded piece of work; the pass once its gradients are complete, with the weighted contrastive term.
    async fn proceed(&mut self) -> Result<Option<(Pass, Tensor<1>)>> {
        if let Weights::Growing(growing) = &mut self.growth {
            if let Some(growth) = growing.advance() {
                self.growth = Weights::Known(growth.at_start);
            }
            return Ok(None);
        }
        let mut pass = match self.pass.take() {
            Some(pass) => pass,
            None => self.begin(),
        };
        pass.stage = match std::mem::replace(&mut pass.stage, Stage::Over(Tensor::zeros([1], &self.device))) {
            Stage::Forward(mut rollout) => {
                self.forward(&pass.stepper, &mut rollout);
                let last = self.steps_to(rollout.at);
                if rollout.states.len() > last {
                    let adjoint = self.compare(&mut pass, &rollout).await?;
                    Stage::Backward(rollout, last, adjoint)
                } else {
                    Stage::Forward(rollout)
                }
            }
            Stage::Backward(rollout, from, adjoint) => {
                let to = from.saturating_sub(STEPS_AT_ONCE);
                let adjoint = self.backward(&mut pass, &rollout, from, to, adjoint);
                match to {
                    0 if rollout.at + 1 < self.data.labels.len() => Stage::Forward(self.rollout(rollout.at + 1)),
                    0 if self.settings.tau > 0.0 => {
                        Stage::Diffuse(self.contrast().begin(&self.draws, self.fit.updates(), &self.device))
                    }
                    0 => Stage::Over(Tensor::zeros([1], &self.device)),
                    _ => Stage::Backward(rollout, to, adjoint),
                }
            }
            Stage::Diffuse(diffusing) => {
                let contrast = self.contrast();
                match contrast.advance(diffusing, &pass.stepper, &self.draws, self.fit.updates(), STEPS_AT_ONCE) {
                    Ok(points) => Stage::Over(contrast.take(&points, &mut pass.stepper)),
                    Err(diffusing) => Stage::Diffuse(diffusing),
                }
            }
            Stage::Over(contrast) => return Ok(Some((pass, contrast))),
        };
        self.pass = Some(pass);
        Ok(None)
    }

    fn begin(&self) -> Pass {
        Pass {
            started: Instant::now(),
            stepper: Stepper::new(self.model().motion(&self.device)),
            transport: Vec::new(),
            stage: Stage::Forward(self.rollout(1)),
        }
    }

    fn contrast(&self) -> Contrast<'_> {
        let PrescientSettings { tau, contrast_cells, contrast_steps, .. } = self.settings;
        Contrast { data: &self.data, tau, cells: contrast_cells, steps: contrast_steps }
    }

    /// Steps from the start to a training time.
    fn steps_to(&self, at: usize) -> usize {
        let span = self.data.labels[at] - self.data.labels[0];
        (span / self.config.dt).round().max(1.0) as usize
    }

    fn rollout(&self, at: usize) -> Rollout {
        let count = self.data.part(0, self.settings.share);
        let rows = self.draws.cells(self.fit.updates(), Purpose::Start(at), self.data.count(0), count);
        let start = upload(self.data.rows(0, &rows), [count, self.data.dimensions], &self.device);
        Rollout { at, rows, states: vec![start] }
    }

    fn forward(&self, stepper: &Stepper<Motion>, rollout: &mut Rollout) {
        let from = rollout.states.len() - 1;
        for step in from..(from + STEPS_AT_ONCE).min(self.steps_to(rollout.at)) {
            let state = rollout.states[step].clone();
            let shape = state.dims();
            let noise = self.draws.noise(self.fit.updates(), Purpose::Start(rollout.at), step, shape[0] * shape[1]);
            let (time, dt) = (self.data.labels[0] + step as f64 * self.config.dt, self.config.dt);
            let noise = upload(noise, shape, &self.device);
            rollout.states.push(stepper.step(time, dt, state, Some(noise)));
        }
    }

    /// Weights of the start cells of a rollout, which sum to 1; none if they are all the same.
    fn weights(&self, rollout: &Rollout) -> Option<Vec<f32>> {
        let Weights::Known(rates) = &self.growth else { return None };
        let span = (self.data.labels[rollout.at] - self.data.labels[0]) as f32;
        Some(weights_of(&rollout.rows.iter().map(|&row| rates[row]).collect::<Vec<_>>(), span))
    }

    async fn compare(&self, pass: &mut Pass, rollout: &Rollout) -> Result<Tensor<2>> {
        let PrescientSettings { share, blur, scaling, .. } = self.settings;
        let (at, count) = (rollout.at, self.data.part(rollout.at, share));
        let rows = self.draws.cells(self.fit.updates(), Purpose::Target(at), self.data.count(at), count);
        let end = rollout.states[self.steps_to(at)].clone();
        let weights = self.weights(rollout);
        let found = Comparison { blur, scaling }.divergence(end, weights.as_deref(), self.data.rows(at, &rows)).await?;
        let found = found.ok_or_else(|| self.fit.diverged())?;
        pass.transport.push(found.value);
        Ok(found.gradient)
    }

    /// Takes the adjoint from before step `from` to before step `to`, collecting the weights' gradients.
    fn backward(
        &self,
        pass: &mut Pass,
        rollout: &Rollout,
        from: usize,
        to: usize,
        mut adjoint: Tensor<2>,
    ) -> Tensor<2> {
        for step in (to..from).rev() {
            let (time, dt) = (self.data.labels[0] + step as f64 * self.config.dt, self.config.dt);
            adjoint = pass.stepper.adjoint(time, dt, rollout.states[step].clone(), adjoint);
        }
        adjoint
    }

    async fn finish(&mut self, mut pass: Pass, contrast: Tensor<1>) -> Result<Update> {
        let gradients = pass.stepper.gradients();
        let values = [pass.transport, vec![contrast]].concat();
        let taken = self.fit.step(gradients, values, &self.device).await?;
        let (transport, contrast) = taken.values.split_at(taken.values.len() - 1);
        let sum: f32 = transport.iter().sum();
        let best = if self.settings.keep_best { self.fit.judge(sum) } else { self.fit.keep(sum) };
        let seconds = pass.started.elapsed().as_secs_f64();
        self.fit.seconds += seconds;
        Ok(Update {
            update: self.fit.updates(),
            of: self.settings.updates,
            loss: Loss {
                terms: vec![Term::at_times("transport", transport.to_vec()), Term::whole("contrast", contrast[0])],
                total: sum + contrast[0],
                validation: None,
            },
            gradient_norm: taken.gradient_norm,
            learning_rate: taken.learning_rate,
            best,
            seconds,
            seconds_left: self.fit.seconds_left(),
        })
    }
}

impl SetsBack for PrescientTrainer {
    fn set_back(&mut self) -> Option<SetBack> {
        self.pass = None;
        self.fit.set_back()
    }
}

fn check(settings: &PrescientSettings) -> Result<()> {
    let problem = |setting: &str, what: &str| Err(Error::request(what).at(setting));
    let positive = |value: f64| value > 0.0 && value.is_finite();
    match settings {
        PrescientSettings { updates: 0, .. } => problem("updates", "At least one update is needed"),
        PrescientSettings { contrast_cells: 0, .. } => problem("contrast cells", "At least one cell must diffuse"),
        PrescientSettings { contrast_steps: 0, .. } => problem("contrast steps", "At least one step is needed"),
        s if !(s.share > 0.0 && s.share <= 1.0) => problem("share", "The share must be above 0 and at most 1"),
        s if !positive(s.learning_rate) => problem("learning rate", "The learning rate must be above 0"),
        s if !positive(s.blur) => problem("blur", "The blur must be above 0"),
        s if !(s.scaling > 0.0 && s.scaling < 1.0) => problem("scaling", "The scaling must be between 0 and 1"),
        s if s.clip.is_nan() || s.clip <= 0.0 => problem("clip", "The gradient norm limit must be above 0"),
        s if !(s.tau >= 0.0 && s.tau.is_finite()) => problem("tau", "The weight must not be negative"),
        _ => Ok(()),
    }
}

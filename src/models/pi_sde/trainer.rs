//! The training loop of PI-SDE, one bounded piece at a time.
//!
//! An update rolls some of the first time point's cells out through all training times, compares them at each with some of the observed cells,
//! and takes the gradient by the discrete adjoint. The loss is the sum of the divergences and the weighted mean residual that cells have
//! gathered at the last training time.

use super::config::{PiSdeConfig, PiSdeSettings};
use super::field::{Motion, PiSde};
use super::weights::{PiSdeWeights, initial_weights};
use crate::error::{Error, Result};
use crate::models::potential;
use crate::models::potential::Potential;
use crate::protocol::{Loss, SetBack, Term, Update};
use crate::sde::{SavedTimes, Stepper};
use crate::tensor::upload;
use crate::train::{AddressedDraws, Comparison, Fit, Populations, Purpose, Rates, SetsBack};
use burn::tensor::{Device, Tensor};
use std::collections::BTreeMap;
use web_time::Instant;

/// Steps of the rollout, or of the way back, in one piece of work.
const STEPS_AT_ONCE: usize = 10;
/// Most steps of a rollout; each of its states is kept for the way back.
const MOST_STEPS: usize = 10_000;

/// A training of PI-SDE in progress.
pub struct PiSdeTrainer {
    pub(super) settings: PiSdeSettings,
    pub(super) config: PiSdeConfig,
    pub(super) fit: Fit<Potential>,
    data: Populations,
    device: Device,
    draws: AddressedDraws,
    grid: SavedTimes,
    pass: Option<Pass>,
}

/// An update in progress.
struct Pass {
    started: Instant,
    stepper: Stepper<Motion>,
    /// The state `[n, d + 1]` before each step, and after the last.
    states: Vec<Tensor<2>>,
    transport: Vec<Tensor<1>>,
    /// Gradient of the loss with respect to the states, where it has a part that does not come from later states.
    cotangents: BTreeMap<usize, Tensor<2>>,
    stage: Stage,
}

#[expect(clippy::large_enum_variant, reason = "there is one of them")]
enum Stage {
    /// Roll out, up to the last training time.
    Forward,
    /// Compare at this training time, counted from the first, with which nothing is compared.
    Compare(usize),
    /// Go back from this step with this adjoint state `[n, d + 1]`.
    Backward(usize, Tensor<2>),
}

impl PiSdeTrainer {
    /// A training on `data` from `weights` or, without, from fresh ones.
    ///
    /// # Errors
    /// A setting is out of range, or `weights` does not fit the data.
    pub fn new(
        data: Populations,
        settings: PiSdeSettings,
        weights: Option<&PiSdeWeights>,
        device: &Device,
    ) -> Result<Self> {
        let config = PiSdeConfig { dimensions: data.dimensions, ..settings.config };
        let model = match weights {
            Some(weights) => {
                potential::fits(weights.config.dimensions, data.dimensions)?;
                PiSde::from_weights(weights, device)?
            }
            None => PiSde::from_weights(&initial_weights(config, settings.seed), device)?,
        };
        check(&settings)?;
        let grid = SavedTimes::new(&data.labels, model.config.dt);
        if grid.steps() > MOST_STEPS {
            let what = format!("A step of {} would be taken {} times", model.config.dt, grid.steps());
            let remedy = "The step is counted in the units of the data's time labels: choose a larger one.";
            return Err(Error::request(what).at("dt").remedy(remedy));
        }
        let rates = Rates { updates: settings.updates, learning_rate: settings.learning_rate, clip: settings.clip };
        Ok(Self {
            draws: AddressedDraws::Seeded(settings.seed),
            config: model.config,
            fit: Fit::new(model.network, rates),
            settings,
            data,
            device: device.clone(),
            grid,
            pass: None,
        })
    }

    /// The same training with other draws than the seed's.
    #[must_use]
    pub fn with_draws(mut self, draws: AddressedDraws) -> Self {
        self.draws = draws;
        self
    }

    /// The settings in use.
    pub fn settings(&self) -> &PiSdeSettings {
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
    pub fn model(&self) -> PiSde {
        self.of(self.fit.network.clone())
    }

    /// The model with the weights that are kept, or as it started; with the update that chose them and its transport loss.
    pub fn best(&self) -> (PiSde, u32, f32) {
        let (update, transport) = self.fit.best.as_ref().map_or((0, f32::NAN), |best| (best.update, best.transport));
        (self.of(self.fit.kept().clone()), update, transport)
    }

    pub(super) fn of(&self, network: Potential) -> PiSde {
        PiSde { config: self.config, network }
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
            Some(pass) => self.finish(pass).await.map(Some),
            None => Ok(None),
        }
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
        potential::gradients(pass.stepper.gradients(), &self.fit.network, super::weights::PREFIX).await
    }

    /// Does one bounded piece of work and returns the pass once its gradients are complete.
    async fn proceed(&mut self) -> Result<Option<Pass>> {
        let mut pass = match self.pass.take() {
            Some(pass) => pass,
            None => self.begin(),
        };
        match std::mem::replace(&mut pass.stage, Stage::Forward) {
            Stage::Forward => {
                self.forward(&mut pass);
                if pass.states.len() > self.grid.steps() {
                    pass.stage = Stage::Compare(1);
                }
            }
            Stage::Compare(at) => {
                self.compare(&mut pass, at).await?;
                pass.stage = if at + 1 < self.grid.len() {
                    Stage::Compare(at + 1)
                } else {
                    let last = self.grid.steps();
                    let adjoint = self.on_residual() + pass.cotangents.remove(&last).unwrap_or_else(|| self.nothing());
                    Stage::Backward(last, adjoint)
                };
            }
            Stage::Backward(from, adjoint) => {
                let to = from.saturating_sub(STEPS_AT_ONCE);
                let adjoint = self.backward(&mut pass, from, to, adjoint);
                if to == 0 {
                    return Ok(Some(pass));
                }
                pass.stage = Stage::Backward(to, adjoint);
            }
        }
        self.pass = Some(pass);
        Ok(None)
    }

    /// Simulated cells.
    fn cells(&self) -> usize {
        self.data.part(0, self.settings.share)
    }

    fn begin(&self) -> Pass {
        let (cells, update) = (self.cells(), self.fit.updates());
        let rows = self.draws.cells(update, Purpose::Start(0), self.data.count(0), cells);
        let start = upload(self.data.rows(0, &rows), [cells, self.data.dimensions], &self.device);
        let residual = Tensor::zeros([cells, 1], &self.device);
        Pass {
            started: Instant::now(),
            stepper: Stepper::new(self.model().motion(&self.device)),
            states: vec![Tensor::cat(vec![start, residual], 1)],
            transport: Vec::new(),
            cotangents: BTreeMap::new(),
            stage: Stage::Forward,
        }
    }

    fn forward(&self, pass: &mut Pass) {
        let (cells, d) = (self.cells(), self.data.dimensions);
        let from = pass.states.len() - 1;
        for step in from..(from + STEPS_AT_ONCE).min(self.grid.steps()) {
            let noise = self.draws.noise(self.fit.updates(), Purpose::Start(0), step, cells * d);
            let still = Tensor::zeros([cells, 1], &self.device);
            let noise = Tensor::cat(vec![upload(noise, [cells, d], &self.device), still], 1);
            let (time, dt) = self.grid.step(step);
            let state = pass.states[step].clone();
            pass.states.push(pass.stepper.step(time, dt, state, Some(noise)));
        }
    }

    async fn compare(&self, pass: &mut Pass, at: usize) -> Result<()> {
        let PiSdeSettings { share, blur, scaling, .. } = self.settings;
        let count = self.data.part(at, share);
        let rows = self.draws.cells(self.fit.updates(), Purpose::Target(at), self.data.count(at), count);
        let simulated = self.grid.state(at, &pass.states).narrow(1, 0, self.data.dimensions);
        let found = Comparison { blur, scaling }.divergence(simulated, None, self.data.rows(at, &rows)).await?;
        let found = found.ok_or_else(|| self.fit.diverged())?;
        pass.transport.push(found.value);
        let still = Tensor::zeros([self.cells(), 1], &self.device);
        let cotangent = Tensor::cat(vec![found.gradient, still], 1);
        for (state, share) in self.grid.parts(at) {
            let part = cotangent.clone().mul_scalar(share);
            let sum = match pass.cotangents.remove(&state) {
                Some(before) => before + part,
                None => part,
            };
            pass.cotangents.insert(state, sum);
        }
        Ok(())
    }

    /// Cotangent of the weighted mean residual at the end.
    fn on_residual(&self) -> Tensor<2> {
        let cells = self.cells();
        let weight = f64::from(self.settings.residual_weight) / cells as f64;
        let positions = Tensor::<2>::zeros([cells, self.data.dimensions], &self.device);
        Tensor::cat(vec![positions, Tensor::full([cells, 1], weight, &self.device)], 1)
    }

    fn nothing(&self) -> Tensor<2> {
        Tensor::zeros([self.cells(), self.data.dimensions + 1], &self.device)
    }

    /// Takes the adjoint from before step `from` to before step `to`, collecting the weights' gradients.
    fn backward(&self, pass: &mut Pass, from: usize, to: usize, mut adjoint: Tensor<2>) -> Tensor<2> {
        for step in (to..from).rev() {
            let (time, dt) = self.grid.step(step);
            let state = pass.states[step].clone();
            adjoint = pass.stepper.adjoint(time, dt, state, adjoint);
            if let Some(cotangent) = pass.cotangents.remove(&step) {
                adjoint = adjoint + cotangent;
            }
        }
        adjoint
    }

    async fn finish(&mut self, mut pass: Pass) -> Result<Update> {
        let gradients = pass.stepper.gradients();
        let end = pass.states[self.grid.steps()].clone();
        let residual = end.narrow(1, self.data.dimensions, 1).mean();
        let values = [pass.transport, vec![residual]].concat();
        let taken = self.fit.step(gradients, values, &self.device).await?;
        let (transport, residual) = taken.values.split_at(taken.values.len() - 1);
        let sum: f32 = transport.iter().sum();
        let best = self.fit.judge(sum);
        let seconds = pass.started.elapsed().as_secs_f64();
        self.fit.seconds += seconds;
        Ok(Update {
            update: self.fit.updates(),
            of: self.settings.updates,
            loss: Loss {
                terms: vec![Term::at_times("transport", transport.to_vec()), Term::whole("residual", residual[0])],
                total: sum + self.settings.residual_weight * residual[0],
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

impl SetsBack for PiSdeTrainer {
    fn set_back(&mut self) -> Option<SetBack> {
        self.pass = None;
        self.fit.set_back()
    }
}

fn check(settings: &PiSdeSettings) -> Result<()> {
    let problem = |setting: &str, what: &str| Err(Error::request(what).at(setting));
    let positive = |value: f64| value > 0.0 && value.is_finite();
    match settings {
        PiSdeSettings { updates: 0, .. } => problem("updates", "At least one update is needed"),
        s if !(s.share > 0.0 && s.share <= 1.0) => problem("share", "The share must be above 0 and at most 1"),
        s if !positive(s.learning_rate) => problem("learning rate", "The learning rate must be above 0"),
        s if !positive(s.blur) => problem("blur", "The blur must be above 0"),
        s if !(s.scaling > 0.0 && s.scaling < 1.0) => problem("scaling", "The scaling must be between 0 and 1"),
        s if s.clip.is_nan() || s.clip <= 0.0 => problem("clip", "The gradient norm limit must be above 0"),
        s if !(s.residual_weight >= 0.0 && s.residual_weight.is_finite()) => {
            problem("residual weight", "The weight of the residual must not be negative")
        }
        _ => Ok(()),
    }
}

//! What PI-SDE is fitted to, one bounded piece of an update at a time.
//!
//! An update rolls some of the first time point's cells out through all training times, compares them at each with some of the observed cells,
//! and takes the gradient by the discrete adjoint. The loss is the sum of the divergences and the weighted mean residual that cells have
//! gathered at the last training time.

use super::config::{PiSdeConfig, PiSdeSettings};
use super::field::{Motion, PiSde};
use super::weights::{PiSdeWeights, initial_weights};
use crate::error::{Error, Result};
use crate::models::fitted::{Objective, Outcome, Piece, Progress, Trainer, fits};
use crate::protocol::limits::MOST_TRAINED_STEPS;
use crate::protocol::{Loss, Term};
use crate::sde::{SavedTimes, Stepper};
use crate::tensor::upload;
use crate::train::{AddressedDraws, Comparison, Populations, Purpose, Rates};
use burn::tensor::{Device, Tensor};
use std::collections::BTreeMap;

/// Steps of the rollout, or of the way back, in one piece of work.
const STEPS_AT_ONCE: usize = 10;

/// A training of PI-SDE in progress.
pub type PiSdeTrainer = Trainer<PiSde>;

/// What PI-SDE is fitted to.
pub struct PiSdeObjective {
    settings: PiSdeSettings,
    data: Populations,
    device: Device,
    draws: AddressedDraws,
    grid: SavedTimes,
}

/// An update in progress.
pub struct Pass {
    update: u32,
    stepper: Stepper<Motion>,
    /// The state `[n, d + 1]` before each step, and after the last.
    states: Vec<Tensor<2>>,
    transport: Vec<Tensor<1>>,
    /// Gradient of the loss with respect to the states, where it has a part that does not come from later states.
    cotangents: BTreeMap<usize, Tensor<2>>,
    stage: PiSdeStage,
}

#[expect(clippy::large_enum_variant, reason = "there is one of them")]
enum PiSdeStage {
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
                fits(weights.config.dimensions, data.dimensions)?;
                PiSde::from_weights(weights, device)?
            }
            None => PiSde::from_weights(&initial_weights(config, settings.seed), device)?,
        };
        check(&settings)?;
        let grid = SavedTimes::new(&data.labels, model.config.dt);
        if grid.steps() > MOST_TRAINED_STEPS {
            let what = format!("A step of {} would be taken {} times", model.config.dt, grid.steps());
            let remedy = "The step is counted in the units of the data's time labels: choose a larger one.";
            return Err(Error::request(what).at("dt").remedy(remedy));
        }
        let rates = Rates::falling(settings.updates, settings.learning_rate, settings.clip);
        let (recipe, times) = ((&settings).into(), data.times[1..].to_vec());
        let draws = AddressedDraws::Seeded(settings.seed);
        let objective = PiSdeObjective { settings, data, device: device.clone(), draws, grid };
        Ok(Self::fitting(model, objective, recipe, rates, &times, device))
    }

    /// The same training with other draws than the seed's.
    #[must_use]
    pub fn with_draws(mut self, draws: AddressedDraws) -> Self {
        self.objective.draws = draws;
        self
    }

    /// Goes on where `progress` was saved. On the same device the next updates are those that would have followed.
    ///
    /// # Errors
    /// The state does not fit the data.
    pub fn resumed(data: Populations, progress: &Progress<PiSdeWeights>, device: &Device) -> Result<Self> {
        let settings = PiSdeSettings::from(&progress.state.recipe);
        Self::new(data, settings, Some(&progress.weights), device)?.standing_at(progress)
    }
}

impl Objective<PiSde> for PiSdeObjective {
    type Pass = Pass;

    fn begin(&self, model: &PiSde, update: u32) -> Pass {
        let cells = self.cells();
        let rows = self.draws.cells(update, Purpose::Start(0), self.data.count(0), cells);
        let start = upload(self.data.rows(0, &rows), [cells, self.data.dimensions], &self.device);
        let residual = Tensor::zeros([cells, 1], &self.device);
        Pass {
            update,
            stepper: Stepper::new(model.motion(&self.device)),
            states: vec![Tensor::cat(vec![start, residual], 1)],
            transport: Vec::new(),
            cotangents: BTreeMap::new(),
            stage: PiSdeStage::Forward,
        }
    }

    async fn advance(&self, pass: &mut Pass, _: u32) -> Result<Piece> {
        match std::mem::replace(&mut pass.stage, PiSdeStage::Forward) {
            PiSdeStage::Forward => {
                self.forward(pass);
                if pass.states.len() > self.grid.steps() {
                    pass.stage = PiSdeStage::Compare(1);
                }
            }
            PiSdeStage::Compare(at) => {
                if !self.compare(pass, at).await? {
                    return Ok(Piece::Diverged);
                }
                pass.stage = if at + 1 < self.grid.len() {
                    PiSdeStage::Compare(at + 1)
                } else {
                    let last = self.grid.steps();
                    let adjoint = self.on_residual() + pass.cotangents.remove(&last).unwrap_or_else(|| self.nothing());
                    PiSdeStage::Backward(last, adjoint)
                };
            }
            PiSdeStage::Backward(from, adjoint) => {
                let to = from.saturating_sub(STEPS_AT_ONCE);
                let adjoint = self.backward(pass, from, to, adjoint);
                if to == 0 {
                    let gradients = pass.stepper.gradients();
                    let end = pass.states[self.grid.steps()].clone();
                    let residual = end.narrow(1, self.data.dimensions, 1).mean();
                    return Ok(Piece::Whole(gradients, [pass.transport.clone(), vec![residual]].concat()));
                }
                pass.stage = PiSdeStage::Backward(to, adjoint);
            }
        }
        Ok(Piece::More)
    }

    fn outcome(&self, values: &[f32], _: u32) -> Outcome {
        let (transport, residual) = values.split_at(values.len() - 1);
        let sum: f32 = transport.iter().sum();
        let terms = vec![Term::at_times("transport", transport.to_vec()), Term::whole("residual", residual[0])];
        let total = sum + self.settings.residual_weight * residual[0];
        Outcome { loss: Loss { terms, total, validation: None }, judged: sum }
    }

    fn keeps_best(&self) -> bool {
        true
    }
}

impl PiSdeObjective {
    /// Simulated cells.
    fn cells(&self) -> usize {
        self.data.part(0, self.settings.share)
    }

    fn forward(&self, pass: &mut Pass) {
        let (cells, d) = (self.cells(), self.data.dimensions);
        let from = pass.states.len() - 1;
        for step in from..(from + STEPS_AT_ONCE).min(self.grid.steps()) {
            let noise = self.draws.noise(pass.update, Purpose::Start(0), step, cells * d);
            let still = Tensor::zeros([cells, 1], &self.device);
            let noise = Tensor::cat(vec![upload(noise, [cells, d], &self.device), still], 1);
            let (time, dt) = self.grid.step(step);
            let state = pass.states[step].clone();
            pass.states.push(pass.stepper.step(time, dt, state, Some(noise)));
        }
    }

    /// False if a coordinate is not finite.
    async fn compare(&self, pass: &mut Pass, at: usize) -> Result<bool> {
        let PiSdeSettings { share, blur, scaling, .. } = self.settings;
        let count = self.data.part(at, share);
        let rows = self.draws.cells(pass.update, Purpose::Target(at), self.data.count(at), count);
        let simulated = self.grid.state(at, &pass.states).narrow(1, 0, self.data.dimensions);
        let found = Comparison { blur, scaling }.divergence(simulated, None, self.data.rows(at, &rows)).await?;
        let Some(found) = found else { return Ok(false) };
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
        Ok(true)
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

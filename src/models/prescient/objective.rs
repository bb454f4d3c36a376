//! What PRESCIENT is fitted to, one bounded piece of an update at a time.
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
use crate::models::fitted::{Objective, Outcome, Piece, Progress, Trainer, fits};
use crate::protocol::limits::MOST_TRAINED_STEPS;
use crate::protocol::{Loss, Term};
use crate::sde::Stepper;
use crate::tensor::upload;
use crate::train::{AddressedDraws, Comparison, Populations, Purpose, Rates};
use burn::tensor::{Device, Tensor};

/// Steps of a rollout, or of the way back, in one piece of work.
const STEPS_AT_ONCE: usize = 10;

/// A training of PRESCIENT in progress.
pub type PrescientTrainer = Trainer<Prescient>;

/// What PRESCIENT is fitted to.
pub struct PrescientObjective {
    settings: PrescientSettings,
    /// Step of the model, in the units of the data's time labels.
    dt: f64,
    data: Populations,
    growth: Weights,
    device: Device,
    draws: AddressedDraws,
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
pub struct Pass {
    update: u32,
    stepper: Stepper<Motion>,
    transport: Vec<Tensor<1>>,
    stage: PrescientStage,
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

enum PrescientStage {
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
                fits(weights.config.dimensions, data.dimensions)?;
                Prescient::from_weights(weights, device)?
            }
            None => Prescient::from_weights(&initial_weights(config, settings.growth.clone(), settings.seed), device)?,
        };
        let model = Prescient { growth: settings.growth.clone(), ..model };
        check(&settings)?;
        let rates = Rates::falling(settings.updates, settings.learning_rate, settings.clip);
        let (recipe, times) = ((&settings).into(), data.times[1..].to_vec());
        let objective = PrescientObjective {
            draws: AddressedDraws::Seeded(settings.seed),
            settings,
            dt: model.config.dt,
            data,
            growth: growth.map_or(Weights::Equal, |growing| Weights::Growing(Box::new(growing))),
            device: device.clone(),
        };
        let steps = objective.steps_to(times.len());
        if steps > MOST_TRAINED_STEPS {
            let what = format!("A step of {} would be taken {steps} times", objective.dt);
            let remedy = "The step is counted in the units of the data's time labels: choose a larger one.";
            return Err(Error::request(what).at("dt").remedy(remedy));
        }
        Ok(Self::fitting(model, objective, recipe, rates, &times, device))
    }

    /// The same training with other draws than the seed's.
    #[must_use]
    pub fn with_draws(mut self, draws: AddressedDraws) -> Self {
        self.objective.draws = draws;
        self
    }

    /// The same training with the growth of each start cell known.
    #[must_use]
    pub fn with_growth(mut self, rates: Vec<f32>) -> Self {
        self.objective.growth = Weights::Known(rates);
        self
    }

    /// Goes on where `progress` was saved. On the same device the next updates are those that would have followed.
    ///
    /// # Errors
    /// The state does not fit the data.
    pub fn resumed(
        data: Populations,
        growth: Option<Growing>,
        progress: &Progress<PrescientWeights>,
        device: &Device,
    ) -> Result<Self> {
        let settings = PrescientSettings::from(&progress.state.recipe);
        Self::new(data, growth, settings, Some(&progress.weights), device)?.standing_at(progress)
    }
}

impl Objective<Prescient> for PrescientObjective {
    type Pass = Pass;

    fn prepared(&mut self) -> bool {
        let Weights::Growing(growing) = &mut self.growth else { return true };
        if let Some(growth) = growing.advance() {
            self.growth = Weights::Known(growth.at_start);
        }
        false
    }

    fn begin(&self, model: &Prescient, update: u32) -> Pass {
        let stepper = Stepper::new(model.motion(&self.device));
        Pass { update, stepper, transport: Vec::new(), stage: PrescientStage::Forward(self.rollout(1, update)) }
    }

    async fn advance(&self, pass: &mut Pass, update: u32) -> Result<Piece> {
        pass.stage = match std::mem::replace(&mut pass.stage, PrescientStage::Over(Tensor::zeros([1], &self.device))) {
            PrescientStage::Forward(mut rollout) => {
                self.forward(pass, &mut rollout);
                let last = self.steps_to(rollout.at);
                if rollout.states.len() > last {
                    let Some(adjoint) = self.compare(pass, &rollout).await? else { return Ok(Piece::Diverged) };
                    PrescientStage::Backward(rollout, last, adjoint)
                } else {
                    PrescientStage::Forward(rollout)
                }
            }
            PrescientStage::Backward(rollout, from, adjoint) => {
                let to = from.saturating_sub(STEPS_AT_ONCE);
                let adjoint = self.backward(pass, &rollout, from, to, adjoint);
                match to {
                    0 if rollout.at + 1 < self.data.labels.len() => {
                        PrescientStage::Forward(self.rollout(rollout.at + 1, update))
                    }
                    0 if self.settings.tau > 0.0 => {
                        PrescientStage::Diffuse(self.contrast().begin(&self.draws, update, &self.device))
                    }
                    0 => PrescientStage::Over(Tensor::zeros([1], &self.device)),
                    _ => PrescientStage::Backward(rollout, to, adjoint),
                }
            }
            PrescientStage::Diffuse(mut diffusing) => {
                let contrast = self.contrast();
                match contrast.advance(&mut diffusing, &pass.stepper, &self.draws, update, STEPS_AT_ONCE) {
                    Some(points) => PrescientStage::Over(contrast.take(&points, &mut pass.stepper)),
                    None => PrescientStage::Diffuse(diffusing),
                }
            }
            PrescientStage::Over(contrast) => {
                return Ok(Piece::Whole(pass.stepper.gradients(), [pass.transport.clone(), vec![contrast]].concat()));
            }
        };
        Ok(Piece::More)
    }

    fn outcome(&self, values: &[f32], _: u32) -> Outcome {
        let (transport, contrast) = values.split_at(values.len() - 1);
        let sum: f32 = transport.iter().sum();
        let terms = vec![Term::at_times("transport", transport.to_vec()), Term::whole("contrast", contrast[0])];
        Outcome { loss: Loss { terms, total: sum + contrast[0], validation: None }, judged: sum }
    }

    fn keeps_best(&self) -> bool {
        self.settings.keep_best
    }
}

impl PrescientObjective {
    fn contrast(&self) -> Contrast<'_> {
        let PrescientSettings { tau, contrast_cells, contrast_steps, .. } = self.settings;
        Contrast { data: &self.data, tau, cells: contrast_cells, steps: contrast_steps }
    }

    /// Steps from the start to a training time.
    fn steps_to(&self, at: usize) -> usize {
        let span = self.data.labels[at] - self.data.labels[0];
        (span / self.dt).round().max(1.0) as usize
    }

    fn rollout(&self, at: usize, update: u32) -> Rollout {
        let count = self.data.part(0, self.settings.share);
        let rows = self.draws.cells(update, Purpose::Start(at), self.data.count(0), count);
        let start = upload(self.data.rows(0, &rows), [count, self.data.dimensions], &self.device);
        Rollout { at, rows, states: vec![start] }
    }

    fn forward(&self, pass: &Pass, rollout: &mut Rollout) {
        let from = rollout.states.len() - 1;
        for step in from..(from + STEPS_AT_ONCE).min(self.steps_to(rollout.at)) {
            let state = rollout.states[step].clone();
            let shape = state.dims();
            let noise = self.draws.noise(pass.update, Purpose::Start(rollout.at), step, shape[0] * shape[1]);
            let (time, dt) = (self.data.labels[0] + step as f64 * self.dt, self.dt);
            let noise = upload(noise, shape, &self.device);
            rollout.states.push(pass.stepper.step(time, dt, state, Some(noise)));
        }
    }

    /// Weights of the start cells of a rollout, which sum to 1; none if they are all the same.
    fn weights(&self, rollout: &Rollout) -> Option<Vec<f32>> {
        let Weights::Known(rates) = &self.growth else { return None };
        let span = (self.data.labels[rollout.at] - self.data.labels[0]) as f32;
        Some(weights_of(&rollout.rows.iter().map(|&row| rates[row]).collect::<Vec<_>>(), span))
    }

    /// Gradient of the divergence at the end of a rollout; none if a coordinate is not finite.
    async fn compare(&self, pass: &mut Pass, rollout: &Rollout) -> Result<Option<Tensor<2>>> {
        let PrescientSettings { share, blur, scaling, .. } = self.settings;
        let (at, count) = (rollout.at, self.data.part(rollout.at, share));
        let rows = self.draws.cells(pass.update, Purpose::Target(at), self.data.count(at), count);
        let end = rollout.states[self.steps_to(at)].clone();
        let weights = self.weights(rollout);
        let found = Comparison { blur, scaling }.divergence(end, weights.as_deref(), self.data.rows(at, &rows)).await?;
        let Some(found) = found else { return Ok(None) };
        pass.transport.push(found.value);
        Ok(Some(found.gradient))
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
            let (time, dt) = (self.data.labels[0] + step as f64 * self.dt, self.dt);
            adjoint = pass.stepper.adjoint(time, dt, rollout.states[step].clone(), adjoint);
        }
        adjoint
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

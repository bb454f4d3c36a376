//! The training loop, one bounded piece at a time.
//!
//! An update rolls a drawn population out to the last training time, compares it with the observed cells at every training time, and takes the
//! gradient by the discrete adjoint: the states of the rollout are kept, and each step is taken back on its own ([`PopulationStepper`]). Memory is bounded
//! then however long the rollout, and a piece of work is short however long the update.

use super::stepper::PopulationStepper;
use super::{Network, ScImf, initial_weights};
use crate::data::weights::Weights;
use crate::error::{Error, Result};
use crate::protocol::{Loss, ScImfConfig, Term, TrainSettings, Update};
use crate::sde::TimeGrid;
use crate::tensor::{read, upload};
use crate::train::{Adam, Draws, TrainingData, as_network, diverged, rate_left};
use crate::transport::{Bounds, Schedule};
use burn::tensor::{Device, Tensor};
use std::collections::BTreeMap;
use web_time::Instant;

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
    pub(super) data: TrainingData,
    pub(super) device: Device,
    pub(super) draws: Draws,
    pub(super) model: ScImf,
    pub(super) optimizer: Adam,
    pub(super) update: u32,
    pub(super) best: Option<Best>,
    pub(super) seconds: f64,
    pub(super) setbacks: u32,
    pass: Option<Pass>,
    /// That of the last update, for its memory.
    stepper: Option<PopulationStepper>,
}

/// An update in progress.
struct Pass {
    started: Instant,
    grid: TimeGrid,
    stepper: PopulationStepper,
    /// The state `[n, d + 1]` before each step, and after the last.
    states: Vec<Tensor<2>>,
    transport: Vec<Tensor<1>>,
    /// Gradient of the loss with respect to the state at each training time.
    cotangents: Vec<Tensor<2>>,
    schedules: Vec<Schedule>,
    stage: Stage,
}

#[expect(clippy::large_enum_variant, reason = "there is one of them")]
enum Stage {
    /// Roll out, up to the last training time.
    Forward,
    /// Compare at this training time.
    Transport(usize),
    /// Go back from this step with this adjoint state `[n, d + 1]`.
    Backward(usize, Tensor<2>),
}

impl Trainer {
    /// A training of `data` under `settings`, from `weights` or, without, from fresh ones of shape `config`.
    ///
    /// # Errors
    /// A setting is out of range, or `weights` does not fit the data.
    pub fn new(
        data: TrainingData,
        settings: TrainSettings,
        config: ScImfConfig,
        weights: Option<&Weights>,
        device: &Device,
    ) -> Result<Self> {
        check(&settings)?;
        let config = ScImfConfig { dimensions: data.dimensions, dt: settings.dt, ..config };
        let mut model = match weights {
            Some(weights) if weights.config.dimensions != data.dimensions => {
                let what = format!(
                    "The weights work in {} dimensions, the data has {}",
                    weights.config.dimensions, data.dimensions
                );
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
            data,
            device: device.clone(),
            model,
            optimizer: Adam::default(),
            update: 0,
            best: None,
            seconds: 0.0,
            setbacks: 0,
            pass: None,
            stepper: None,
        })
    }

    /// The same training with other draws than the seed's.
    #[must_use]
    pub fn with_draws(mut self, draws: Draws) -> Self {
        self.draws = draws;
        self
    }

    /// The settings in use.
    pub fn settings(&self) -> &TrainSettings {
        &self.settings
    }

    /// Time points that the loss compares with.
    pub fn training_times(&self) -> &[usize] {
        &self.data.times
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
        let network = as_network(pass.stepper.gradients(), self.model.network.clone());
        let named = ScImf { config: self.model.config, network }.to_weights(0, &[]).await?;
        let trained = named.tensors.into_iter().filter(|(name, _)| name != "diffusion.sigma");
        Ok(trained.map(|(name, tensor)| (name, tensor.values)).collect())
    }

    /// Does one bounded piece of work and returns the pass once its gradients are complete.
    async fn proceed(&mut self) -> Result<Option<Pass>> {
        let mut pass = match self.pass.take() {
            Some(pass) => pass,
            None => self.begin().await?,
        };
        let per_unit = TimeGrid::steps_per_unit(self.settings.dt);
        match std::mem::replace(&mut pass.stage, Stage::Forward) {
            Stage::Forward => {
                self.forward(&mut pass, per_unit).await?;
                if pass.states.len() > pass.grid.steps {
                    pass.schedules = self.schedules(&pass).await?;
                    pass.stage = Stage::Transport(0);
                }
            }
            Stage::Transport(index) => {
                self.compare(&mut pass, index).await?;
                pass.stage = if index + 1 < self.data.times.len() {
                    Stage::Transport(index + 1)
                } else {
                    Stage::Backward(pass.grid.steps, self.final_adjoint(&pass))
                };
            }
            Stage::Backward(from, adjoint) => {
                let to = from.saturating_sub(per_unit);
                let adjoint = self.backward(&mut pass, from, to, adjoint).await?;
                if to == 0 {
                    return Ok(Some(pass));
                }
                pass.stage = Stage::Backward(to, adjoint);
            }
        }
        self.pass = Some(pass);
        Ok(None)
    }

    /// Index of a state at a time point.
    fn state_at(&self, time: usize) -> usize {
        time * TimeGrid::steps_per_unit(self.settings.dt)
    }

    fn last_time(&self) -> usize {
        self.data.times.last().copied().unwrap_or(0)
    }

    async fn begin(&mut self) -> Result<Pass> {
        let TrainSettings { cells, dt, .. } = self.settings;
        let dimensions = self.data.dimensions;
        let start = self.draws.cells(self.update, self.data.start.len() / dimensions, cells).into_iter();
        let start = start.flat_map(|cell| {
            let row = &self.data.start[cell * dimensions..(cell + 1) * dimensions];
            row.iter().copied().chain([0.0])
        });
        let dropout = self.draws.dropout(self.update);
        Ok(Pass {
            started: Instant::now(),
            grid: TimeGrid::over(0, self.last_time(), dt),
            stepper: PopulationStepper::learning(self.stepper.take(), &self.model, cells, dropout, &self.device)
                .await?,
            states: vec![upload(start.collect(), [cells, dimensions + 1], &self.device)],
            transport: Vec::new(),
            cotangents: Vec::new(),
            schedules: Vec::new(),
            stage: Stage::Forward,
        })
    }

    async fn forward(&self, pass: &mut Pass, steps: usize) -> Result<()> {
        let [cells, columns] = [self.settings.cells, self.data.dimensions + 1];
        for _ in 0..steps {
            let step = pass.states.len() - 1;
            let noise = self.draws.noise(self.update, step, cells * columns);
            let state = pass.states[step].clone();
            pass.states.push(pass.stepper.step(pass.grid.time(step), pass.grid.dt, state, Some(noise)).await?);
        }
        Ok(())
    }

    fn positions(&self, pass: &Pass, time: usize) -> Tensor<2> {
        pass.states[self.state_at(time)].clone().narrow(1, 0, self.data.dimensions)
    }

    /// The epsilon schedules depend on the extent of the simulated cells: the one thing read from the device before an update ends.
    async fn schedules(&self, pass: &Pass) -> Result<Vec<Schedule>> {
        let extents = self.data.times.iter().flat_map(|&time| {
            let cells = self.positions(pass, time);
            [cells.clone().min_dim(0), cells.max_dim(0)]
        });
        let extents = read(Tensor::cat(extents.collect(), 0)).await?;
        let dimensions = self.data.dimensions;
        let simulated = extents.chunks_exact(2 * dimensions).map(|pair| Bounds::of(pair, dimensions));
        let diameters = simulated.zip(&self.data.clouds).map(|(bounds, cloud)| bounds.joint_diagonal(cloud.bounds()));
        let diameters: Vec<f64> = diameters.collect();
        if diameters.iter().any(|diameter| !diameter.is_finite()) {
            return Err(self.diverged());
        }
        let TrainSettings { blur, scaling, .. } = self.settings;
        Ok(diameters.into_iter().map(|diameter| Schedule::new(diameter, blur, scaling)).collect())
    }

    async fn compare(&mut self, pass: &mut Pass, index: usize) -> Result<()> {
        let simulated = self.positions(pass, self.data.times[index]);
        let found = self.data.clouds[index].divergence(simulated, None, &pass.schedules[index]).await?;
        pass.transport.push(found.value);
        let share = 1.0 / self.data.times.len() as f64;
        let on_action = Tensor::zeros([self.settings.cells, 1], &self.device);
        pass.cotangents.push(Tensor::cat(vec![found.gradient.mul_scalar(share), on_action], 1));
        Ok(())
    }

    fn final_adjoint(&self, pass: &Pass) -> Tensor<2> {
        let TrainSettings { cells, action_weight, .. } = self.settings;
        let on_action = f64::from(action_weight) / (cells as f64 * self.last_time() as f64);
        let on_positions = Tensor::<2>::zeros([cells, self.data.dimensions], &self.device);
        let adjoint = Tensor::cat(vec![on_positions, Tensor::full([cells, 1], on_action, &self.device)], 1);
        match pass.cotangents.last() {
            Some(cotangent) => adjoint + cotangent.clone(),
            None => adjoint,
        }
    }

    /// Takes the adjoint from before step `from` to before step `to`, collecting the weights' gradients.
    async fn backward(&self, pass: &mut Pass, from: usize, to: usize, mut adjoint: Tensor<2>) -> Result<Tensor<2>> {
        for step in (to..from).rev() {
            let state = pass.states[step].clone();
            adjoint = pass.stepper.adjoint(pass.grid.time(step), pass.grid.dt, state, adjoint).await?;
            if let Some(index) = self.data.times.iter().position(|&time| self.state_at(time) == step) {
                adjoint = adjoint + pass.cotangents[index].clone();
            }
        }
        Ok(adjoint)
    }

    async fn finish(&mut self, mut pass: Pass) -> Result<Update> {
        let (gradients, norm) = pass.stepper.clipped_gradients(self.settings.clip);
        self.stepper = Some(pass.stepper);
        let action = pass.states[pass.grid.steps].clone().narrow(1, self.data.dimensions, 1).mean();
        let action = action.mul_scalar(1.0 / self.last_time() as f64);
        let report = read(Tensor::cat([pass.transport, vec![action, norm]].concat(), 0)).await?;
        let (transport, rest) = report.split_at(self.data.times.len());
        let [action, gradient_norm] = [rest[0], rest[1]];
        if report.iter().any(|value| !value.is_finite()) {
            return Err(self.diverged());
        }

        let measured = self.model.network.clone();
        let (every, factor) = LEARNING_RATE_DROP;
        let learning_rate =
            self.settings.learning_rate * factor.powi((self.update / every) as i32) * rate_left(self.setbacks);
        self.model.network = self.optimizer.step(measured.clone(), gradients, learning_rate);
        self.update += 1;

        let mean = transport.iter().sum::<f32>() / transport.len() as f32;
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
                terms: vec![Term::at_times("transport", transport.to_vec()), Term::whole("action", action)],
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

    fn diverged(&self) -> Error {
        diverged(&format!("update {}", self.update + 1), self.setbacks)
    }

    /// Forgets the update in progress.
    pub(super) fn abandon_update(&mut self) {
        self.pass = None;
    }
}

fn check(settings: &TrainSettings) -> Result<()> {
    let problem = |setting: &str, what: &str| Err(Error::request(what).at(setting));
    match settings {
        TrainSettings { cells: 0, .. } => problem("simulated cells", "At least one cell must be simulated"),
        TrainSettings { updates: 0, .. } => problem("updates", "At least one update is needed"),
        s if !(s.dt > 0.0 && s.dt <= 1.0) => problem("dt", "The step must be above 0 and at most 1"),
        s if !(s.learning_rate > 0.0 && s.learning_rate.is_finite()) => {
            problem("learning rate", "The learning rate must be above 0")
        }
        s if !(s.blur > 0.0 && s.blur.is_finite()) => problem("blur", "The blur must be above 0"),
        s if !(s.scaling > 0.0 && s.scaling < 1.0) => problem("scaling", "The scaling must be between 0 and 1"),
        s if s.clip.is_nan() || s.clip <= 0.0 => problem("clip", "The gradient norm limit must be above 0"),
        s if !(s.action_weight >= 0.0 && s.action_weight.is_finite()) => {
            problem("action weight", "The weight of the action must not be negative")
        }
        _ => Ok(()),
    }
}

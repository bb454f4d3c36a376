//! The training loop of Cell-MNN, one step at a time.

use super::batch::Batch;
use super::objective::{Objective, objective};
use super::snapshots::{Peek, Snapshots};
use super::{CellMnn, OperatorNetwork, Operators, initial_operator_weights};
use crate::data::weights::OperatorWeights;
use crate::error::{Error, Kind, Result};
use crate::models::operators::{LocallyLinear, frozen, largest_norm, steps_for};
use crate::protocol::{CellMnnConfig, CellMnnSettings, Loss, Rollback, StopRule, Term, Update};
use crate::tensor::{read, upload};
use crate::train::{Adam, MOST, RollsBack, clip_global_norm, diverged, rate_left};
use crate::transport::exact::{Cost, Exact, Weighted};
use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor};
use web_time::Instant;

/// Steps after which the norm of the operators is read again. It moves slowly; in between it may exceed what was read by [`SLACK`].
const NORM_EVERY: u64 = 10;
const SLACK: f32 = 1.25;

/// A training of Cell-MNN in progress: on one dataset or, jointly, on several, which then take turns.
pub struct OperatorTrainer {
    pub(super) settings: CellMnnSettings,
    data: Vec<Snapshots>,
    /// Validation cells of each dataset, if the stop rule looks at them.
    validation: Vec<Batch>,
    pub(super) device: Device,
    config: CellMnnConfig,
    pub(super) network: OperatorNetwork,
    /// As it was at the start.
    start: OperatorNetwork,
    pub(super) optimizer: Adam,
    /// Steps taken.
    pub(super) step: u64,
    pub(super) epoch: u32,
    /// Largest norm read so far, for each dataset, since the last reading.
    pub(super) norms: Vec<f32>,
    /// What each step of the epoch reports, for the first dataset.
    pub(super) reports: Vec<Tensor<1>>,
    pub(super) best: Option<Kept>,
    /// Seconds spent in this epoch so far, and in those before.
    pub(super) spent: f64,
    pub(super) seconds: f64,
    stopped_early: bool,
    /// Times that it was rolled back.
    pub(super) rollbacks: u32,
}

/// The weights that the stop rule would keep.
pub(super) struct Kept {
    pub epoch: u32,
    pub value: f32,
    pub network: OperatorNetwork,
}

impl OperatorTrainer {
    /// A training on `data` from `weights` or, without, from fresh ones.
    ///
    /// # Errors
    /// A setting is out of range, there are no validation cells where the stop rule needs them, no held-out time point where it looks at
    /// them, the datasets differ in dimensions, or `weights` does not fit.
    pub fn new(
        data: Vec<Snapshots>,
        settings: CellMnnSettings,
        weights: Option<&OperatorWeights>,
        device: &Device,
    ) -> Result<Self> {
        check(&settings, &data)?;
        let first = &data[0];
        let config = CellMnnConfig { dimensions: first.dimensions(), ..settings.config };
        let model = match weights {
            Some(weights) if weights.config.dimensions != config.dimensions => {
                let what = format!(
                    "The weights work in {} components, the training in {}",
                    weights.config.dimensions, config.dimensions
                );
                return Err(Error::request(what).remedy("Start from fresh weights."));
            }
            Some(weights) => CellMnn::from_weights(weights, device)?,
            None => {
                let fresh = initial_operator_weights(config, first.standard.clone(), settings.seed);
                CellMnn::from_weights(&fresh, device)?
            }
        };
        let validation = match settings.stop {
            StopRule::Validation => data.iter().map(|data| Batch::validation(data, &settings, device)).collect(),
            StopRule::HeldOut | StopRule::Never => Vec::new(),
        };
        Ok(Self {
            validation,
            norms: vec![0.0; data.len()],
            config: model.config,
            start: model.network.clone(),
            network: model.network,
            optimizer: Adam::with_decay(settings.weight_decay),
            settings,
            data,
            device: device.clone(),
            step: 0,
            epoch: 0,
            reports: Vec::new(),
            best: None,
            spent: 0.0,
            seconds: 0.0,
            stopped_early: false,
            rollbacks: 0,
        })
    }

    /// The settings in use.
    pub fn settings(&self) -> &CellMnnSettings {
        &self.settings
    }

    /// Time points that the loss compares with, of the first dataset.
    pub fn training_times(&self) -> Vec<usize> {
        self.data[0].times()
    }

    /// Epochs done.
    pub fn epochs(&self) -> u32 {
        self.epoch
    }

    /// Steps of an epoch: as many as it takes to see as many start cells as there are training cells.
    pub fn steps_per_epoch(&self) -> u64 {
        let cells: usize = self.data.iter().map(Snapshots::training_cells).sum();
        (cells / self.settings.batch).max(self.data.len()) as u64
    }

    /// The weights after the last step, in the components of the first dataset.
    pub fn model(&self) -> CellMnn {
        self.of(self.network.clone())
    }

    /// The weights that the stop rule keeps, and the epoch and value that chose them; as they started before the first epoch is done.
    pub fn best(&self) -> (CellMnn, u32, f32) {
        match &self.best {
            Some(best) => (self.of(best.network.clone()), best.epoch, best.value),
            None => (self.model(), 0, f32::NAN),
        }
    }

    /// Steps taken.
    pub fn steps(&self) -> u64 {
        self.step
    }

    pub(super) fn of(&self, network: OperatorNetwork) -> CellMnn {
        CellMnn { config: self.config, standard: self.data[0].standard.clone(), network }
    }

    /// All epochs are done, or the stop rule has ended the training.
    pub fn is_finished(&self) -> bool {
        self.epoch >= self.settings.epochs || self.stopped_early
    }

    /// Takes a step and returns the epoch that it completed, if it did.
    ///
    /// # Errors
    /// The loss is not finite any more (kind [`Kind::Diverged`]; the best weights are still there), or the device failed.
    pub async fn advance(&mut self) -> Result<Option<Update>> {
        let started = Instant::now();
        self.take_step().await?;
        let ended = self.step.is_multiple_of(self.steps_per_epoch());
        let found = if ended { Some(self.judged().await?) } else { None };
        // Summed step by step: a pause is not part of an epoch.
        self.spent += started.elapsed().as_secs_f64();
        Ok(found.map(|judged| self.end_epoch(judged)))
    }

    async fn take_step(&mut self) -> Result<()> {
        let turn = (self.step % self.data.len() as u64) as usize;
        let batch = Batch::drawn(&self.data[turn], &self.settings, self.step, &self.device);
        let network = self.network.clone().train();
        let operators = self.operators(&network, &batch);
        if (self.step / self.data.len() as u64).is_multiple_of(NORM_EVERY) || self.norms[turn] == 0.0 {
            self.norms[turn] = norm(&operators).await?;
        }
        let steps = steps_for(SLACK * self.norms[turn], batch.longest()).map_err(|_| self.diverged())?;
        let found = self.objective(operators, turn, &batch, steps);
        let mut gradients = found.total.backward();
        let gradients = GradientsParams::from_module(&mut gradients, &network);
        let (gradients, norm) = clip_global_norm(gradients, &self.network, f32::INFINITY, &self.device);
        if turn == 0 {
            self.reports.push(Tensor::cat(vec![found.next, found.speed, found.total.inner(), norm], 0));
        }
        self.network = self.optimizer.step(self.network.clone(), gradients, self.learning_rate());
        self.step += 1;
        Ok(())
    }

    fn learning_rate(&self) -> f64 {
        self.settings.learning_rate * rate_left(self.rollbacks)
    }

    /// Begins the epoch anew from the weights that the stop rule keeps, with a fresh optimiser; tells the epoch of those weights.
    pub(super) fn return_to_best(&mut self) -> u32 {
        let (network, epoch) = self.best.as_ref().map_or((&self.start, 0), |best| (&best.network, best.epoch));
        self.network = network.clone();
        self.optimizer = Adam::with_decay(self.settings.weight_decay);
        self.step = u64::from(self.epoch) * self.steps_per_epoch();
        self.reports.clear();
        self.norms.fill(0.0);
        epoch
    }

    fn operators(&self, network: &OperatorNetwork, batch: &Batch) -> Operators {
        network.forward(&self.config, batch.cells.clone(), batch.times.clone())
    }

    fn objective(&self, operators: Operators, turn: usize, batch: &Batch, steps: usize) -> Objective {
        let CellMnnSettings { gamma, speed_weight, .. } = self.settings;
        objective(operators, batch, gamma, speed_weight, self.data[turn].width, steps)
    }

    /// The epoch's losses and gradient norm, and what the stop rule looks at.
    async fn judged(&mut self) -> Result<(Loss, f32)> {
        let count = self.reports.len() as f32;
        let reports = Tensor::stack::<2>(std::mem::take(&mut self.reports), 0).sum_dim(0).reshape([-1]);
        let mut report: Vec<f32> = read::<1>(reports).await?.into_iter().map(|sum| sum / count).collect();
        if report.iter().any(|value| !value.is_finite()) {
            return Err(self.diverged());
        }
        let gradient_norm = report.pop().unwrap_or(f32::NAN);
        let total = report.pop().unwrap_or(f32::NAN);
        let speed = report.pop().unwrap_or(f32::NAN);
        let validation = self.validation().await?;
        let terms = vec![Term::at_times("mmd", report), Term::whole("speed", speed)];
        Ok((Loss { terms, total, validation }, gradient_norm))
    }

    fn end_epoch(&mut self, (loss, gradient_norm): (Loss, f32)) -> Update {
        self.epoch += 1;
        let value = loss.validation.unwrap_or(loss.total);
        let best = self.settings.stop == StopRule::Never || self.best.as_ref().is_none_or(|best| value < best.value);
        if best {
            self.best = Some(Kept { epoch: self.epoch, value, network: self.network.clone() });
        }
        let waited = self.best.as_ref().map_or(0, |best| self.epoch - best.epoch);
        self.stopped_early = waited >= self.settings.patience;
        let seconds = std::mem::take(&mut self.spent);
        self.seconds += seconds;
        Update {
            update: self.epoch,
            of: self.settings.epochs,
            loss,
            gradient_norm,
            learning_rate: self.learning_rate(),
            best,
            seconds,
            seconds_left: f64::from(self.settings.epochs - self.epoch) * self.seconds / f64::from(self.epoch),
        }
    }

    /// What the stop rule looks at.
    async fn validation(&self) -> Result<Option<f32>> {
        let value = match self.settings.stop {
            // With `Never` nothing else reads the weights: check here that they are finite.
            StopRule::Never => return if self.is_finite().await? { Ok(None) } else { Err(self.diverged()) },
            StopRule::Validation => {
                let mut sum = 0.0;
                for (turn, batch) in self.validation.iter().enumerate() {
                    let operators = self.operators(&self.network, batch);
                    let steps = steps_for(norm(&operators).await?, batch.longest()).map_err(|_| self.diverged())?;
                    sum += read(self.objective(operators, turn, batch, steps).discrepancy).await?[0];
                }
                sum / self.data.len() as f32
            }
            StopRule::HeldOut => {
                let peeks = &self.data[0].peeks;
                let mut sum = 0.0;
                for peek in peeks {
                    sum += self.distance(peek).await?;
                }
                sum / peeks.len() as f32
            }
        };
        if value.is_finite() { Ok(Some(value)) } else { Err(self.diverged()) }
    }

    /// W1 at a held-out time point, in standardised components.
    async fn distance(&self, Peek { from, cells, to, observed }: &Peek) -> Result<f32> {
        let d = self.config.dimensions;
        let model = self.model();
        let count = cells.len() / d;
        let z = upload(cells.clone(), [count, d], &self.device);
        let operators = model.operators(z.clone(), upload(vec![*from as f32; count], [count, 1], &self.device));
        let end = frozen(&operators, z, to - from).await.map_err(|error| match error.kind {
            Kind::Diverged => self.diverged(),
            _ => error,
        })?;
        let end = read(end).await?;
        if end.iter().any(|value| !value.is_finite()) {
            return Err(self.diverged());
        }
        let (end, observed) = (Weighted::uniform(end, d), Weighted::uniform(observed.clone(), d));
        let mut exact = Exact::new(end, observed, d, Cost::Euclidean)?;
        exact.solve();
        Ok(exact.value() as f32)
    }

    fn diverged(&self) -> Error {
        diverged(&format!("epoch {}", self.epoch + 1), self.rollbacks)
    }

    async fn is_finite(&self) -> Result<bool> {
        let mut sum = Sum(Tensor::zeros([1], &self.device));
        self.network.visit(&mut sum);
        Ok(read(sum.0).await?[0].is_finite())
    }
}

/// The sum of all absolute weights.
struct Sum(Tensor<1>);

impl ModuleVisitor for Sum {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.0 = self.0.clone() + param.val().abs().sum();
    }
}

/// Bound of the largest norm of some operators.
async fn norm(operators: &Operators) -> Result<f32> {
    Ok(read(largest_norm(&operators.matrices.clone().inner())).await?[0])
}

fn check(settings: &CellMnnSettings, data: &[Snapshots]) -> Result<()> {
    let problem = |setting: &str, what: &str| Err(Error::request(what).at(setting));
    let positive = |value: f64| value > 0.0 && value.is_finite();
    let not_negative = |value: f64| value >= 0.0 && value.is_finite();
    match settings {
        _ if data.is_empty() => problem("datasets", "At least one dataset is needed"),
        _ if data.iter().any(|other| other.dimensions() != data[0].dimensions()) => {
            problem("components", "Datasets that are trained on jointly need as many components as are asked for")
        }
        s if s.config.dimensions < 2 => problem("components", "At least two components are needed"),
        s if s.config.hidden == 0 => problem("hidden", "At least one hidden unit is needed"),
        s if !positive(s.config.bound.into()) => problem("bound", "The bound must be above 0"),
        CellMnnSettings { epochs: 0, .. } => problem("epochs", "At least one epoch is needed"),
        CellMnnSettings { batch: 0, .. } => problem("batch", "A step needs at least one cell"),
        CellMnnSettings { patience: 0, .. } => problem("patience", "At least one epoch must be waited for"),
        s if !positive(s.learning_rate) => problem("learning rate", "The learning rate must be above 0"),
        s if !not_negative(s.weight_decay) => problem("weight decay", "The weight decay must not be negative"),
        s if !(0.0..=1.0).contains(&s.gamma) => problem("gamma", "The discount must be from 0 to 1"),
        s if !not_negative(s.speed_weight.into()) => problem("speed weight", "The weight must not be negative"),
        s if s.stop == StopRule::Validation && !data.iter().all(Snapshots::has_validation) => {
            problem("validation", "Too few cells at a time point to keep some for validation; choose another stop rule")
        }
        s if s.stop == StopRule::HeldOut && data[0].peeks.is_empty() => {
            problem("stop rule", "No time point is held out that the stop rule could look at")
        }
        _ => Ok(()),
    }
}

impl RollsBack for OperatorTrainer {
    fn roll_back(&mut self) -> Option<Rollback> {
        if self.rollbacks >= MOST {
            return None;
        }
        self.rollbacks += 1;
        let back_to = self.return_to_best();
        Some(Rollback {
            update: self.epochs() + 1,
            back_to,
            learning_rate: self.settings().learning_rate * rate_left(self.rollbacks),
        })
    }
}

//! An update in pieces: there with the cells of each sample in turn, a comparison at each training time, and back.

use super::stepper::PopulationStepper;
use super::trainer::Trainer;
use super::turn::Turn;
use crate::error::Result;
use crate::protocol::{Computed, TrainSettings};
use crate::sde::TimeGrid;
use crate::tensor::{read, upload};
use crate::train::{Draws, TrainingData, unexpected};
use crate::transport::{Bounds, Sampled, Schedule};
use burn::tensor::Tensor;
use scimf_host::for_blocks;
use web_time::Instant;

/// Steps whose noise is drawn at the same time.
const DRAWN_AT_ONCE: usize = 16;

/// An update in progress: one sample after the other.
pub(super) struct Pass {
    pub(super) started: Instant,
    /// The samples of this update, and which of them it is at.
    pub(super) turn: Turn,
    pub(super) at: usize,
    pub(super) grid: TimeGrid,
    pub(super) stepper: PopulationStepper,
    /// The state `[n, d + 1]` before each step, and after the last.
    pub(super) states: Vec<Tensor<2>>,
    /// Divergences of all samples so far, and the mean action per time of each.
    pub(super) transport: Vec<Tensor<1>>,
    pub(super) actions: Vec<Tensor<1>>,
    /// Variance of the mean divergence, `[1]`, if some observed cells stand for all.
    pub(super) variance: Option<Tensor<1>>,
    /// Gradient of the loss with respect to the state at each training time.
    pub(super) cotangents: Vec<Tensor<2>>,
    pub(super) schedules: Vec<Schedule>,
    pub(super) stage: PassStage,
}

#[expect(clippy::large_enum_variant, reason = "there is one of them")]
pub(super) enum PassStage {
    /// Roll out, up to the last training time.
    Forward,
    /// Compare at this training time.
    Transport(usize),
    /// Go back from this step with this adjoint state `[n, d + 1]`.
    Backward(usize, Tensor<2>),
}

impl Trainer {
    /// Does one bounded piece of work and returns the pass once its gradients are complete.
    pub(super) async fn proceed(&mut self) -> Result<Option<Pass>> {
        let mut pass = match self.pass.take() {
            Some(pass) => pass,
            None => self.begin().await?,
        };
        let per_unit = TimeGrid::steps_per_unit(self.settings.dt);
        match std::mem::replace(&mut pass.stage, PassStage::Forward) {
            PassStage::Forward => {
                self.forward(&mut pass, per_unit).await?;
                if pass.states.len() > pass.grid.steps {
                    pass.schedules = self.schedules(&pass).await?;
                    pass.stage = PassStage::Transport(0);
                }
            }
            PassStage::Transport(index) => {
                let next = self.compare(&mut pass, index).await?;
                pass.stage = if next < self.sample(&pass).times.len() {
                    PassStage::Transport(next)
                } else {
                    PassStage::Backward(pass.grid.steps, self.final_adjoint(&pass))
                };
            }
            PassStage::Backward(from, adjoint) => {
                let to = from.saturating_sub(per_unit);
                let adjoint = self.backward(&mut pass, from, to, adjoint).await?;
                if to > 0 {
                    pass.stage = PassStage::Backward(to, adjoint);
                } else if self.leave(&mut pass) {
                    return Ok(Some(pass));
                }
            }
        }
        self.pass = Some(pass);
        Ok(None)
    }

    fn dimensions(&self) -> usize {
        self.model.config.dimensions
    }

    /// The sample that a pass is at.
    fn sample(&self, pass: &Pass) -> &TrainingData {
        &self.data[pass.turn.samples[pass.at]]
    }

    /// Index of a state at a time point.
    fn state_at(&self, pass: &Pass, time: usize) -> usize {
        (time - self.sample(pass).first) * TimeGrid::steps_per_unit(self.settings.dt)
    }

    /// Time from the first to the last time point of a sample.
    fn span(&self, pass: &Pass) -> f64 {
        self.sample(pass).intervals() as f64
    }

    async fn begin(&mut self) -> Result<Pass> {
        let turn = Turn::of(self.update, self.data.len(), self.settings.cells);
        let dropout = self.draws.dropout(self.update);
        let before = self.stepper.take();
        let stepper = match &self.helpers {
            Some(helpers) => {
                let intervals = turn.samples.iter().map(|sample| self.data[*sample].intervals()).max().unwrap_or(0);
                let steps = intervals * TimeGrid::steps_per_unit(self.settings.dt);
                let size = [turn.cells, steps];
                PopulationStepper::shared(before, helpers, &self.model, size, dropout, &self.device).await?
            }
            None => PopulationStepper::learning(before, &self.model, turn.cells, dropout, &self.device).await?,
        };
        let mut pass = Pass {
            started: Instant::now(),
            at: 0,
            grid: TimeGrid::over(0, 0, self.settings.dt),
            stepper,
            turn,
            states: Vec::new(),
            transport: Vec::new(),
            actions: Vec::new(),
            variance: None,
            cotangents: Vec::new(),
            schedules: Vec::new(),
            stage: PassStage::Forward,
        };
        self.enter(&mut pass, 0);
        Ok(pass)
    }

    /// Draws the cells of a sample of the turn.
    fn enter(&self, pass: &mut Pass, at: usize) {
        pass.at = at;
        let (cells, dimensions) = (pass.turn.cells, self.dimensions());
        let TrainingData { first, start, times, .. } = self.sample(pass);
        let drawn = self.draws(pass).cells(self.update, start.len() / dimensions, cells).into_iter();
        let drawn = drawn.flat_map(|cell| {
            let row = &start[cell * dimensions..(cell + 1) * dimensions];
            row.iter().copied().chain([0.0])
        });
        pass.grid = TimeGrid::over(*first, times.last().copied().unwrap_or(*first), self.settings.dt);
        pass.states = vec![upload(drawn.collect(), [cells, dimensions + 1], &self.device)];
        pass.cotangents.clear();
        pass.stage = PassStage::Forward;
    }

    /// Keeps the action of the sample that a pass is at, and goes on to the next; true if it was the last of the turn.
    fn leave(&self, pass: &mut Pass) -> bool {
        let action = pass.states[pass.grid.steps].clone().narrow(1, self.dimensions(), 1).mean();
        pass.actions.push(action.mul_scalar(1.0 / self.span(pass)));
        let next = pass.at + 1;
        let is_last = next == pass.turn.samples.len();
        if !is_last {
            self.enter(pass, next);
        }
        is_last
    }

    /// What is drawn for the sample that a pass is at.
    fn draws(&self, pass: &Pass) -> Draws {
        self.draws.of_sample(pass.turn.samples[pass.at])
    }

    async fn forward(&self, pass: &mut Pass, steps: usize) -> Result<()> {
        let [cells, columns] = [pass.turn.cells, self.dimensions() + 1];
        let (draws, update, mut left) = (self.draws(pass), self.update, steps);
        while left > 0 {
            let first = pass.states.len() - 1;
            let mut drawn = vec![Vec::new(); left.min(DRAWN_AT_ONCE)];
            for_blocks(&mut drawn, 1, |step, noise| noise[0] = draws.noise(update, first + step, cells * columns));
            left -= drawn.len();
            for noise in drawn {
                let step = pass.states.len() - 1;
                let state = pass.states[step].clone();
                pass.states.push(pass.stepper.step(pass.grid.time(step), pass.grid.dt, state, Some(noise)).await?);
            }
        }
        Ok(())
    }

    fn positions(&self, pass: &Pass, time: usize) -> Tensor<2> {
        pass.states[self.state_at(pass, time)].clone().narrow(1, 0, self.dimensions())
    }

    /// The epsilon schedules depend on the extent of the simulated cells: the one thing read from the device before an update ends.
    async fn schedules(&self, pass: &Pass) -> Result<Vec<Schedule>> {
        let sample = self.sample(pass);
        let extents = sample.times.iter().flat_map(|&time| {
            let cells = self.positions(pass, time);
            [cells.clone().min_dim(0), cells.max_dim(0)]
        });
        let extents = read(Tensor::cat(extents.collect(), 0)).await?;
        let dimensions = self.dimensions();
        let simulated = extents.chunks_exact(2 * dimensions).map(|pair| Bounds::of(pair, dimensions));
        let diameters = simulated.zip(&sample.clouds).map(|(bounds, cloud)| bounds.joint_diagonal(cloud.bounds()));
        let diameters: Vec<f64> = diameters.collect();
        if diameters.iter().any(|diameter| !diameter.is_finite()) {
            return Err(self.diverged());
        }
        let TrainSettings { blur, scaling, .. } = self.settings;
        Ok(diameters.into_iter().map(|diameter| Schedule::new(diameter, blur, scaling)).collect())
    }

    /// Compares at a training time, and at the ones that follow as far as there are helpers for them. Returns the first that is left.
    async fn compare(&mut self, pass: &mut Pass, index: usize) -> Result<usize> {
        let asked = self.ask_helpers(pass, index + 1).await?;
        let simulated = self.positions(pass, self.sample(pass).times[index]);
        let (draws, targets) = (self.draws(pass), self.settings.targets);
        let cloud = &mut self.data[pass.turn.samples[pass.at]].clouds[index];
        let schedule = &pass.schedules[index];
        let found = if targets > 0 && targets < cloud.count() {
            let rows = draws.targets(self.update, index, cloud.count(), targets);
            let Sampled { divergence, variance } = cloud.divergence_from_some(simulated, &rows, schedule).await?;
            let variance = variance.mul_scalar(self.weight(pass).powi(2));
            pass.variance = Some(pass.variance.take().map_or_else(|| variance.clone(), |sum| sum + variance.clone()));
            divergence
        } else {
            cloud.divergence(simulated, None, schedule).await?
        };
        self.compared(pass, found.value, found.gradient);
        for helper in 0..asked {
            let Some(helpers) = &self.helpers else { break };
            match helpers.take(helper).await? {
                Computed::Divergence { value, gradient } => {
                    let value = upload(vec![value], [1], &self.device);
                    let gradient = upload(gradient.0, [pass.turn.cells, self.dimensions()], &self.device);
                    self.compared(pass, value, gradient);
                }
                other => return Err(unexpected(&other)),
            }
        }
        Ok(index + 1 + asked)
    }

    /// Gives a comparison to each helper, from training time `first` on. Returns how many.
    async fn ask_helpers(&self, pass: &Pass, first: usize) -> Result<usize> {
        let Some(helpers) = &self.helpers else { return Ok(0) };
        let sample = self.sample(pass);
        let waiting = sample.times.iter().zip(&sample.clouds).zip(&pass.schedules).skip(first);
        let mut asked = 0;
        let targets = self.settings.targets;
        // what is compared with some cells alone is compared here
        let whole = waiting.take_while(|((_, cloud), _)| targets == 0 || targets >= cloud.count());
        for ((&time, cloud), schedule) in whole.take(helpers.count()) {
            let Some(part) = cloud.part(read(self.positions(pass, time)).await?, schedule) else { break };
            helpers.give(asked, part)?;
            asked += 1;
        }
        Ok(asked)
    }

    /// Weight of a comparison in the mean of all.
    fn weight(&self, pass: &Pass) -> f64 {
        1.0 / (self.sample(pass).times.len() * pass.turn.samples.len()) as f64
    }

    /// Keeps a divergence and its gradient.
    fn compared(&self, pass: &mut Pass, value: Tensor<1>, gradient: Tensor<2>) {
        let weight = self.weight(pass);
        pass.transport.push(value);
        let on_action = Tensor::zeros([pass.turn.cells, 1], &self.device);
        pass.cotangents.push(Tensor::cat(vec![gradient.mul_scalar(weight), on_action], 1));
    }

    fn final_adjoint(&self, pass: &Pass) -> Tensor<2> {
        let (cells, samples) = (pass.turn.cells, pass.turn.samples.len());
        let on_action = f64::from(self.settings.action_weight) / (cells as f64 * self.span(pass)) / samples as f64;
        let on_positions = Tensor::<2>::zeros([cells, self.dimensions()], &self.device);
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
            let mut times = self.sample(pass).times.iter();
            if let Some(index) = times.position(|&time| self.state_at(pass, time) == step) {
                adjoint = adjoint + pass.cotangents[index].clone();
            }
        }
        Ok(adjoint)
    }
}

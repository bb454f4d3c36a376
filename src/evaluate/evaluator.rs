//! The whole evaluation, one bounded piece at a time.

use super::baseline::{Pairing, checked_times, halves, neighbours};
use super::comparison::Comparison;
use super::measure::Measure;
use super::operators;
use super::task::{Row, Running, SIMULATION_WORK, TRAINING_WORK, Task};
use crate::data::weights::usual_heads;
use crate::data::{Dataset, Matrix};
use crate::error::{Error, Result};
use crate::model::ScImf;
use crate::operators::OperatorField;
use crate::projection::Plane;
use crate::protocol::{
    CellMnnSettings, Distances, Evaluation, EvaluationSettings, HeldOut, ModelKind, Predictions, Recipe, Row as Shown,
    ScImfConfig, SimulationQuery, TrainSettings,
};
use crate::sde::TimeGrid;
use crate::simulate::Rollout;
use crate::tensor::read;
use crate::train::{Trainer, TrainingData, forgive};
use crate::transport::exact::Weighted;
use burn::tensor::{Device, Tensor};
use std::collections::{BTreeMap, VecDeque};

/// The models in use; of scIMF also the updates behind its weights.
#[derive(Clone, Copy, Default)]
pub struct Models<'a> {
    /// scIMF.
    pub scimf: Option<(&'a ScImf, u32)>,
    /// Cell-MNN on the dataset.
    pub cell_mnn: Option<&'a OperatorField>,
}

/// What a piece of work brought.
#[derive(Debug, PartialEq)]
pub enum Step {
    /// Nothing to show yet.
    Working,
    /// The table has a new value.
    News,
    /// The table is complete.
    Finished,
}

/// An evaluation in progress.
pub struct Evaluator {
    settings: EvaluationSettings,
    times: Vec<usize>,
    measure: Measure,
    /// The observed cells at each of the held-out time points, as they are measured.
    observed: Vec<Matrix>,
    tasks: VecDeque<Task>,
    running: Option<Running>,
    values: BTreeMap<(Row, usize), Vec<Distances>>,
    table: Evaluation,
    predictions: Vec<Predictions>,
    /// Work done and work in all, in comparisons.
    work: (f32, f32),
}

impl Evaluator {
    /// An evaluation on `dataset`, of `models` as far as the settings do not ask for training.
    ///
    /// # Errors
    /// No or an impossible time point is held out, nothing is left to train on, there are no cells or seeds, neither a model nor a
    /// training, or more components to measure in than Cell-MNN would be trained in.
    pub fn new(dataset: &Dataset, settings: EvaluationSettings, models: Models<'_>, device: &Device) -> Result<Self> {
        let times = checked_times(&settings.held_out, dataset.time_points.len())?;
        if settings.seeds == 0 || settings.cells == 0 {
            return Err(Error::request("An evaluation needs at least one seed and one simulated cell"));
        }
        Plane::new(dataset, settings.space)?;
        let seeds = settings.first_seed..settings.first_seed.saturating_add(settings.seeds);
        let measure = Measure::new(dataset, settings.components)?;
        let needed = measure.needs(dataset.states.cols);
        let recipe = |model| settings.train.iter().find(|recipe| recipe.model == model);
        let trained = |recipe: &Recipe| {
            let of_seed = |seed| Recipe { held_out: times.clone(), seed, from_current: false, ..recipe.clone() };
            seeds.clone().map(of_seed).collect::<Vec<_>>()
        };
        let operators = recipe(ModelKind::CellMnn).map(CellMnnSettings::from);
        if let Some(train) = operators.as_ref().filter(|train| train.config.dimensions < needed) {
            let what = format!("Cell-MNN with {} components cannot be measured in {needed}", train.config.dimensions);
            return Err(Error::request(what).at("components").remedy("Measure in as many as it works in."));
        }
        if !settings.train.is_empty() {
            TrainingData::new(dataset, &times, device)?;
        }
        let observed: Vec<Matrix> = times.iter().map(|&time| measure.observed(dataset, time)).collect();
        if observed.iter().any(|cells| cells.rows < 2) {
            return Err(Error::request("A held-out time point has a single cell, which has no halves").at("hold out"));
        }
        let mut tasks = VecDeque::new();
        for (at, cells) in observed.iter().enumerate() {
            let cloud = |cells: &Matrix| Weighted::uniform(cells.values.clone(), cells.cols);
            tasks.push_back(Task::Compare(
                Row::StayPut,
                at,
                cloud(&measure.observed(dataset, times[at] - 1)),
                cloud(cells),
            ));
            if neighbours(times[at], &times, dataset.time_points.len()).is_some() {
                tasks.push_back(Task::Interpolate(at));
            }
            for seed in seeds.clone() {
                let [one, other] = halves(cells, seed);
                tasks.push_back(Task::Compare(Row::Floor, at, one, other));
            }
        }
        let linear = models.cell_mnn.filter(|field| field.dimensions() >= needed);
        let mut rows = Shown::baselines();
        let updates = match (recipe(ModelKind::ScImf), models.scimf) {
            (Some(recipe), _) => {
                for recipe in trained(recipe) {
                    let of = |interaction| TrainSettings { interaction, ..(&recipe).into() };
                    tasks.extend([true, false].map(|interaction| Task::Train { settings: of(interaction) }));
                }
                rows.extend(Shown::of_twin(recipe.model));
                rows.push(Shown::of(recipe.model));
                Some(recipe.steps())
            }
            (None, Some((model, updates))) => {
                tasks.extend(seeds.clone().map(|seed| Task::Simulate { model: Box::new(model.clone()), seed }));
                let row = Row::scimf(model.config.blocks > 0);
                rows.extend(
                    [Shown::of_twin(ModelKind::ScImf), Some(Shown::of(ModelKind::ScImf))]
                        .into_iter()
                        .flatten()
                        .filter(|it| it.key == row.key()),
                );
                (updates > 0).then_some(updates)
            }
            (None, None) => None,
        };
        if let Some(recipe) = recipe(ModelKind::CellMnn) {
            tasks.extend(trained(recipe).iter().map(|recipe| Task::TrainOperators { settings: recipe.into() }));
            rows.push(Shown::of(recipe.model));
        } else if let Some(field) = linear {
            let seed = settings.first_seed;
            tasks.extend((0..times.len()).map(|at| Task::Predict { field: Box::new(field.clone()), at, seed }));
            rows.push(Shown::of(ModelKind::CellMnn));
        } else if settings.train.is_empty() && models.scimf.is_none() {
            let remedy = match models.cell_mnn {
                Some(field) => format!("Measure in {} components, or train.", field.dimensions()),
                None => "Train one, or load weights.".into(),
            };
            return Err(Error::request("There is no model to evaluate").remedy(remedy));
        }
        let held_out = times.iter().zip(&observed).map(|(&time, cells)| HeldOut {
            time,
            label: dataset.time_points[time].label.clone(),
            observed: cells.rows,
            rows: rows.clone(),
        });
        let table = Evaluation { held_out: held_out.collect(), seeds: settings.seeds, updates, cells: settings.cells };
        let work = tasks.iter().map(|task| task.work(times.len())).sum();
        Ok(Self {
            settings,
            times,
            measure,
            observed,
            tasks,
            running: None,
            values: BTreeMap::new(),
            table,
            predictions: Vec::new(),
            work: (0.0, work),
        })
    }

    /// The table as far as it is.
    pub fn table(&self) -> &Evaluation {
        &self.table
    }

    /// Predicted cells of the first seed.
    pub fn predictions(&self) -> &[Predictions] {
        &self.predictions
    }

    /// What is being done, and the share of the whole that is done, 0 to 1.
    pub fn progress(&self) -> (String, f32) {
        let model = |interaction: bool| if interaction { "scIMF" } else { "the model without interaction" };
        let (stage, part) = match &self.running {
            None => ("begin".into(), 0.0),
            Some(Running::Pairing(..)) => ("interpolation by optimal transport".into(), 0.0),
            Some(Running::Comparison(Row::Floor | Row::StayPut | Row::Interpolation, ..)) => {
                ("distances of the baselines".into(), 0.0)
            }
            Some(Running::Comparison(..)) => ("distances of the predictions".into(), 0.0),
            Some(Running::Training { trainer, interaction, seed }) => {
                let (done, of) = (trainer.updates(), trainer.settings().updates);
                let stage = format!("training {}, seed {seed}: update {done} of {of}", model(*interaction));
                (stage, TRAINING_WORK * done as f32 / of as f32)
            }
            Some(Running::Simulation { interaction, seed, .. }) => {
                (format!("simulating {}, seed {seed}", model(*interaction)), 0.0)
            }
            Some(Running::OperatorTraining { trainer, seed }) => {
                let (done, of) = (trainer.epochs(), trainer.settings().epochs);
                let stage = format!("training Cell-MNN, seed {seed}: epoch {done} of at most {of}");
                (stage, TRAINING_WORK * done as f32 / of as f32)
            }
            Some(Running::Prediction { seed, .. }) => (format!("predictions of Cell-MNN, seed {seed}"), 0.0),
        };
        (stage, ((self.work.0 + part) / self.work.1).min(1.0))
    }

    /// Does one bounded piece of work.
    ///
    /// # Errors
    /// A training diverged, or the device failed.
    pub async fn advance(&mut self, dataset: &Dataset, device: &Device) -> Result<Step> {
        let running = match self.running.take() {
            Some(running) => running,
            None => match self.tasks.pop_front() {
                Some(task) => self.begin(task, dataset, device)?,
                None => return Ok(Step::Finished),
            },
        };
        let (next, step) = match running {
            Running::Pairing(at, mut pairing) => match pairing.advance() {
                None => (Some(Running::Pairing(at, pairing)), Step::Working),
                Some(cloud) => {
                    self.compare(Row::Interpolation, at, cloud);
                    (None, Step::Working)
                }
            },
            Running::Comparison(row, at, mut comparison) => match comparison.advance() {
                None => (Some(Running::Comparison(row, at, comparison)), Step::Working),
                Some(value) => {
                    self.work.0 += 1.0;
                    self.record(row, at, value);
                    (None, Step::News)
                }
            },
            Running::Training { mut trainer, interaction, seed } => {
                forgive(trainer.advance().await, &mut *trainer)?.ok();
                if trainer.is_finished() {
                    self.work.0 += TRAINING_WORK;
                    self.tasks.push_front(Task::Simulate { model: Box::new(trainer.best_model()), seed });
                    (None, Step::Working)
                } else {
                    (Some(Running::Training { trainer, interaction, seed }), Step::Working)
                }
            }
            Running::Simulation { mut rollout, interaction, seed, mut frames } => {
                rollout.advance(dataset).await?;
                let per_unit = TimeGrid::steps_per_unit(crate::simulate::DT);
                if self.times.iter().any(|time| time * per_unit == rollout.steps()) {
                    frames.push(rollout.state());
                }
                if frames.len() < self.times.len() {
                    // A read now and then keeps what is asked of a device bounded.
                    if rollout.steps().is_multiple_of(per_unit) {
                        read(rollout.state().slice([0..1, 0..1])).await?;
                    }
                    (Some(Running::Simulation { rollout, interaction, seed, frames }), Step::Working)
                } else {
                    self.predict(dataset, interaction, seed, frames).await?;
                    self.work.0 += SIMULATION_WORK;
                    (None, if seed == self.settings.first_seed { Step::News } else { Step::Working })
                }
            }
            Running::OperatorTraining { mut trainer, seed } => {
                forgive(trainer.advance().await, &mut *trainer)?.ok();
                if trainer.is_finished() {
                    self.work.0 += TRAINING_WORK;
                    let field = OperatorField::new(trainer.best().0, dataset);
                    for at in (0..self.times.len()).rev() {
                        self.tasks.push_front(Task::Predict { field: Box::new(field.clone()), at, seed });
                    }
                    (None, Step::Working)
                } else {
                    (Some(Running::OperatorTraining { trainer, seed }), Step::Working)
                }
            }
            Running::Prediction { field, at, seed } => {
                let states = operators::predicted(&field, self.times[at], &self.times, device).await?;
                self.take_prediction(&field.dataset, Row::Of(ModelKind::CellMnn), seed, at, &states)?;
                (None, if seed == self.settings.first_seed { Step::News } else { Step::Working })
            }
        };
        self.running = next;
        let finished = self.running.is_none() && self.tasks.is_empty();
        Ok(if finished { Step::Finished } else { step })
    }

    fn begin(&self, task: Task, dataset: &Dataset, device: &Device) -> Result<Running> {
        Ok(match task {
            Task::Interpolate(at) => {
                let around = neighbours(self.times[at], &self.times, dataset.time_points.len());
                let around = around.ok_or_else(|| Error::internal("a time point to interpolate has no neighbours"))?;
                let (before, after, share) = around;
                let [before, after] = [before, after].map(|time| self.measure.observed(dataset, time));
                Running::Pairing(at, Pairing::new(before, after, share)?)
            }
            Task::Compare(row, at, one, other) => {
                Running::Comparison(row, at, Comparison::new(one, other, self.measure.needs(dataset.states.cols))?)
            }
            Task::Train { settings } => {
                let (interaction, seed) = (settings.interaction, settings.seed);
                let data = TrainingData::new(dataset, &self.times, device)?;
                let config = ScImfConfig {
                    blocks: usize::from(interaction),
                    heads: usual_heads(data.dimensions),
                    ..ScImfConfig::default()
                };
                let trainer = Box::new(Trainer::new(data, settings, config, None, device)?);
                Running::Training { trainer, interaction, seed }
            }
            Task::Simulate { model, seed } => {
                let interaction = model.config.blocks > 0;
                let query = SimulationQuery { cells: self.settings.cells, seed, ..SimulationQuery::default() };
                let rollout = Box::new(Rollout::new(&model, dataset, &query, &[], device)?);
                Running::Simulation { rollout, interaction, seed, frames: Vec::new() }
            }
            Task::TrainOperators { settings } => {
                let seed = settings.seed;
                let trainer = operators::trainer(dataset, settings, device)?;
                Running::OperatorTraining { trainer: Box::new(trainer), seed }
            }
            Task::Predict { field, at, seed } => Running::Prediction { field, at, seed },
        })
    }

    /// Queues a comparison with the observed cells, before everything else.
    fn compare(&mut self, row: Row, at: usize, cloud: Weighted) {
        let cells = &self.observed[at];
        let observed = Weighted::uniform(cells.values.clone(), cells.cols);
        self.tasks.push_front(Task::Compare(row, at, cloud, observed));
    }

    async fn predict(&mut self, dataset: &Dataset, interaction: bool, seed: u32, frames: Vec<Tensor<2>>) -> Result<()> {
        let count = self.settings.cells * dataset.states.cols;
        let states = read(Tensor::cat(frames, 0)).await?;
        for (at, states) in states.chunks_exact(count).enumerate() {
            self.take_prediction(dataset, Row::scimf(interaction), seed, at, states)?;
        }
        Ok(())
    }

    /// Keeps predicted states to be drawn, and queues their comparison. `dataset` has the components of the states.
    fn take_prediction(&mut self, dataset: &Dataset, row: Row, seed: u32, at: usize, states: &[f32]) -> Result<()> {
        if states.iter().any(|value| !value.is_finite()) {
            let what = format!("The simulation left the numbers before {}", self.table.held_out[at].label);
            return Err(Error::new(crate::error::Kind::Diverged, what));
        }
        if seed == self.settings.first_seed {
            let plane = Plane::new(dataset, self.settings.space)?;
            let positions = plane.points(states).into();
            self.predictions.push(Predictions {
                time: self.times[at],
                row: row.key(),
                positions,
                exact: plane.is_exact(),
            });
        }
        let points = self.measure.points(states, dataset.states.cols);
        self.compare(row, at, Weighted::uniform(points.values, points.cols));
        Ok(())
    }

    fn record(&mut self, row: Row, at: usize, value: Distances) {
        let values = self.values.entry((row, at)).or_default();
        values.push(value);
        let rows = &mut self.table.held_out[at].rows;
        if let Some(place) = rows.iter_mut().find(|shown| shown.key == row.key()) {
            place.distances = Distances::over(values);
        }
    }
}

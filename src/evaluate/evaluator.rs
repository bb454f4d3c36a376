//! The whole evaluation, one bounded piece at a time.

use super::baseline::{Pairing, checked_times, halves, neighbours};
use super::comparison::Comparison;
use super::measure::Measure;
use super::task::{PREDICTION_WORK, Row, Running, TRAINING_WORK, Task};
use crate::data::{Dataset, Matrix};
use crate::error::{Error, Kind, Result};
use crate::models::{AnyModel, AnyTraining, Asked, Data};
use crate::projection::Plane;
use crate::protocol::{
    Distances, Effort, Evaluation, EvaluationSettings, HeldOut, ModelKind, Predictions, Recipe, Row as Shown,
};
use crate::train::TrainingData;
use crate::transport::exact::Weighted;
use burn::tensor::Device;
use std::collections::{BTreeMap, VecDeque};

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
    /// An evaluation on `dataset`: of models that are trained for it, as the settings say, and of those of `models` (in use, with the updates
    /// behind their weights) that are not.
    ///
    /// # Errors
    /// No or an impossible time point is held out, nothing is left to train on, there are no cells or seeds, neither a model nor a
    /// training, or more components to measure in than a model would be trained in.
    pub fn new(
        dataset: &Dataset,
        settings: EvaluationSettings,
        models: &[(AnyModel, u32)],
        device: &Device,
    ) -> Result<Self> {
        let times = checked_times(&settings.held_out, dataset.time_points.len())?;
        if settings.seeds == 0 || settings.cells == 0 {
            return Err(Error::request("An evaluation needs at least one seed and one simulated cell"));
        }
        Plane::new(dataset, settings.space)?;
        let seeds = settings.first_seed..settings.first_seed.saturating_add(settings.seeds);
        let measure = Measure::new(dataset, settings.components)?;
        let needed = measure.needs(dataset.states.cols);
        for recipe in &settings.train {
            if let Some(own) = recipe.components().filter(|own| *own < needed) {
                let what = format!("{} with {own} components cannot be measured in {needed}", recipe.model.name());
                return Err(Error::request(what).at("components").remedy("Measure in as many as it works in."));
            }
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
        let mut rows = Vec::new();
        let mut updates = None;
        for kind in ModelKind::ALL {
            if let Some(recipe) = settings.train.iter().find(|recipe| recipe.model == kind) {
                let recipes: Vec<_> =
                    [true, false].into_iter().filter_map(|whole| trained(recipe, whole, &times)).collect();
                rows.extend(recipes.iter().rev().map(|(row, _)| *row));
                for seed in seeds.clone() {
                    let of_seed = |(row, recipe): &(Row, Recipe)| Task::Train {
                        row: *row,
                        recipe: Recipe { seed, ..recipe.clone() },
                    };
                    tasks.extend(recipes.iter().map(of_seed));
                }
                updates = updates.or((kind.card().step == "update").then(|| recipe.steps()));
            } else if let Some((model, behind)) =
                models.iter().find(|(it, _)| it.kind() == kind && it.dimensions() >= needed)
            {
                let row = Row::of(kind, model.interacts());
                rows.push(row);
                // Without noise the cells are the same for every seed.
                let different =
                    if kind.card().can.noise { seeds.clone() } else { seeds.start..seeds.start.saturating_add(1) };
                tasks.extend(different.map(|seed| Task::Predict { row, model: model.clone(), seed }));
                updates = updates.or((kind.card().step == "update" && *behind > 0).then_some(*behind));
            }
        }
        if rows.is_empty() {
            let most = models.iter().map(|(model, _)| model.dimensions()).max();
            let remedy = most.map_or_else(
                || "Train one, or load weights.".into(),
                |most| format!("Measure in {most} components, or train."),
            );
            return Err(Error::request("There is no model to evaluate").remedy(remedy));
        }
        let rows: Vec<Shown> = Shown::baselines().into_iter().chain(rows.into_iter().filter_map(Row::shown)).collect();
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
        let (stage, part) = match &self.running {
            None => ("begin".into(), 0.0),
            Some(Running::Pairing(..)) => ("interpolation by optimal transport".into(), 0.0),
            Some(Running::Comparison(Row::Floor | Row::StayPut | Row::Interpolation, ..)) => {
                ("distances of the baselines".into(), 0.0)
            }
            Some(Running::Comparison(..)) => ("distances of the predictions".into(), 0.0),
            Some(Running::Training { row, seed, training, .. }) => {
                let recipe = training.recipe();
                let (done, of, step) = (training.steps(), recipe.steps(), recipe.model.card().step);
                let stage = format!("training {}, seed {seed}: {step} {done} of {of}", row.name());
                (stage, TRAINING_WORK * done as f32 / of as f32)
            }
            Some(Running::Prediction { row, seed, .. }) => (format!("predictions of {}, seed {seed}", row.name()), 0.0),
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
            Running::Training { row, seed, mut training, mut seconds } => {
                if let Ok(Some(update)) = training.advance().await? {
                    seconds += update.seconds;
                }
                if training.is_finished() {
                    self.work.0 += TRAINING_WORK;
                    let model = training.best().model;
                    self.took(row, &model, seconds / f64::from(training.steps().max(1)));
                    self.tasks.push_front(Task::Predict { row, model, seed });
                    (None, Step::Working)
                } else {
                    (Some(Running::Training { row, seed, training, seconds }), Step::Working)
                }
            }
            Running::Prediction { row, seed, model, mut prediction } => {
                match prediction.advance(dataset, device).await? {
                    None => (Some(Running::Prediction { row, seed, model, prediction }), Step::Working),
                    Some(found) => {
                        for (at, states) in found.iter().enumerate() {
                            self.take_prediction(dataset, &model, row, seed, at, states)?;
                        }
                        self.work.0 += PREDICTION_WORK;
                        (None, if seed == self.settings.first_seed { Step::News } else { Step::Working })
                    }
                }
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
            Task::Train { row, recipe } => {
                let data = Data { dataset, companions: &[], device };
                let training = Box::new(AnyTraining::new(&data, &recipe, None)?);
                Running::Training { row, seed: recipe.seed, training, seconds: 0.0 }
            }
            Task::Predict { row, model, seed } => {
                let asked = Asked { times: &self.times, cells: self.settings.cells, seed };
                let prediction = model.predict(dataset, asked, device)?;
                Running::Prediction { row, seed, model, prediction }
            }
        })
    }

    /// Queues a comparison with the observed cells, before everything else.
    fn compare(&mut self, row: Row, at: usize, cloud: Weighted) {
        let cells = &self.observed[at];
        let observed = Weighted::uniform(cells.values.clone(), cells.cols);
        self.tasks.push_front(Task::Compare(row, at, cloud, observed));
    }

    /// Keeps predicted states to be drawn, and queues their comparison.
    fn take_prediction(
        &mut self,
        dataset: &Dataset,
        model: &AnyModel,
        row: Row,
        seed: u32,
        at: usize,
        states: &[f32],
    ) -> Result<()> {
        if states.iter().any(|value| !value.is_finite()) {
            let what = format!("The simulation left the numbers before {}", self.table.held_out[at].label);
            return Err(Error::new(Kind::Diverged, what));
        }
        if seed == self.settings.first_seed {
            let seen = model.seen_in();
            let plane = Plane::new(seen.as_deref().unwrap_or(dataset), self.settings.space)?;
            let positions = plane.points(states).into();
            self.predictions.push(Predictions {
                time: self.times[at],
                row: row.key(),
                positions,
                exact: plane.is_exact(),
            });
        }
        let points = self.measure.points(states, model.dimensions());
        self.compare(row, at, Weighted::uniform(points.values, points.cols));
        Ok(())
    }

    /// Notes what a training took, in all rows of the model.
    fn took(&mut self, row: Row, model: &AnyModel, seconds: f64) {
        let key = row.key();
        let rows = self.table.held_out.iter_mut().flat_map(|point| &mut point.rows);
        for shown in rows.filter(|shown| shown.key == key) {
            let parameters = model.summary(0, &[], "").parameters;
            shown.training = Some(shown.training.unwrap_or(Effort { parameters, ..Effort::default() }).and(seconds));
        }
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

/// A recipe as an evaluation follows it: as it is, or without interaction if that is another model.
fn trained(recipe: &Recipe, whole: bool, held_out: &[usize]) -> Option<(Row, Recipe)> {
    let recipe = Recipe { held_out: held_out.to_vec(), from_current: false, ..recipe.clone() };
    let kind = recipe.model;
    match (kind.card().can.interaction, whole) {
        (true, whole) => Some((Row::of(kind, whole), recipe.with("interaction", whole))),
        (false, true) => Some((Row::Of(kind), recipe)),
        (false, false) => None,
    }
}

//! The whole evaluation, one bounded piece at a time.

use super::baseline::{Pairing, checked_times, halves, neighbours, one_point};
use super::comparison::{Compared, Comparison};
use super::measure::Measure;
use super::task::{PREDICTION_WORK, Row, Running, TRAINING_WORK, Task};
use crate::data::{Dataset, Matrix};
use crate::error::{Error, Kind, Result};
use crate::models::{AnyModel, AnyTraining, Asked, Data};
use crate::projection::Plane;
use crate::protocol::{
    Distances, Evaluation, EvaluationSettings, HeldOut, ModelKind, Predictions, Recipe, Row as Shown,
};
use crate::simulate::Neighbourhood;
use crate::train::TrainingData;
use crate::transport::exact::Weighted;
use burn::tensor::Device;
use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;

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
    /// Tells the types of predicted cells; none where there is only one type.
    neighbourhood: Option<Neighbourhood>,
    values: BTreeMap<(Row, usize), Vec<Compared>>,
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
            let time = times[at];
            let cloud = |cells: &Matrix| Weighted::uniform(cells.values.clone(), cells.cols);
            let mut compare =
                |row, clouds: [Weighted; 2], seeds: Range<u32>| tasks.push_back(Task::Compare(row, at, clouds, seeds));
            let before = measure.observed(dataset, time - 1);
            compare(Row::StayPut, [cloud(&before), cloud(cells)], seeds.clone());
            for seed in seeds.clone() {
                compare(Row::Floor, halves(cells, seed), seed..seed.saturating_add(1));
            }
            let around = neighbours(time, &times, dataset.time_points.len());
            let known = (0..time).rev().find(|time| !times.contains(time)).unwrap_or(0);
            let around_it = around.map_or(vec![known], |(before, after, _)| vec![before, after]);
            let clouds: Vec<Matrix> = around_it.into_iter().map(|time| measure.observed(dataset, time)).collect();
            compare(Row::OnePoint, [one_point(&clouds), cloud(cells)], seeds.clone());
            if around.is_some() {
                tasks.push_back(Task::Interpolate(at));
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
            types: observed_types(dataset, time),
        });
        let table = Evaluation { held_out: held_out.collect(), seeds: settings.seeds, updates, cells: settings.cells };
        let work = tasks.iter().map(|task| task.work(times.len())).sum();
        let neighbourhood = neighbourhood(dataset, &measure);
        Ok(Self {
            settings,
            times,
            measure,
            neighbourhood,
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
            Some(Running::Comparison(Row::Floor | Row::StayPut | Row::Interpolation | Row::OnePoint, ..)) => {
                ("distances of the baselines".into(), 0.0)
            }
            Some(Running::Comparison(..)) => ("distances of the predictions".into(), 0.0),
            Some(Running::Training { row, seed, training }) => {
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
                    self.compare(Row::Interpolation, at, cloud, self.seeds());
                    (None, Step::Working)
                }
            },
            Running::Comparison(row, at, mut comparison) => match comparison.advance(self.types(at)) {
                None => (Some(Running::Comparison(row, at, comparison)), Step::Working),
                Some(value) => {
                    self.work.0 += 1.0;
                    self.record(row, at, value);
                    (None, Step::News)
                }
            },
            Running::Training { row, seed, mut training } => {
                training.advance().await?.ok();
                if training.is_finished() {
                    self.work.0 += TRAINING_WORK;
                    self.tasks.push_front(Task::Predict { row, model: training.best().model, seed });
                    (None, Step::Working)
                } else {
                    (Some(Running::Training { row, seed, training }), Step::Working)
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
            Task::Compare(row, at, [one, other], seeds) => {
                let dimensions = self.measure.needs(dataset.states.cols);
                Running::Comparison(row, at, Box::new(Comparison::new(one, other, dimensions, seeds)?))
            }
            Task::Train { row, recipe } => {
                let data = Data { dataset, companions: &[], device };
                let training = Box::new(AnyTraining::new(&data, &recipe, None)?);
                Running::Training { row, seed: recipe.seed, training }
            }
            Task::Predict { row, model, seed } => {
                let asked = Asked { times: &self.times, cells: self.settings.cells, seed };
                let prediction = model.predict(dataset, asked, device)?;
                Running::Prediction { row, seed, model, prediction }
            }
        })
    }

    /// Seeds of all repetitions.
    fn seeds(&self) -> Range<u32> {
        let first = self.settings.first_seed;
        first..first.saturating_add(self.settings.seeds)
    }

    /// What tells the types of cells, with the observed shares at the held-out time point of this position.
    fn types(&self, at: usize) -> Option<(&Neighbourhood, &[f32])> {
        self.neighbourhood.as_ref().map(|it| (it, self.table.held_out[at].types.as_slice()))
    }

    /// Queues a comparison with the observed cells, before everything else.
    fn compare(&mut self, row: Row, at: usize, cloud: Weighted, seeds: Range<u32>) {
        let cells = &self.observed[at];
        let observed = Weighted::uniform(cells.values.clone(), cells.cols);
        self.tasks.push_front(Task::Compare(row, at, [cloud, observed], seeds));
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
        let noise = model.kind().card().can.noise;
        let seeds = if noise { seed..seed.saturating_add(1) } else { self.seeds() };
        self.compare(row, at, Weighted::uniform(points.values, points.cols), seeds);
        Ok(())
    }

    fn record(&mut self, row: Row, at: usize, found: Compared) {
        let values = self.values.entry((row, at)).or_default();
        values.push(found);
        let rows = &mut self.table.held_out[at].rows;
        if let Some(place) = rows.iter_mut().find(|shown| shown.key == row.key()) {
            let distances: Vec<Distances> = values.iter().map(|it| it.distances).collect();
            place.distances = Distances::over(&distances);
            place.spread = mean(values, |it| &it.spread);
            place.types = mean(values, |it| &it.types);
        }
    }
}

/// Mean of each value over all that were found.
fn mean(found: &[Compared], values: fn(&Compared) -> &[f32]) -> Vec<f32> {
    let count = found.first().map_or(0, |it| values(it).len());
    (0..count).map(|at| found.iter().map(|it| values(it)[at]).sum::<f32>() / found.len() as f32).collect()
}

/// What tells the types of cells in the space that is measured in; none where there is only one type.
fn neighbourhood(dataset: &Dataset, measure: &Measure) -> Option<Neighbourhood> {
    (dataset.types.len() > 1).then(|| {
        let states = measure.points(&dataset.states.values, dataset.states.cols);
        Neighbourhood::of(&states, &dataset.cell_types, dataset.types.len())
    })
}

/// Share of each type among the observed cells of a time point; empty where there is only one type.
fn observed_types(dataset: &Dataset, time: usize) -> Vec<f32> {
    let cells = dataset.cells_at(time);
    let mut shares = vec![0.0; if dataset.types.len() > 1 { dataset.types.len() } else { 0 }];
    for kind in cells.iter().map(|cell| dataset.cell_types[*cell as usize] as usize) {
        if let Some(share) = shares.get_mut(kind) {
            *share += 1.0 / cells.len() as f32;
        }
    }
    shares
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

//! The whole evaluation, one bounded piece at a time.

use super::baseline::{Pairing, halves, neighbours, one_point};
use super::comparison::{Compared, Comparison};
use super::lineage::{Following, Known};
use super::measure::Measure;
use super::point::{Points, neighbourhood};
use super::task::{PREDICTION_WORK, Row, Running, TRAINING_WORK, Task, trained};
use crate::data::{Dataset, Matrix};
use crate::error::{Error, Kind, Result};
use crate::models::{AnyModel, AnyTraining, Asked, Data};
use crate::projection::Plane;
use crate::protocol::{
    Distances, Effort, Evaluation, EvaluationSettings, HeldOut, INTERPOLATION, ModelKind, Predictions, Recipe,
    Row as Shown,
};
use crate::simulate::Neighbourhood;
use crate::train::{Completed, Unseen, training_samples};
use crate::transport::exact::Weighted;
use burn::tensor::Device;
use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;

/// An evaluation in progress.
pub struct Evaluator {
    settings: EvaluationSettings,
    points: Points,
    measure: Measure,
    /// The observed cells at each of the points, as they are measured.
    observed: Vec<Matrix>,
    tasks: VecDeque<Task>,
    running: Option<Running>,
    /// Tells the types of predicted cells; none where there is only one type.
    neighbourhood: Option<Neighbourhood>,
    values: BTreeMap<(Row, usize), Vec<Compared>>,
    /// The lineage that is known, if one is.
    lineage: Option<Known>,
    table: Evaluation,
    predictions: Vec<Predictions>,
    /// The table or the predictions have something new.
    news: bool,
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
    pub fn new(dataset: &Dataset, settings: EvaluationSettings, models: &[(AnyModel, u32)]) -> Result<Self> {
        let points = Points::new(dataset, &settings.held_out, &settings.held_out_samples)?;
        if settings.seeds == 0 || settings.cells == 0 {
            return Err(Error::request("An evaluation needs at least one seed and one simulated cell"));
        }
        Plane::new(dataset, settings.space)?;
        let seeds = settings.first_seed..settings.first_seed.saturating_add(settings.seeds);
        let measure = Measure::new(dataset, &settings)?;
        let needed = measure.needs();
        for recipe in &settings.train {
            if let Some(own) = recipe.components().filter(|own| *own < needed) {
                let what = format!("{} with {own} components cannot be measured in {needed}", recipe.model.name());
                return Err(Error::request(what).at("components").remedy("Measure in as many as it works in."));
            }
        }
        if !settings.train.is_empty() {
            training_samples(dataset, &Unseen { times: &points.times, samples: &points.samples })?;
        }
        let observed = points.all.iter().map(|point| measure.observed(dataset, &point.cells(dataset)));
        let observed: Vec<Matrix> = observed.collect();
        if observed.iter().any(|cells| cells.rows < 2) {
            return Err(Error::request("A held-out time point has a single cell, which has no halves").at("hold out"));
        }
        let mut tasks = VecDeque::new();
        for (at, cells) in observed.iter().enumerate() {
            let point = points.all[at];
            let cloud = |cells: &Matrix| Weighted::uniform(cells.values.clone(), cells.cols);
            let of = |chosen: &[u32]| [cloud(&measure.observed(dataset, chosen)), cloud(cells)];
            let mut compare =
                |row, clouds: [Weighted; 2], seeds: Range<u32>| tasks.push_back(Task::Compare(row, at, clouds, seeds));
            compare(Row::StayPut, of(&point.before(dataset)), seeds.clone());
            for seed in seeds.clone() {
                compare(Row::Floor, halves(cells, seed), seed..seed.saturating_add(1));
            }
            if let Some(others) = point.others(dataset, &points) {
                compare(Row::OtherSamples, of(&others), seeds.clone());
            }
            let around = point.around(dataset, &points, &measure);
            compare(Row::OnePoint, [one_point(&around), cloud(cells)], seeds.clone());
            let between = neighbours(point.time, &points.times, dataset.time_points.len());
            if point.sample.is_none() && between.is_some() {
                tasks.push_back(Task::Interpolate(at));
            }
        }
        let mut rows = Vec::new();
        let mut updates = None;
        for kind in ModelKind::ALL {
            if let Some(recipe) = settings.train.iter().find(|recipe| recipe.model == kind) {
                let recipes: Vec<_> =
                    [true, false].into_iter().filter_map(|whole| trained(recipe, whole, &points)).collect();
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
                for seed in different {
                    let predict = |sample| Task::Predict { row, model: model.clone(), seed, sample };
                    tasks.extend(points.groups().into_iter().map(predict));
                    if !settings.lineage.is_empty() {
                        tasks.push_back(Task::Follow { row, model: model.clone(), seed });
                    }
                }
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
        let mut baselines = if points.samples.is_empty() { Shown::baselines() } else { Shown::baselines_of_samples() };
        baselines.retain(|row| row.key != INTERPOLATION || !points.times.is_empty());
        let rows: Vec<Shown> = baselines.into_iter().chain(rows.into_iter().filter_map(Row::shown)).collect();
        let held_out = points.all.iter().zip(&observed).map(|(point, cells)| HeldOut {
            time: point.time,
            sample: point.sample,
            label: point.label(dataset),
            observed: cells.rows,
            rows: rows.clone(),
            types: point.types(dataset),
        });
        let lineage = Known::new(&settings.lineage);
        let table = Evaluation {
            held_out: held_out.collect(),
            seeds: settings.seeds,
            updates,
            cells: settings.cells,
            lineage: lineage.as_ref().map(|known| known.control(dataset)),
        };
        let work = tasks.iter().map(|task| task.work(&points)).sum();
        let neighbourhood = neighbourhood(dataset, &measure);
        Ok(Self {
            settings,
            points,
            measure,
            neighbourhood,
            observed,
            tasks,
            running: None,
            values: BTreeMap::new(),
            lineage,
            table,
            predictions: Vec::new(),
            news: false,
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

    /// The table or the predictions have changed since this was asked the last time.
    pub fn has_news(&mut self) -> bool {
        std::mem::take(&mut self.news)
    }

    /// What is being done, and the share of the whole that is done, 0 to 1.
    pub fn progress(&self) -> (String, f32) {
        let (stage, part) = match &self.running {
            None => ("begin".into(), 0.0),
            Some(Running::Pairing(..)) => ("interpolation by optimal transport".into(), 0.0),
            Some(Running::Comparison(row, ..)) if row.shown().is_none() => ("distances of the baselines".into(), 0.0),
            Some(Running::Comparison(..)) => ("distances of the predictions".into(), 0.0),
            Some(Running::Training { row, seed, training, .. }) => {
                let recipe = training.recipe();
                let (done, of, step) = (training.steps(), recipe.steps(), recipe.model.card().step);
                let stage = format!("training {}, seed {seed}: {step} {done} of {of}", row.name());
                (stage, TRAINING_WORK * done as f32 / of as f32)
            }
            Some(Running::Prediction { row, seed, .. }) => (format!("predictions of {}, seed {seed}", row.name()), 0.0),
            Some(Running::Following(row, _)) => (format!("steps between types by {}", row.name()), 0.0),
        };
        (stage, ((self.work.0 + part) / self.work.1).min(1.0))
    }

    /// Does one bounded piece of work; `Some` when the table is complete.
    ///
    /// # Errors
    /// A training diverged, or the device failed.
    pub async fn advance(&mut self, dataset: &Dataset, device: &Device) -> Result<Option<()>> {
        let running = match self.running.take() {
            Some(running) => running,
            None => match self.tasks.pop_front() {
                Some(task) => self.begin(task, dataset, device)?,
                None => return Ok(Some(())),
            },
        };
        self.running = match running {
            Running::Pairing(at, mut pairing) => match pairing.advance() {
                None => Some(Running::Pairing(at, pairing)),
                Some(cloud) => {
                    self.compare(Row::Interpolation, at, cloud, self.seeds());
                    None
                }
            },
            Running::Comparison(row, at, mut comparison) => match comparison.advance(self.types(at)) {
                None => Some(Running::Comparison(row, at, comparison)),
                Some(value) => {
                    self.work.0 += 1.0;
                    self.record(row, at, value);
                    self.news = true;
                    None
                }
            },
            Running::Training { row, seed, mut training, mut seconds } => {
                if let Some(Completed::Update(update)) = training.advance().await? {
                    seconds += update.seconds;
                }
                if training.is_finished() {
                    self.work.0 += TRAINING_WORK;
                    let model = training.best().model;
                    self.took(row, &model, seconds / f64::from(training.steps().max(1)));
                    for sample in self.points.groups().into_iter().rev() {
                        self.tasks.push_front(Task::Predict { row, model: model.clone(), seed, sample });
                    }
                    if self.lineage.is_some() {
                        self.tasks.push_front(Task::Follow { row, model, seed });
                    }
                    None
                } else {
                    Some(Running::Training { row, seed, training, seconds })
                }
            }
            Running::Following(row, mut following) => {
                let known = self.lineage.as_mut().ok_or_else(no_lineage)?;
                match following.advance(&known.lineage, dataset, device).await? {
                    None => Some(Running::Following(row, following)),
                    Some(shares) => {
                        known.note(row, &shares, &mut self.table);
                        self.work.0 += 1.0;
                        self.news = true;
                        None
                    }
                }
            }
            Running::Prediction { row, seed, model, sample, mut prediction } => {
                match prediction.advance(dataset, device).await? {
                    None => Some(Running::Prediction { row, seed, model, sample, prediction }),
                    Some(found) => {
                        for (at, states) in self.points.of(sample).into_iter().zip(&found) {
                            self.take_prediction(dataset, &model, row, seed, at, states)?;
                        }
                        self.work.0 += PREDICTION_WORK;
                        self.news |= seed == self.settings.first_seed;
                        None
                    }
                }
            }
        };
        let finished = self.running.is_none() && self.tasks.is_empty();
        Ok(finished.then_some(()))
    }

    fn begin(&self, task: Task, dataset: &Dataset, device: &Device) -> Result<Running> {
        Ok(match task {
            Task::Interpolate(at) => {
                let around = neighbours(self.points.all[at].time, &self.points.times, dataset.time_points.len());
                let around = around.ok_or_else(|| Error::internal("a time point to interpolate has no neighbours"))?;
                let (before, after, share) = around;
                let [before, after] =
                    [before, after].map(|time| self.measure.observed(dataset, &dataset.cells_at(time)));
                Running::Pairing(at, Box::new(Pairing::new(before, after, share)?))
            }
            Task::Compare(row, at, [one, other], seeds) => {
                let (dimensions, per_gene) = (self.measure.dimensions(), self.measure.per_gene());
                Running::Comparison(row, at, Box::new(Comparison::new(one, other, dimensions, seeds, per_gene)?))
            }
            Task::Train { row, recipe } => {
                let data = Data { dataset, companions: &[], device };
                let training = Box::new(AnyTraining::new(&data, &recipe, None)?);
                Running::Training { row, seed: recipe.seed, training, seconds: 0.0 }
            }
            Task::Predict { row, model, seed, sample } => {
                let times: Vec<usize> = self.points.of(sample).into_iter().map(|at| self.points.all[at].time).collect();
                let asked = Asked { times: &times, cells: self.settings.cells, seed, sample };
                let prediction = model.predict(dataset, asked, device)?;
                Running::Prediction { row, seed, model, sample, prediction }
            }
            Task::Follow { row, model, seed } => {
                let known = self.lineage.as_ref().ok_or_else(no_lineage)?;
                Running::Following(row, Box::new(Following::new(model, seed, &known.lineage)))
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
        let point = self.points.all[at];
        if seed == self.settings.first_seed && point.sample.is_none() {
            let seen = model.seen_in();
            let plane = Plane::new(seen.as_deref().unwrap_or(dataset), self.settings.space)?;
            let positions = plane.points(states).into();
            self.predictions.push(Predictions { time: point.time, row: row.key(), positions, exact: plane.is_exact() });
        }
        let points = self.measure.points(states, model.dimensions());
        let noise = model.kind().card().can.noise;
        let seeds = if noise { seed..seed.saturating_add(1) } else { self.seeds() };
        self.compare(row, at, Weighted::uniform(points.values, points.cols), seeds);
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

fn no_lineage() -> Error {
    Error::internal("no lineage to follow cells along")
}

/// Mean of each value over all that were found.
fn mean(found: &[Compared], values: fn(&Compared) -> &[f32]) -> Vec<f32> {
    let count = found.first().map_or(0, |it| values(it).len());
    (0..count).map(|at| found.iter().map(|it| values(it)[at]).sum::<f32>() / found.len() as f32).collect()
}

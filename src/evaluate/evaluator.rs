//! The whole evaluation, one bounded piece at a time.

use super::baseline::{Pairing, neighbours};
use super::comparison::Comparison;
use super::ledger::Ledger;
use super::lineage::{Following, Lineage};
use super::measure::Measure;
use super::plan::Plan;
use super::point::{Points, neighbourhood};
use super::task::{Part, Running, Stage, Task, Whose, whole};
use crate::data::{Dataset, Matrix};
use crate::error::{Error, Kind, Result};
use crate::models::{AnyModel, AnyTraining, Asked, Data};
use crate::projection;
use crate::protocol::{Effort, Evaluation, EvaluationSettings, Finding, Predictions, UnitKey};
use crate::simulate::Neighbourhood;
use crate::train::{Completed, Unseen, training_samples};
use crate::transport::exact::Weighted;
use burn::tensor::Device;
use std::collections::VecDeque;

/// An evaluation in progress.
pub struct Evaluator {
    settings: EvaluationSettings,
    points: Points,
    measure: Measure,
    /// The observed cells at each of the points, as they are measured.
    observed: Vec<Matrix>,
    /// Tells the types of predicted cells; none where there is only one type.
    neighbourhood: Option<Neighbourhood>,
    tasks: VecDeque<Task>,
    running: Option<Running>,
    ledger: Ledger,
    /// The lineage that is known, if one is.
    lineage: Option<Lineage>,
    /// The table without numbers.
    frame: Evaluation,
    table: Evaluation,
    predictions: Vec<Predictions>,
    /// The table or the predictions have something new.
    news: bool,
    /// All work, in comparisons.
    work: f32,
}

impl Evaluator {
    /// An evaluation on `dataset`: of models that are trained for it, as the settings say, and of those of `models` (in use, with the updates
    /// behind their weights) that are not. What the settings know already is not computed again.
    ///
    /// # Errors
    /// No or an impossible time point is held out, nothing is left to train on, there are no cells or seeds, neither a model nor a
    /// training, or more components to measure in than a model would be trained in.
    pub fn new(dataset: &Dataset, settings: EvaluationSettings, models: &[(AnyModel, u32)]) -> Result<Self> {
        let points = Points::new(dataset, &settings.held_out, &settings.held_out_samples)?;
        if settings.seeds == 0 || settings.cells == 0 {
            return Err(Error::request("An evaluation needs at least one seed and one simulated cell"));
        }
        projection::Plane::new(dataset, settings.space)?;
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
        let plan = Plan::new(dataset, &settings, &points, &measure, models)?;
        let lineage = (!settings.lineage.is_empty()).then(|| Lineage::new(&settings.lineage));
        let control = lineage.as_ref().map(|lineage| lineage.control(dataset));
        let (ledger, frame) = (plan.ledger(), Evaluation { lineage: control, ..plan.frame(&observed) });
        let tasks = plan.tasks(&ledger, &observed);
        let work = tasks.iter().map(|task| task.work(&points)).sum();
        let neighbourhood = neighbourhood(dataset, &measure);
        Ok(Self {
            table: ledger.table(&frame),
            settings,
            points,
            measure,
            observed,
            neighbourhood,
            tasks,
            running: None,
            ledger,
            lineage,
            frame,
            predictions: Vec::new(),
            news: false,
            work,
        })
    }

    /// The table as far as it is.
    pub fn table(&self) -> &Evaluation {
        &self.table
    }

    /// Predicted cells of the first seed, of the units that were computed.
    pub fn predictions(&self) -> &[Predictions] {
        &self.predictions
    }

    /// The table or the predictions have changed since this was asked the last time.
    pub fn has_news(&mut self) -> bool {
        std::mem::take(&mut self.news)
    }

    /// The units that have ended since this was asked the last time.
    pub fn take_found(&mut self) -> Vec<Finding> {
        self.ledger.take_news()
    }

    /// A unit was computed elsewhere: its training, if it waits or runs, is not done here.
    pub fn already_found(&mut self, finding: &Finding) {
        if finding.unit.recipe.is_none() || !self.ledger.know(finding) {
            return;
        }
        let of = Whose::one(&finding.unit.key.row, finding.unit.key.seed);
        self.tasks.retain(|task| task.of != of);
        self.running.take_if(|running| running.of == of);
        self.table = self.ledger.table(&self.frame);
        self.news = true;
    }

    /// What is being done, and the share of the whole that is done, 0 to 1.
    pub fn progress(&self) -> (String, f32) {
        let stage = self.running.as_ref().map_or_else(|| "begin".into(), |running| self.stage(running));
        (stage, 1.0 - (self.left(|_| true) / self.work.max(1.0)).min(1.0))
    }

    /// The unit that is being computed, and the share of it that is done, 0 to 1; none between two. Where several are computed together it is the
    /// first of them.
    pub fn unit(&self) -> Option<(UnitKey, f32)> {
        let running = self.running.as_ref()?;
        let trained = self.settings.train.iter().any(|recipe| {
            let card = recipe.model.card();
            running.of.row == card.key || card.twin.is_some_and(|twin| running.of.row == twin.key)
        });
        let left = self.left(|of| *of == running.of);
        let all = if self.is_of_a_model(&running.of) { whole(&self.points, trained) } else { 1.0 };
        Some((running.of.keys().next()?, (1.0 - left / all).clamp(0.0, 1.0)))
    }

    /// Does one bounded piece of work; `Some` when the table is complete. A unit that fails has ended: the others go on.
    ///
    /// # Errors
    /// The device failed.
    pub async fn advance(&mut self, dataset: &Dataset, device: &Device) -> Result<Option<()>> {
        let begun = self.running.take().map(Ok).or_else(|| {
            let task = self.tasks.pop_front()?;
            let of = task.of.clone();
            Some(self.begin(task, dataset, device).map_err(|error| (of, error)))
        });
        let done = match begun {
            None => Ok(()),
            Some(Err(failed)) => Err(failed),
            Some(Ok(running)) => {
                let of = running.of.clone();
                self.work_on(running, dataset, device).await.map_err(|error| (of, error))
            }
        };
        if let Err((of, error)) = done {
            if error.kind == Kind::Device {
                return Err(error);
            }
            self.tasks.retain(|task| task.of != of);
            of.keys().for_each(|key| self.ledger.fail(&key, &error.to_string()));
        }
        if self.ledger.has_news() {
            self.table = self.ledger.table(&self.frame);
            self.news = true;
        }
        Ok((self.running.is_none() && self.tasks.is_empty()).then_some(()))
    }

    /// Does one bounded piece of a part; what is left of it runs on.
    async fn work_on(&mut self, running: Running, dataset: &Dataset, device: &Device) -> Result<()> {
        let Running { of, stage } = running;
        let stage = match stage {
            Stage::Pairing(at, mut pairing) => match pairing.advance() {
                None => Stage::Pairing(at, pairing),
                Some(cloud) => {
                    self.compare(of, at, cloud);
                    return Ok(());
                }
            },
            Stage::Comparison(at, mut comparison) => match comparison.advance(self.types(at)) {
                None => Stage::Comparison(at, comparison),
                Some(measured) => {
                    for (seed, measured) in measured {
                        self.ledger.take(&UnitKey { row: of.row.clone(), seed }, at, measured);
                    }
                    return Ok(());
                }
            },
            Stage::Training(mut training, mut seconds) => {
                if let Some(Completed::Update(update)) = training.advance().await? {
                    seconds += update.seconds;
                }
                if training.is_finished() {
                    let model = training.best().model;
                    let parameters = model.summary(0, &[], "").parameters;
                    let seconds = seconds / f64::from(training.steps().max(1));
                    let effort = Effort { parameters, seconds, trainings: 1 };
                    of.keys().for_each(|key| self.ledger.took(&key, effort));
                    for sample in self.points.groups().into_iter().rev() {
                        let part = Part::Predict { model: model.clone(), sample };
                        self.tasks.push_front(Task { of: of.clone(), part });
                    }
                    if self.lineage.is_some() {
                        self.tasks.push_front(Task { of, part: Part::Follow(model) });
                    }
                    return Ok(());
                }
                Stage::Training(training, seconds)
            }
            Stage::Prediction { model, sample, mut prediction } => match prediction.advance(dataset, device).await? {
                None => Stage::Prediction { model, sample, prediction },
                Some(found) => {
                    for (at, states) in self.points.of(sample).into_iter().zip(&found) {
                        self.take_prediction(dataset, &model, &of, at, states)?;
                    }
                    return Ok(());
                }
            },
            Stage::Following(mut following) => {
                let lineage = self.lineage.as_ref().ok_or_else(no_lineage)?;
                match following.advance(lineage, dataset, device).await? {
                    None => Stage::Following(following),
                    Some(shares) => {
                        let score = lineage.score(&shares);
                        of.keys().for_each(|key| self.ledger.agreed(&key, score));
                        return Ok(());
                    }
                }
            }
        };
        self.running = Some(Running { of, stage });
        Ok(())
    }

    fn begin(&self, Task { of, part }: Task, dataset: &Dataset, device: &Device) -> Result<Running> {
        let stage = match part {
            Part::Interpolate(at) => {
                let around = neighbours(self.points.all[at].time, &self.points.times, dataset.time_points.len());
                let around = around.ok_or_else(|| Error::internal("a time point to interpolate has no neighbours"))?;
                let (before, after, share) = around;
                let [before, after] =
                    [before, after].map(|time| self.measure.observed(dataset, &dataset.cells_at(time)));
                Stage::Pairing(at, Box::new(Pairing::new(before, after, share)?))
            }
            Part::Compare(at, [one, other]) => {
                let (dimensions, per_gene) = (self.measure.dimensions(), self.measure.per_gene());
                let comparison = Comparison::new(one, other, dimensions, of.seeds.clone(), per_gene)?;
                Stage::Comparison(at, Box::new(comparison))
            }
            Part::Train(recipe) => {
                let data = Data { dataset, companions: &[], device };
                Stage::Training(Box::new(AnyTraining::new(&data, &recipe, None)?), 0.0)
            }
            Part::Predict { model, sample } => {
                let times: Vec<usize> = self.points.of(sample).into_iter().map(|at| self.points.all[at].time).collect();
                let asked = Asked { times: &times, cells: self.settings.cells, seed: of.seed(), sample };
                let prediction = model.predict(dataset, asked, device)?;
                Stage::Prediction { model, sample, prediction }
            }
            Part::Follow(model) => {
                let lineage = self.lineage.as_ref().ok_or_else(no_lineage)?;
                Stage::Following(Box::new(Following::new(model, of.seed(), lineage)))
            }
        };
        Ok(Running { of, stage })
    }

    /// What is being done, in words.
    fn stage(&self, Running { of, stage }: &Running) -> String {
        let row = self.frame.held_out.iter().flat_map(|point| &point.rows).find(|row| row.key == of.row);
        let name = row.map_or("", |row| row.name.as_str());
        match stage {
            Stage::Pairing(..) => "interpolation by optimal transport".into(),
            Stage::Comparison(..) if self.is_of_a_model(of) => "distances of the predictions".into(),
            Stage::Comparison(..) => "distances of the baselines".into(),
            Stage::Training(training, _) => {
                let recipe = training.recipe();
                let (done, of_all, step) = (training.steps(), recipe.steps(), recipe.model.card().step);
                format!("training {name}, seed {}: {step} {done} of {of_all}", of.seed())
            }
            Stage::Following(_) => format!("steps between types by {name}, seed {}", of.seed()),
            Stage::Prediction { .. } => format!("predictions of {name}, seed {}", of.seed()),
        }
    }

    fn is_of_a_model(&self, of: &Whose) -> bool {
        let mut rows = self.frame.held_out.iter().flat_map(|point| &point.rows);
        rows.any(|row| row.key == of.row && row.model.is_some())
    }

    /// The work that is left of some units, in comparisons.
    fn left(&self, whose: impl Fn(&Whose) -> bool) -> f32 {
        let running = self.running.iter().filter(|it| whose(&it.of)).map(|it| it.work(&self.points));
        let waiting = self.tasks.iter().filter(|it| whose(&it.of)).map(|it| it.work(&self.points));
        running.chain(waiting).sum()
    }

    /// What tells the types of cells, with the observed shares at the held-out time point of this position.
    fn types(&self, at: usize) -> Option<(&Neighbourhood, &[f32])> {
        self.neighbourhood.as_ref().map(|it| (it, self.frame.held_out[at].types.as_slice()))
    }

    /// Queues a comparison with the observed cells, before everything else.
    fn compare(&mut self, of: Whose, at: usize, cloud: Weighted) {
        let cells = &self.observed[at];
        let observed = Weighted::uniform(cells.values.clone(), cells.cols);
        self.tasks.push_front(Task { of, part: Part::Compare(at, [cloud, observed]) });
    }

    /// Keeps predicted states to be drawn, and queues their comparison.
    fn take_prediction(
        &mut self,
        dataset: &Dataset,
        model: &AnyModel,
        of: &Whose,
        at: usize,
        states: &[f32],
    ) -> Result<()> {
        if states.iter().any(|value| !value.is_finite()) {
            let what = format!("The simulation left the numbers before {}", self.frame.held_out[at].label);
            return Err(Error::new(Kind::Diverged, what));
        }
        let point = self.points.all[at];
        if of.seed() == self.settings.first_seed && point.sample.is_none() {
            let seen = model.seen_in();
            let plane = projection::Plane::new(seen.as_deref().unwrap_or(dataset), self.settings.space)?;
            let positions = plane.points(states).into();
            let (row, exact) = (of.row.clone(), plane.is_exact());
            self.predictions.push(Predictions { time: point.time, row, positions, exact });
            self.news = true;
        }
        let points = self.measure.points(states, model.dimensions());
        self.compare(of.clone(), at, Weighted::uniform(points.values, points.cols));
        Ok(())
    }
}

fn no_lineage() -> Error {
    Error::internal("no lineage to follow cells along")
}

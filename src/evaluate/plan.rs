//! What an evaluation has to do: the rows of its table, its units, and the work on those that nothing is known of.

use super::baseline::{halves, neighbours, one_point};
use super::ledger::Ledger;
use super::measure::Measure;
use super::point::Points;
use super::task::{Part, Task, Whose};
use crate::data::{Dataset, Matrix};
use crate::error::{Error, Result};
use crate::models::AnyModel;
use crate::protocol::{
    Evaluation, EvaluationSettings, FLOOR, HeldOut, INTERPOLATION, ModelKind, ONE_POINT, OTHER_SAMPLES, Recipe, Row,
    STAY_PUT, Unit, UnitKey,
};
use crate::transport::exact::Weighted;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The plan of an evaluation.
pub(super) struct Plan<'a> {
    dataset: &'a Dataset,
    settings: &'a EvaluationSettings,
    points: &'a Points,
    measure: &'a Measure,
    rows: Vec<Row>,
    units: Vec<Unit>,
    /// Weights that are evaluated as they are, with the keys of their rows.
    in_use: Vec<(String, AnyModel)>,
    updates: Option<u32>,
}

impl<'a> Plan<'a> {
    /// Of models that are trained, as the settings say, and of those of `models` (in use, with the updates behind them) that are not.
    ///
    /// # Errors
    /// There are neither.
    pub(super) fn new(
        dataset: &'a Dataset,
        settings: &'a EvaluationSettings,
        points: &'a Points,
        measure: &'a Measure,
        models: &[(AnyModel, u32)],
    ) -> Result<Self> {
        let fingerprint = dataset.fingerprint();
        let basis = settings.basis(&fingerprint);
        let units = settings.parts(&fingerprint).into_iter().flatten().collect();
        let (rows, updates, in_use) = (settings.baselines(), None, Vec::new());
        let mut plan = Self { dataset, settings, points, measure, rows, units, in_use, updates };
        for kind in ModelKind::ALL {
            let (card, needed) = (kind.card(), measure.needs());
            let counts = card.step == "update";
            let twin = Row::of_twin(kind).filter(|_| card.can.interaction);
            let fits = |(model, _): &&(AnyModel, u32)| model.kind() == kind && model.dimensions() >= needed;
            if let Some(recipe) = settings.train.iter().find(|recipe| recipe.model == kind) {
                plan.rows.extend(twin);
                plan.rows.push(Row::of(kind));
                plan.updates = plan.updates.or(counts.then(|| recipe.steps()));
            } else if let Some((model, behind)) = models.iter().find(fits) {
                let row = twin.filter(|_| !model.interacts()).unwrap_or_else(|| Row::of(kind));
                let key = |seed| UnitKey { row: row.key.clone(), seed };
                let unit = |seed| Unit { key: key(seed), recipe: None, basis: basis.clone() };
                plan.units.extend(settings.all_seeds().map(unit));
                plan.in_use.push((row.key.clone(), model.clone()));
                plan.rows.push(row);
                plan.updates = plan.updates.or((counts && *behind > 0).then_some(*behind));
            }
        }
        if plan.rows.iter().all(|row| row.model.is_none()) {
            let most = models.iter().map(|(model, _)| model.dimensions()).max();
            let remedy = most.map_or_else(
                || "Train one, or load weights.".into(),
                |most| format!("Measure in {most} components, or train."),
            );
            return Err(Error::request("There is no model to evaluate").remedy(remedy));
        }
        Ok(plan)
    }

    /// The table without numbers. `observed` are the cells at each of the points.
    pub(super) fn frame(&self, observed: &[Matrix]) -> Evaluation {
        let held_out = self.points.all.iter().zip(observed).map(|(point, cells)| HeldOut {
            time: point.time,
            sample: point.sample,
            label: point.label(self.dataset),
            observed: cells.rows,
            rows: self.rows.clone(),
            types: point.types(self.dataset),
        });
        let EvaluationSettings { seeds, cells, .. } = *self.settings;
        Evaluation { held_out: held_out.collect(), seeds, updates: self.updates, cells, lineage: None }
    }

    /// All units, with what is known of them.
    pub(super) fn ledger(&self) -> Ledger {
        let mut without: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for (at, point) in self.points.all.iter().enumerate() {
            if !self.interpolates(at) {
                without.entry(INTERPOLATION.into()).or_default().insert(at);
            }
            if point.others(self.dataset, self.points).is_none() {
                without.entry(OTHER_SAMPLES.into()).or_default().insert(at);
            }
        }
        Ledger::new(self.units.iter().cloned(), &self.settings.known, self.points.all.len(), without)
    }

    /// The work on the units that `ledger` misses, of those that are asked for: what needs no model, trainings, weights in use.
    pub(super) fn tasks(&self, ledger: &Ledger, observed: &[Matrix]) -> VecDeque<Task> {
        let only = self.settings.only.as_ref();
        let wanted = |key: &UnitKey| ledger.misses(key) && only.is_none_or(|only| only.contains(key));
        let of_row = |row: &str| -> Option<Whose> {
            let wanted = |seed: &u32| wanted(&UnitKey { row: row.into(), seed: *seed });
            let seeds: Vec<u32> = self.settings.all_seeds().filter(wanted).collect();
            (!seeds.is_empty()).then(|| Whose { row: row.into(), seeds })
        };
        let mut tasks = VecDeque::new();
        for (at, cells) in observed.iter().enumerate() {
            tasks.extend(self.without_a_model(at, cells, of_row));
        }
        let trained = self.units.iter().filter_map(|Unit { key, recipe, .. }| Some((key, recipe.as_ref()?)));
        let train = |(key, recipe): (&UnitKey, &Recipe)| Task {
            of: Whose::one(&key.row, key.seed),
            part: Part::Train(recipe.clone()),
        };
        tasks.extend(trained.filter(|(key, _)| wanted(key)).map(train));
        for (row, model) in &self.in_use {
            let Some(all) = of_row(row) else { continue };
            // Without noise the cells are the same for every seed.
            let together = match model.kind().card().can.noise {
                true => all.seeds.iter().map(|seed| Whose::one(row, *seed)).collect(),
                false => vec![all],
            };
            for of in together {
                let predict = |sample| Task { of: of.clone(), part: Part::Predict { model: model.clone(), sample } };
                tasks.extend(self.points.groups().into_iter().map(predict));
                if !self.settings.lineage.is_empty() {
                    tasks.push_back(Task { of, part: Part::Follow(model.clone()) });
                }
            }
        }
        tasks
    }

    /// The comparisons that need no model at a point with these observed cells.
    fn without_a_model(&self, at: usize, cells: &Matrix, of_row: impl Fn(&str) -> Option<Whose>) -> Vec<Task> {
        let (dataset, point) = (self.dataset, self.points.all[at]);
        let cloud = |cells: &Matrix| Weighted::uniform(cells.values.clone(), cells.cols);
        let beside = |chosen: &[u32]| [cloud(&self.measure.observed(dataset, chosen)), cloud(cells)];
        let mut tasks = Vec::new();
        let mut compare = |of: Whose, clouds| tasks.push(Task { of, part: Part::Compare(at, clouds) });
        if let Some(of) = of_row(STAY_PUT) {
            compare(of, beside(&point.before(dataset)));
        }
        for seed in of_row(FLOOR).into_iter().flat_map(|of| of.seeds) {
            compare(Whose::one(FLOOR, seed), halves(cells, seed));
        }
        if let Some((of, others)) = of_row(OTHER_SAMPLES).zip(point.others(dataset, self.points)) {
            compare(of, beside(&others));
        }
        if let Some(of) = of_row(ONE_POINT) {
            compare(of, [one_point(&point.around(dataset, self.points, self.measure)), cloud(cells)]);
        }
        if let Some(of) = of_row(INTERPOLATION).filter(|_| self.interpolates(at)) {
            tasks.push(Task { of, part: Part::Interpolate(at) });
        }
        tasks
    }

    /// There are training time points on both sides of a point.
    fn interpolates(&self, at: usize) -> bool {
        let (point, times) = (self.points.all[at], self.dataset.time_points.len());
        point.sample.is_none() && neighbours(point.time, &self.points.times, times).is_some()
    }
}

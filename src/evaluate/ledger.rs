//! The units of an evaluation, what each of them found, and the table that this comes to.

use crate::protocol::{
    Distances, Effort, Evaluation, Finding, LineageAgreement, LineageScore, Measured, Unit, UnitKey,
};
use std::collections::{BTreeMap, BTreeSet};

/// All units of an evaluation, in the order of the seeds within each row.
pub(super) struct Ledger {
    units: BTreeMap<UnitKey, Unit>,
    found: BTreeMap<UnitKey, Finding>,
    /// Units that are known at some of the points.
    open: BTreeMap<UnitKey, Finding>,
    /// The points at which the rows cannot be had, by their keys; rows that are not named can be had everywhere.
    without: BTreeMap<String, BTreeSet<usize>>,
    points: usize,
    news: Vec<Finding>,
}

impl Ledger {
    /// Of these units at so many points, with what is known of them. `without` names the points at which a row cannot be had.
    pub(super) fn new(
        units: impl IntoIterator<Item = Unit>,
        known: &[Finding],
        points: usize,
        without: BTreeMap<String, BTreeSet<usize>>,
    ) -> Self {
        let units: BTreeMap<UnitKey, Unit> = units.into_iter().map(|unit| (unit.key.clone(), unit)).collect();
        let known = |(key, unit): (&UnitKey, &Unit)| {
            let finding = unit.found(known).filter(|finding| finding.points.len() == points)?;
            Some((key.clone(), finding.clone()))
        };
        let found = units.iter().filter_map(known).collect();
        let mut ledger = Self { units, found, open: BTreeMap::new(), without, points, news: Vec::new() };
        // Nothing is to be measured of what cannot be had anywhere.
        let nowhere = |key: &&UnitKey| ledger.without.get(&key.row).is_some_and(|without| without.len() == points);
        let nowhere: Vec<UnitKey> = ledger.units.keys().filter(nowhere).cloned().collect();
        for key in nowhere.into_iter().filter(|key| !ledger.found.contains_key(key)).collect::<Vec<_>>() {
            let empty = ledger.empty(&key);
            ledger.end(&key, empty);
        }
        ledger
    }

    /// Whether it is one of the units, and nothing is known of it.
    pub(super) fn misses(&self, key: &UnitKey) -> bool {
        self.units.contains_key(key) && !self.found.contains_key(key)
    }

    /// Takes in what is known of a unit from elsewhere; false if it is no unit of these, or was known already.
    pub(super) fn know(&mut self, finding: &Finding) -> bool {
        let key = &finding.unit.key;
        let fits = self.units.get(key) == Some(&finding.unit) && finding.points.len() == self.points;
        let new = fits && self.misses(key);
        if new {
            self.open.remove(key);
            self.found.insert(key.clone(), finding.clone());
        }
        new
    }

    /// Takes in what was measured of a unit at a point; a unit that is known at all points has ended.
    pub(super) fn take(&mut self, key: &UnitKey, at: usize, measured: Measured) {
        if let Some(mut finding) = self.opened(key) {
            finding.points[at] = Some(measured);
            self.put(key, finding);
        }
    }

    /// Takes in how well the steps of a unit agree with the known lineage.
    pub(super) fn agreed(&mut self, key: &UnitKey, score: LineageScore) {
        if let Some(finding) = self.opened(key) {
            self.put(key, Finding { lineage: Some(score), ..finding });
        }
    }

    /// Notes what the training of a unit took.
    pub(super) fn took(&mut self, key: &UnitKey, training: Effort) {
        if let Some(finding) = self.opened(key) {
            self.put(key, Finding { training: Some(training), ..finding });
        }
    }

    /// A unit has failed.
    pub(super) fn fail(&mut self, key: &UnitKey, why: &str) {
        self.open.remove(key);
        let failed = self.empty(key).map(|finding| Finding { failure: Some(why.into()), ..finding });
        self.end(key, failed);
    }

    /// The units that have ended since this was asked the last time.
    pub(super) fn take_news(&mut self) -> Vec<Finding> {
        std::mem::take(&mut self.news)
    }

    /// Some unit has ended that was not told yet.
    pub(super) fn has_news(&self) -> bool {
        !self.news.is_empty()
    }

    /// A table with these points and rows and the numbers of all units that have ended. It does not depend on the order in which they did.
    pub(super) fn table(&self, frame: &Evaluation) -> Evaluation {
        let mut table = frame.clone();
        for (at, point) in table.held_out.iter_mut().enumerate() {
            for row in &mut point.rows {
                let of_row = || self.found.values().filter(|finding| finding.unit.key.row == row.key);
                let measured: Vec<&Measured> = of_row().filter_map(|finding| finding.points[at].as_ref()).collect();
                let distances: Vec<Distances> = measured.iter().map(|it| it.distances).collect();
                row.distances = Distances::over(&distances);
                row.spread = mean(&measured, |it| &it.spread);
                row.types = mean(&measured, |it| &it.types);
                let efforts = of_row().filter_map(|finding| finding.training);
                row.training = efforts.fold(None, |all, one| {
                    let all: Effort = all.unwrap_or(Effort { parameters: one.parameters, ..Effort::default() });
                    Some(all.and(one.seconds))
                });
                let agreed: Vec<LineageScore> = of_row().filter_map(|finding| finding.lineage).collect();
                row.lineage = LineageAgreement::over(&agreed);
                row.failure = of_row().find_map(|finding| {
                    finding.failure.as_ref().map(|why| format!("seed {}: {why}", finding.unit.key.seed))
                });
            }
        }
        table
    }

    /// A unit of which something is known, or nothing yet; none if it is no unit.
    fn opened(&mut self, key: &UnitKey) -> Option<Finding> {
        self.open.remove(key).or_else(|| self.empty(key))
    }

    fn empty(&self, key: &UnitKey) -> Option<Finding> {
        let unit = self.units.get(key)?.clone();
        Some(Finding { unit, points: vec![None; self.points], training: None, lineage: None, failure: None })
    }

    /// Keeps a unit as far as it is known; one that is known at all points, and whose steps were compared if a lineage is known, has ended.
    fn put(&mut self, key: &UnitKey, finding: Finding) {
        let without = self.without.get(&key.row).map_or(0, BTreeSet::len);
        let measured = finding.points.iter().flatten().count() + without >= self.points;
        let compared =
            finding.unit.basis.lineage.is_empty() || !finding.unit.is_of_a_model() || finding.lineage.is_some();
        if measured && compared {
            self.end(key, Some(finding));
        } else {
            self.open.insert(key.clone(), finding);
        }
    }

    fn end(&mut self, key: &UnitKey, finding: Option<Finding>) {
        if let Some(finding) = finding {
            self.news.push(finding.clone());
            self.found.insert(key.clone(), finding);
        }
    }
}

/// Mean of each value over all that were measured.
fn mean(measured: &[&Measured], values: fn(&Measured) -> &[f32]) -> Vec<f32> {
    let count = measured.iter().map(|it| values(it).len()).min().unwrap_or(0);
    (0..count).map(|at| measured.iter().map(|it| values(it)[at]).sum::<f32>() / measured.len() as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{EvaluationSettings, HeldOut, ModelKind, Recipe, Row};

    fn measured(w1: f64) -> Measured {
        Measured { distances: Distances::one([w1, 2.0 * w1]), spread: vec![w1 as f32], types: Vec::new() }
    }

    fn settings() -> EvaluationSettings {
        let train = vec![Recipe::new(ModelKind::OtCfm)];
        EvaluationSettings { held_out: vec![1, 2], seeds: 2, train, ..EvaluationSettings::default() }
    }

    fn ledger(known: &[Finding]) -> Ledger {
        let without = BTreeMap::from([("interpolation".to_owned(), BTreeSet::from([0, 1]))]);
        Ledger::new(settings().parts("a").into_iter().flatten(), known, 2, without)
    }

    fn frame() -> Evaluation {
        let rows = vec![Row::of(ModelKind::OtCfm)];
        let point = HeldOut { rows, ..HeldOut::default() };
        Evaluation { held_out: vec![point.clone(), point], ..Evaluation::default() }
    }

    #[test]
    fn a_unit_ends_when_all_its_points_are_measured_and_known_ones_are_not_missed() {
        let mut first = ledger(&[]);
        assert_eq!(first.take_news().len(), 2, "there is nothing to interpolate");
        let key = |seed| UnitKey { row: "ot-cfm".into(), seed };
        first.took(&key(1), Effort { parameters: 3, seconds: 0.5, trainings: 1 });
        first.take(&key(1), 1, measured(4.0));
        assert!(!first.has_news() && first.misses(&key(1)));
        assert_eq!(first.table(&frame()).held_out[1].distances("ot-cfm"), None, "half a unit is not shown");
        first.take(&key(1), 0, measured(3.0));
        assert!(!first.misses(&key(1)));
        let known = first.take_news();

        let mut second = ledger(&known);
        assert!(second.misses(&key(0)) && !second.misses(&key(1)));
        second.take(&key(0), 0, measured(1.0));
        second.take(&key(0), 1, measured(2.0));
        let table = second.table(&frame());
        let row = table.held_out[1].row("ot-cfm").unwrap();
        assert_eq!(row.distances.map(|it| (it.w1, it.values)), Some((3.0, 2)));
        assert_eq!((row.spread.as_slice(), row.training.map(|it| it.trainings)), (&[3.0f32][..], Some(1)));
        let news = second.take_news();
        let known = news.last().filter(|finding| finding.unit.key == key(0)).unwrap();
        assert!(first.know(known) && !first.know(known), "a second time it is nothing new");
        assert_eq!(first.table(&frame()), table, "whatever came first, and wherever");
    }

    #[test]
    fn a_unit_ends_when_its_steps_are_compared_with_the_known_lineage() {
        let settings = EvaluationSettings { lineage: vec![[0, 1]], ..settings() };
        let units = settings.parts("a").into_iter().flatten();
        let mut ledger = Ledger::new(units, &[], 2, BTreeMap::new());
        let key = |row: &str| UnitKey { row: row.into(), seed: 0 };
        for row in ["floor", "ot-cfm"] {
            [0, 1].into_iter().for_each(|at| ledger.take(&key(row), at, measured(1.0)));
        }
        assert!(!ledger.misses(&key("floor")) && ledger.misses(&key("ot-cfm")));
        ledger.agreed(&key("ot-cfm"), LineageScore { steps: 0.5, paths: 0.25 });
        assert!(!ledger.misses(&key("ot-cfm")));
        let table = ledger.table(&frame());
        assert_eq!(table.held_out[0].rows[0].lineage.map(|it| (it.mean.steps, it.values)), Some((0.5, 1)));
    }

    #[test]
    fn a_failed_unit_is_told_in_its_row_and_tried_again_by_whoever_leaves_it_out() {
        let mut ledger = ledger(&[]);
        ledger.take_news();
        let key = UnitKey { row: "ot-cfm".into(), seed: 1 };
        ledger.take(&key, 0, measured(1.0));
        ledger.fail(&key, "It diverged.");
        let [failed] = &ledger.take_news()[..] else { panic!("one unit has ended") };
        assert_eq!(failed.points, [None, None]);
        let table = ledger.table(&frame());
        assert_eq!(table.held_out[0].rows[0].failure.as_deref(), Some("seed 1: It diverged."));
        assert!(!self::ledger(std::slice::from_ref(failed)).misses(&key) && self::ledger(&[]).misses(&key));
    }
}

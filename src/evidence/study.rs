//! All evidence that a dataset holds before any training, one receiver at a time.

use super::contrast::{self, Compared};
use super::determinability::Receivers;
use super::moments::Moments;
use super::pull::reach;
use super::{linear, verdict};
use crate::data::Dataset;
use crate::protocol::{
    Contrast, ContrastForm, DETERMINED, Evidence, EvidenceQuery, LinearEstimate, Link, NextSample, Spread, Verdict,
};
use crate::ranking::mean_and_deviation;
use rand::SeedableRng;
use rand::seq::{IndexedRandom, SliceRandom};
use rand_chacha::ChaCha8Rng;

/// Standard deviations of the mean F of no effect by which a contrast has to exceed 1.
const BEYOND_SAMPLING: f64 = 4.0;
/// The same for offsets between samples at their first time.
const OFFSET: f64 = 3.0;

/// The cells of each type in each population.
pub(super) struct Cells {
    groups: Vec<Vec<u32>>,
    pub(super) samples: usize,
    pub(super) times: usize,
    pub(super) kinds: usize,
}

impl Cells {
    fn new(dataset: &Dataset) -> Self {
        let (samples, times, kinds) = (dataset.sample_count(), dataset.time_points.len(), dataset.types.len());
        let mut groups = vec![Vec::new(); samples * times * kinds];
        for (cell, (time, kind)) in dataset.times.iter().zip(&dataset.cell_types).enumerate() {
            let population = dataset.sample_of(cell) * times + *time as usize;
            groups[population * kinds + *kind as usize].push(cell as u32);
        }
        Self { groups, samples, times, kinds }
    }

    pub(super) fn populations(&self) -> usize {
        self.samples * self.times
    }

    pub(super) fn population(&self, sample: usize, time: usize) -> usize {
        sample * self.times + time
    }

    pub(super) fn of(&self, population: usize, kind: usize) -> &[u32] {
        &self.groups[population * self.kinds + kind]
    }

    /// The same numbers of cells, drawn anew from each population with replacement.
    fn resampled(&self, seed: u64) -> Self {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed);
        let draw = |cells: &Vec<u32>| {
            let mut drawn: Vec<u32> = cells.iter().filter_map(|_| cells.choose(rng).copied()).collect();
            drawn.sort_unstable();
            drawn
        };
        Self { groups: self.groups.iter().map(draw).collect(), ..*self }
    }

    /// The same numbers of cells, those of each type and time exchanged between samples: samples differ in their compositions only.
    fn exchanged(&self, seed: u64) -> Self {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed);
        let mut groups = self.groups.clone();
        for (time, kind) in (0..self.times).flat_map(|time| (0..self.kinds).map(move |kind| (time, kind))) {
            let at = |sample: usize| self.population(sample, time) * self.kinds + kind;
            let mut all: Vec<u32> = (0..self.samples).flat_map(|sample| self.groups[at(sample)].clone()).collect();
            all.shuffle(rng);
            for sample in 0..self.samples {
                groups[at(sample)] = all.split_off(all.len() - self.groups[at(sample)].len());
                groups[at(sample)].sort_unstable();
            }
        }
        Self { groups, ..*self }
    }

    /// Share of a type in a population.
    pub(super) fn share(&self, sample: usize, time: usize, kind: usize) -> f64 {
        let population = self.population(sample, time);
        let count = |kind: usize| self.of(population, kind).len();
        count(kind) as f64 / (0..self.kinds).map(count).sum::<usize>().max(1) as f64
    }
}

/// A number for each receiver (row) and sender (column); none where there is none.
type Pairs<T> = Vec<Option<T>>;

/// The evidence on its way: one receiver at a time.
pub struct Evidences {
    query: EvidenceQuery,
    cells: Cells,
    reach: f32,
    next: usize,
    determinability: Pairs<f32>,
    /// Determinability with one more sample, which lacks the sender.
    with_one_more: Pairs<f32>,
    compared: Vec<Compared>,
    linear: Pairs<LinearEstimate>,
    /// The cells of the current seed or twin, and which one it is.
    again: Option<(u32, Cells)>,
    /// Shares of the displacement, of each seed and of each twin.
    effects: Vec<Vec<f64>>,
    twins: Vec<Vec<f64>>,
}

impl Evidences {
    /// Of a dataset.
    pub fn new(dataset: &Dataset, query: EvidenceQuery) -> Self {
        let cells = Cells::new(dataset);
        let pairs = cells.kinds * cells.kinds;
        // The linear drift needs samples, and is not asked for where a model is trained.
        let none = dataset.samples.is_empty() || query.train.is_some();
        let query = if none { EvidenceQuery::default() } else { query };
        Self {
            query,
            reach: reach(dataset),
            next: 0,
            determinability: vec![None; pairs],
            with_one_more: vec![None; pairs],
            compared: vec![Compared::default(); pairs],
            linear: vec![None; pairs],
            again: None,
            effects: vec![Vec::new(); pairs],
            twins: vec![Vec::new(); pairs],
            cells,
        }
    }

    fn pieces(&self) -> usize {
        self.cells.kinds * (1 + self.query.seeds + self.query.twins) as usize
    }

    /// What is being done, and the share of the whole that is done, 0 to 1.
    pub fn progress(&self) -> (String, f32) {
        let stage = match self.again {
            None => "what the data determine".into(),
            Some((run, _)) if run < self.query.seeds => format!("effects, seed {} of {}", run + 1, self.query.seeds),
            Some((run, _)) => format!("twins, {} of {}", run + 1 - self.query.seeds, self.query.twins),
        };
        (stage, self.next as f32 / self.pieces().max(1) as f32)
    }

    /// Does one bounded piece of work: the links of one receiver; what was found after the last.
    pub fn advance(&mut self, dataset: &Dataset) -> Option<Evidence> {
        if self.next < self.pieces() {
            let kinds = self.cells.kinds;
            let (run, receiver) = (self.next / kinds, self.next % kinds);
            match run.checked_sub(1) {
                None => self.look(dataset, receiver),
                Some(run) => self.repeat(dataset, run as u32, receiver),
            }
            self.next += 1;
        }
        (self.next == self.pieces()).then(|| self.evidence(dataset))
    }

    fn look(&mut self, dataset: &Dataset, receiver: usize) {
        let kinds = self.cells.kinds;
        self.determine(dataset, receiver);
        if dataset.samples.is_empty() {
            return;
        }
        let moments: Vec<Moments> = contrast::moments(dataset, &self.cells, receiver);
        for sender in (0..kinds).filter(|&sender| sender != receiver) {
            self.compared[receiver * kinds + sender] =
                contrast::compare(dataset, &self.cells, &moments, receiver, sender);
        }
        let found = linear::estimate(dataset, &self.cells, &moments, receiver, self.reach);
        for (sender, fitted) in found.into_iter().enumerate() {
            self.linear[receiver * kinds + sender] = fitted.map(|fitted| fitted.estimate);
        }
    }

    /// The linear drift again, fitted to resampled cells or to a twin.
    fn repeat(&mut self, dataset: &Dataset, run: u32, receiver: usize) {
        let is_twin = run >= self.query.seeds;
        let cells = match self.again.take() {
            Some((current, cells)) if current == run => cells,
            _ if is_twin => self.cells.exchanged(u64::from(run)),
            _ => self.cells.resampled(u64::from(run)),
        };
        let moments = contrast::moments(dataset, &cells, receiver);
        let found = linear::estimate(dataset, &cells, &moments, receiver, self.reach);
        let shares = if is_twin { &mut self.twins } else { &mut self.effects };
        let shares = &mut shares[receiver * cells.kinds..(receiver + 1) * cells.kinds];
        shares.iter_mut().zip(found).for_each(|(shares, fitted)| shares.extend(fitted.map(|it| it.share)));
        self.again = Some((run, cells));
    }

    fn determine(&mut self, dataset: &Dataset, receiver: usize) {
        let (cells, reach) = (&self.cells, self.reach);
        let all: Vec<usize> = (0..cells.populations()).collect();
        let first_sample = |sample: &usize| dataset.samples.get(*sample).is_none_or(|it| it.lacks.is_empty());
        let control = (0..cells.samples).find(first_sample).unwrap_or(0);
        // The sample that could be measured comes last: the control's cells again, the sender taken out.
        let again = (0..cells.times).map(|time| cells.population(control, time));
        let one_more: Vec<usize> = all.iter().copied().chain(again).collect();
        let now = Receivers::new(dataset, cells, receiver, &all, reach);
        let then = Receivers::new(dataset, cells, receiver, &one_more, reach);
        for sender in 0..cells.kinds {
            let at = receiver * cells.kinds + sender;
            let never = |_: usize| false;
            self.determinability[at] = now.as_ref().and_then(|it| it.unexplained(dataset, cells, sender, reach, never));
            if sender != receiver && self.determinability[at].is_some_and(|share| share < DETERMINED) {
                let added = |position: usize| position >= all.len();
                self.with_one_more[at] =
                    then.as_ref().and_then(|it| it.unexplained(dataset, cells, sender, reach, added));
            }
        }
    }

    fn evidence(&self, dataset: &Dataset) -> Evidence {
        let kinds = self.cells.kinds;
        let (form, reasons) = self.form(dataset);
        let pairs = (0..kinds).flat_map(|a| (0..kinds).map(move |b| (a, b))).filter(|(a, b)| a != b);
        let link = |(receiver, sender): (usize, usize)| {
            let at = receiver * kinds + sender;
            let mut link = Link {
                receiver,
                sender,
                determinability: self.determinability[at],
                contrast: form.and_then(|form| contrast_of(&self.compared[at], form)),
                linear: self.linear[at],
                effect: spread(&self.effects[at]),
                twin: spread(&self.twins[at]),
                verdict: Verdict::default(),
            };
            link.verdict = verdict(&link);
            link
        };
        Evidence {
            links: pairs.map(link).collect(),
            form,
            reasons,
            own: (0..kinds).map(|kind| self.determinability[kind * kinds + kind]).collect(),
            experiments: self.experiments(),
            model: None,
            fits: None,
        }
    }

    /// The change since the first time as soon as the samples differ then by more than sampling.
    fn form(&self, dataset: &Dataset) -> (Option<ContrastForm>, Vec<String>) {
        if self.compared.iter().all(|it| it.difference.count == 0) {
            let reason = match dataset.samples.len() {
                0 => "The study has no samples, so nothing can be compared.",
                _ => "No two samples can be compared.",
            };
            return (None, vec![reason.into()]);
        }
        let (sum, count, components) = self.compared.iter().fold((0.0, 0, 0), |(sum, count, components), it| {
            (sum + it.first.f, count + it.first.count, components + it.first.components)
        });
        let changes = self.compared.iter().any(|it| it.change.count > 0);
        let mut reasons = Vec::new();
        let form = if count == 0 {
            reasons.push(
                "The samples cannot be compared at their first time, so offsets between them are not known.".into(),
            );
            ContrastForm::Difference
        } else {
            let (mean, limit) = (sum / count as f64, 1.0 + OFFSET * (2.0 / components as f64).sqrt());
            let differ = mean > limit && changes;
            let (what, so) = if differ {
                ("differ by more than sampling", "the change of each difference since then is taken")
            } else {
                ("differ by no more than sampling", "differences between samples are taken as they are")
            };
            reasons.push(format!("At their first time the samples {what} (F {mean:.2}, limit {limit:.2}): {so}."));
            if differ { ContrastForm::Change } else { ContrastForm::Difference }
        };
        let lacks: Vec<&Vec<usize>> = dataset.samples.iter().map(|sample| &sample.lacks).collect();
        let replicated = |at: usize| lacks.iter().filter(|other| **other == lacks[at]).count() > 1;
        if !(0..lacks.len()).any(replicated) {
            reasons.push(
                "No two samples are replicates: differences between samples for other reasons count, too.".into(),
            );
        }
        (Some(form), reasons)
    }

    fn experiments(&self) -> Vec<NextSample> {
        let kinds = self.cells.kinds;
        let determined = |receiver: usize, sender: usize| {
            self.with_one_more[receiver * kinds + sender].is_some_and(|share| share >= DETERMINED)
        };
        let receivers = |sender: usize| (0..kinds).filter(|&receiver| determined(receiver, sender)).collect();
        let samples = (0..kinds).map(|sender| NextSample { lacks: sender, receivers: receivers(sender) });
        let mut samples: Vec<NextSample> = samples.filter(|it| !it.receivers.is_empty()).collect();
        samples.sort_by_key(|sample| std::cmp::Reverse(sample.receivers.len()));
        samples
    }
}

fn contrast_of(compared: &Compared, form: ContrastForm) -> Option<Contrast> {
    let sum = match form {
        ContrastForm::Difference => compared.difference,
        ContrastForm::Change => compared.change,
    };
    let (count, components) = (sum.count as f64, sum.components as f64 / sum.count.max(1) as f64);
    // Changes since the same first time share its sampling error.
    let shared = if form == ContrastForm::Change { 0.25 } else { 0.0 };
    let variance = 2.0 / components * (shared + (1.0 - shared) / count);
    let threshold = 1.0 + BEYOND_SAMPLING * variance.sqrt();
    sum.mean().map(|f| Contrast { f, times: sum.count, threshold })
}

fn spread(values: &[f64]) -> Option<Spread> {
    mean_and_deviation(values).map(|(mean, sd)| Spread { mean, sd, interval: None })
}

/// All evidence that a dataset holds before any training.
pub fn evidence(dataset: &Dataset, query: EvidenceQuery) -> Evidence {
    let mut evidences = Evidences::new(dataset, query);
    loop {
        if let Some(evidence) = evidences.advance(dataset) {
            break evidence;
        }
    }
}

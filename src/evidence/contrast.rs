//! How receivers differ between samples with and without a sender, without a model.

use super::abundance::{Row, f_of_slope};
use super::moments::{Moments, pooled};
use super::pull::FEWEST;
use super::solve::ridge;
use super::study::Cells;
use crate::data::Dataset;

/// Ridge on covariances, as a share of the mean variance.
const RIDGE: f64 = 1e-3;
/// Most components are compared that leave this many degrees of freedom for each.
const FREEDOM: f64 = 2.0;

/// Sums of F over comparisons.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Sum {
    pub(super) f: f64,
    pub(super) count: usize,
    /// Components in all comparisons together.
    pub(super) components: usize,
}

impl Sum {
    fn add(&mut self, f: Option<(f64, usize)>) {
        if let Some((f, components)) = f {
            *self = Self { f: self.f + f, count: self.count + 1, components: self.components + components };
        }
    }

    /// Mean F; none without comparisons.
    pub(super) fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.f / self.count as f64)
    }
}

/// What can be compared of one receiver and one sender.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Compared {
    /// Differences between samples after the first time.
    pub(super) difference: Sum,
    /// Their change since the first time.
    pub(super) change: Sum,
    /// Differences at the first time: offsets between samples that no interaction explains.
    pub(super) first: Sum,
}

/// Moments of the receivers of one type: for each population, in the order of `cells`.
pub(super) fn moments(dataset: &Dataset, cells: &Cells, receiver: usize) -> Vec<Moments> {
    (0..cells.populations()).map(|population| Moments::of(dataset, cells.of(population, receiver))).collect()
}

/// Compares receivers over samples that have the sender and samples that lack it; where none lacks it, over the sender's share.
pub(super) fn compare(
    dataset: &Dataset,
    cells: &Cells,
    moments: &[Moments],
    receiver: usize,
    sender: usize,
) -> Compared {
    let lacks = |sample: usize, kind: usize| dataset.samples[sample].lacks.contains(&kind);
    let samples: Vec<usize> = (0..dataset.samples.len()).filter(|&sample| !lacks(sample, receiver)).collect();
    let depleted = samples.iter().any(|&sample| lacks(sample, sender));
    let group = |sample: usize| {
        // Samples that lack the same types are replicates.
        let same = |other: &Vec<usize>| *other == dataset.samples[sample].lacks;
        dataset.samples.iter().position(|other| same(&other.lacks)).filter(|_| depleted)
    };
    let share = |sample: usize, time: usize| {
        if depleted { f64::from(u8::from(lacks(sample, sender))) } else { cells.share(sample, time, sender) }
    };
    let mut found = Compared::default();
    let usable = |sample: usize, time: usize| moments[cells.population(sample, time)].count >= FEWEST;
    let Some(first) = (0..cells.times).find(|&time| samples.iter().filter(|&&it| usable(it, time)).count() > 1) else {
        return found;
    };
    for time in first..cells.times {
        let here: Vec<usize> = samples.iter().copied().filter(|&sample| usable(sample, time)).collect();
        let before = time.saturating_sub(1);
        let at = |sample: usize, when: usize| &moments[cells.population(sample, when)];
        let rows = |components: usize| -> Vec<Row> {
            let row = |&sample: &usize| {
                let Moments { count, mean, .. } = at(sample, time);
                let (mean, weight) = (mean[..components].to_vec(), *count as f64);
                Row { mean, weight, share: share(sample, before.max(first)), group: group(sample) }
            };
            here.iter().map(row).collect()
        };
        let plain = covariance(&here.iter().map(|&sample| at(sample, time)).collect::<Vec<_>>()).and_then(
            |(covariance, freedom, components)| {
                Some((f_of_slope(&rows(components), &covariance, freedom)?, components))
            },
        );
        // Nothing has acted yet at the first time point of the study.
        if time == 0 {
            found.first.add(plain);
            continue;
        }
        found.difference.add(plain);
        // The same samples, their change since their first time.
        let since: Vec<usize> = here.iter().copied().filter(|&sample| time > first && usable(sample, first)).collect();
        let both: Vec<&Moments> = since.iter().flat_map(|&sample| [at(sample, time), at(sample, first)]).collect();
        let Some((covariance, freedom, components)) = covariance(&both) else { continue };
        let row = |&sample: &usize| {
            let (now, then) = (at(sample, time), at(sample, first));
            let mean = now.mean.iter().zip(&then.mean).take(components).map(|(now, then)| now - then).collect();
            let weight = 1.0 / (1.0 / now.count as f64 + 1.0 / then.count as f64);
            Row { mean, weight, share: share(sample, before.max(first)), group: group(sample) }
        };
        let rows: Vec<Row> = since.iter().map(row).collect();
        found.change.add(f_of_slope(&rows, &covariance, freedom / 2.0).map(|f| (f, components)));
    }
    found
}

/// Covariance of cells within samples over the leading components that there are enough cells for: covariance, degrees of freedom, components.
pub(super) fn covariance(groups: &[&Moments]) -> Option<(Vec<f64>, f64, usize)> {
    let (full, freedom) = pooled(groups.iter().copied())?;
    let dimensions = groups.first()?.mean.len();
    let components = dimensions.min((freedom / FREEDOM) as usize);
    if components == 0 {
        return None;
    }
    let leading = |row: usize| full[row * dimensions..row * dimensions + components].iter().copied();
    let mut covariance: Vec<f64> = (0..components).flat_map(leading).collect();
    ridge(&mut covariance, components, RIDGE);
    Some((covariance, freedom, components))
}

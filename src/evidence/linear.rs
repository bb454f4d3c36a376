//! A linear model of the receivers' mean displacement: what all samples share at a time is intrinsic, interaction is what differs.

use super::contrast::covariance;
use super::moments::Moments;
use super::pull::{FEWEST, add_pull, senders};
use super::solve::{ridge, solve};
use super::study::Cells;
use crate::data::{Dataset, evenly};
use crate::protocol::LinearEstimate;

/// Ridge, as a share of the mean square of the senders' pulls.
const RIDGE: f64 = 0.01;
/// Most receivers of a population over which a pull is averaged.
const RECEIVERS: usize = 80;

/// Mean pull of each type on the receivers of a population: types x components.
fn mean_pulls(dataset: &Dataset, cells: &Cells, population: usize, receiver: usize, reach: f32) -> Vec<Vec<f64>> {
    let all = cells.of(population, receiver);
    let receivers: Vec<u32> = evenly(all.len(), RECEIVERS).map(|at| all[at]).collect();
    let pull = |sender: usize| {
        let mut sum = vec![0.0; dataset.states.cols];
        if let Some(senders) = senders(cells.of(population, sender)) {
            receivers.iter().for_each(|cell| add_pull(dataset, *cell, &senders, reach, &mut sum));
            sum.iter_mut().for_each(|sum| *sum /= receivers.len() as f64);
        }
        sum
    };
    (0..cells.kinds).map(pull).collect()
}

/// What a linear drift says of a sender.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Fitted {
    pub(super) estimate: LinearEstimate,
    /// Mean length of the displacement that the sender causes, as a share of the receivers' mean displacement.
    pub(super) share: f64,
}

/// Coefficients of all senders for one type of receivers, from displacements of their means over the intervals between time points; none where
/// there are too few samples.
pub(super) fn estimate(
    dataset: &Dataset,
    cells: &Cells,
    moments: &[Moments],
    receiver: usize,
    reach: f32,
) -> Vec<Option<Fitted>> {
    let kinds = cells.kinds;
    // Lengths of the pull of each type, then of the displacement, over all populations.
    let mut lengths = vec![0.0; kinds + 1];
    let (mut gram, mut right, mut square, mut count) = (vec![0.0; kinds * kinds], vec![0.0; kinds], 0.0, 0.0);
    for time in 0..cells.times - 1 {
        let at = |sample: usize, when: usize| &moments[cells.population(sample, when)];
        let usable = |sample: &usize| at(*sample, time).count.min(at(*sample, time + 1).count) >= FEWEST;
        let samples: Vec<usize> = (0..cells.samples).filter(usable).collect();
        let both: Vec<&Moments> = samples.iter().flat_map(|&sample| [at(sample, time), at(sample, time + 1)]).collect();
        let Some((covariance, _, components)) = covariance(&both) else { continue };
        if samples.len() < 2 {
            continue;
        }
        // For each sample the pulls of all types, then the displacement.
        let mut rows: Vec<(f64, Vec<Vec<f64>>)> = Vec::new();
        for &sample in &samples {
            let (from, to) = (at(sample, time), at(sample, time + 1));
            let mut vectors = mean_pulls(dataset, cells, cells.population(sample, time), receiver, reach);
            vectors.push(to.mean.iter().zip(&from.mean).map(|(to, from)| to - from).collect());
            rows.push((1.0 / (1.0 / from.count as f64 + 1.0 / to.count as f64), vectors));
        }
        for (_, vectors) in &rows {
            let length = |vector: &Vec<f64>| vector.iter().map(|value| value * value).sum::<f64>().sqrt();
            lengths.iter_mut().zip(vectors).for_each(|(sum, vector)| *sum += length(vector));
        }
        let total: f64 = rows.iter().map(|(weight, _)| weight).sum();
        for vector in 0..=kinds {
            for component in 0..components {
                let mean = rows.iter().map(|(weight, it)| weight * it[vector][component]).sum::<f64>() / total;
                rows.iter_mut().for_each(|(_, it)| it[vector][component] -= mean);
            }
        }
        for (weight, vectors) in &rows {
            let columns: Vec<f64> =
                (0..components).flat_map(|component| vectors.iter().map(move |vector| vector[component])).collect();
            let Some(whitened) = solve(&covariance, &columns, kinds + 1) else { continue };
            let product = |a: usize, b: usize| {
                let along =
                    |component: usize| columns[component * (kinds + 1) + a] * whitened[component * (kinds + 1) + b];
                weight * (0..components).map(along).sum::<f64>()
            };
            for a in 0..kinds {
                (0..kinds).for_each(|b| gram[a * kinds + b] += product(a, b));
                right[a] += product(a, kinds);
            }
            square += product(kinds, kinds);
        }
        count += ((samples.len() - 1) * components) as f64;
    }
    let found = fit(gram, &right, square, count);
    let with_share = |(kind, estimate): (usize, Option<LinearEstimate>)| {
        let share = |it: &LinearEstimate| it.coefficient.abs() * lengths[kind] / lengths[kinds].max(f64::MIN_POSITIVE);
        estimate.map(|estimate| Fitted { share: share(&estimate), estimate })
    };
    found.into_iter().enumerate().map(with_share).collect()
}

fn fit(mut gram: Vec<f64>, right: &[f64], square: f64, count: f64) -> Vec<Option<LinearEstimate>> {
    let kinds = right.len();
    let pulled: Vec<bool> = (0..kinds).map(|kind| gram[kind * kinds + kind] > 0.0).collect();
    let none = || vec![None; kinds];
    if count <= kinds as f64 || !pulled.contains(&true) {
        return none();
    }
    ridge(&mut gram, kinds, RIDGE);
    let identity: Vec<f64> = (0..kinds * kinds).map(|at| f64::from(u8::from(at / kinds == at % kinds))).collect();
    let (Some(coefficients), Some(inverse)) = (solve(&gram, right, 1), solve(&gram, &identity, kinds)) else {
        return none();
    };
    let explained: f64 = coefficients.iter().zip(right).map(|(a, b)| a * b).sum();
    let variance = (square - explained).max(0.0) / (count - kinds as f64);
    let estimate = |kind: usize| {
        let error = (variance * inverse[kind * kinds + kind]).sqrt();
        let coefficient = coefficients[kind];
        (pulled[kind] && error > 0.0).then(|| LinearEstimate { coefficient, t: coefficient / error })
    };
    (0..kinds).map(estimate).collect()
}

//! Where a training begins: groups, noise, and the pulls of the linear estimate.

use super::MeanFieldWeights;
use super::groups::Groups;
use super::legs::{Legs, Population, precision};
use super::shape::{MeanFieldShape, initial_weights};
use crate::data::Dataset;
use crate::evidence::{ridge, solve};
use crate::protocol::Recipe;

/// Ridge of the linear drift, as a share of the mean square of the pulls.
const RIDGE: f64 = 0.01;

/// Fresh weights for a dataset.
pub(super) fn fresh(dataset: &Dataset, recipe: &Recipe, groups: &Groups, legs: &Legs) -> MeanFieldWeights {
    let kinds = groups.bias.len();
    let interacts = recipe.switch("interaction");
    let knots = legs.legs.iter().map(|leg| leg.from).chain(legs.times.iter().copied());
    let mut knots: Vec<usize> = knots.collect();
    knots.sort_unstable();
    knots.dedup();
    let shape = MeanFieldShape {
        dimensions: dataset.states.cols,
        hidden: recipe.whole("hidden"),
        groups: kinds,
        knots: knots.into_iter().map(|knot| knot as f64).collect(),
        scale: spread(dataset).max(f32::MIN_POSITIVE),
        steps: recipe.whole("steps"),
        saturation: recipe.number("saturation") as f32,
        interacts,
    };
    let pulls = if interacts && recipe.switch("linear-start") {
        linear(groups, legs, shape.saturation)
    } else {
        vec![0.0; kinds * kinds]
    };
    let share = recipe.number("noise") as f32;
    let noise = groups.deviations.iter().map(|deviation| share * deviation).collect();
    initial_weights(shape, groups, pulls, noise, recipe.seed)
}

/// The pulls of a linear drift of the groups' means, groups x groups: the displacement of a group over each interval, regressed on the pulls of all
/// groups on it, after what all samples have in common is taken out. 0 where fewer than two samples can be compared.
fn linear(groups: &Groups, legs: &Legs, saturation: f32) -> Vec<f32> {
    let kinds = groups.bias.len();
    let of = |receiver: usize| {
        let (mut gram, mut right) = (vec![0.0f64; kinds * kinds], vec![0.0f64; kinds]);
        for leg in &legs.legs {
            let rows: Vec<Row> = leg
                .samples
                .iter()
                .filter_map(|sample| {
                    let at = |time: usize| &legs.populations[&(*sample, time)];
                    Row::of(at(leg.from), at(leg.to), receiver, saturation, (leg.to - leg.from) as f64)
                })
                .collect();
            if rows.len() > 1 {
                add(rows, &groups.whitening, &mut gram, &mut right);
            }
        }
        ridge(&mut gram, kinds, RIDGE);
        let found = solve(&gram, &right, 1).unwrap_or_else(|| vec![0.0; kinds]);
        // No group pulls itself.
        found.into_iter().enumerate().map(move |(sender, pull)| if sender == receiver { 0.0 } else { pull as f32 })
    };
    (0..kinds).flat_map(of).collect()
}

/// What a sample says of a receiver over an interval.
struct Row {
    /// Cells that the displacement is worth.
    weight: f64,
    /// Pull of each group on the receivers' mean, then its displacement per interval.
    vectors: Vec<Vec<f64>>,
}

impl Row {
    /// None where a mean of the receivers is not known well enough.
    fn of(from: &Population, to: &Population, receiver: usize, saturation: f32, intervals: f64) -> Option<Self> {
        let weight = f64::from(precision(from, to)[receiver]);
        let (mean, half) = (from.mean(receiver), f64::from(saturation));
        let pull = |sender: usize| {
            let share = f64::from(from.counts[sender]) / from.cells() as f64;
            let towards: Vec<f64> = from.mean(sender).iter().zip(mean).map(|(m, x)| f64::from(m - x)).collect();
            let distance = towards.iter().map(|value| value * value).sum::<f64>().sqrt();
            let strength = (1.0 + half) * share / (share + half) / (1.0 + distance);
            towards.into_iter().map(|value| strength * value).collect()
        };
        let moved = to.mean(receiver).iter().zip(mean).map(|(to, from)| f64::from(to - from) / intervals).collect();
        let vectors = (0..from.counts.len()).map(pull).chain([moved]).collect();
        (weight > 0.0).then_some(Self { weight, vectors })
    }
}

/// Adds the rows of an interval to the normal equations, centred over samples and whitened.
fn add(mut rows: Vec<Row>, whitening: &[f32], gram: &mut [f64], right: &mut [f64]) {
    let (kinds, d) = (right.len(), whitening.len().isqrt());
    let total: f64 = rows.iter().map(|row| row.weight).sum();
    for (vector, component) in (0..=kinds).flat_map(|vector| (0..d).map(move |component| (vector, component))) {
        let mean = rows.iter().map(|row| row.weight * row.vectors[vector][component]).sum::<f64>() / total;
        rows.iter_mut().for_each(|row| row.vectors[vector][component] -= mean);
    }
    for Row { weight, vectors } in rows {
        let white = |vector: &Vec<f64>| {
            let along = |column: usize| (0..d).map(|at| vector[at] * f64::from(whitening[at * d + column])).sum();
            (0..d).map(along).collect::<Vec<f64>>()
        };
        let white: Vec<Vec<f64>> = vectors.iter().map(white).collect();
        let product = |a: usize, b: usize| weight * white[a].iter().zip(&white[b]).map(|(a, b)| a * b).sum::<f64>();
        for a in 0..kinds {
            (0..kinds).for_each(|b| gram[a * kinds + b] += product(a, b));
            right[a] += product(a, kinds);
        }
    }
}

/// Root of the mean variance of a dimension.
fn spread(dataset: &Dataset) -> f32 {
    let (rows, d) = (dataset.states.rows.max(1) as f64, dataset.states.cols);
    let moment = |power: i32| {
        let mut sums = vec![0.0f64; d];
        for row in dataset.states.values.chunks_exact(d) {
            sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += f64::from(*value).powi(power));
        }
        sums
    };
    let variance: f64 = moment(1).iter().zip(moment(2)).map(|(sum, square)| square / rows - (sum / rows).powi(2)).sum();
    (variance / d as f64).max(0.0).sqrt() as f32
}

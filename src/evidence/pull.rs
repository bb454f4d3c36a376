//! The pull of some senders on a receiver: what a mean-field interaction of unknown form looks like to first order.

use crate::data::{Dataset, evenly};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Most senders of a population that are averaged.
const SENDERS: usize = 60;
/// Fewer senders do not count as a population.
pub(super) const FEWEST: usize = 5;
/// Pairs of cells whose median distance is the reach.
const PAIRS: usize = 4000;

/// Distance at which a sender's weight has fallen to exp(-1/2): the median distance of two cells.
pub(super) fn reach(dataset: &Dataset) -> f32 {
    let rng = &mut ChaCha8Rng::seed_from_u64(0);
    let cells = dataset.states.rows;
    let mut distances: Vec<f32> = (0..PAIRS)
        .map(|_| {
            let [a, b] = [rng.random_range(0..cells), rng.random_range(0..cells)];
            squared(dataset.states.row(a), dataset.states.row(b)).sqrt()
        })
        .filter(|distance| *distance > 0.0)
        .collect();
    distances.sort_by(f32::total_cmp);
    distances.get(distances.len() / 2).copied().unwrap_or(1.0)
}

fn squared(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

/// Senders of one type in one population, as far as they are averaged; none if there are too few.
pub(super) fn senders(cells: &[u32]) -> Option<Vec<u32>> {
    (cells.len() >= FEWEST).then(|| evenly(cells.len(), SENDERS).map(|at| cells[at]).collect())
}

/// `sum_j w_j (y_j - x) / (1 + |y_j - x|) / sum_j w_j` with `w_j = exp(-|y_j - x|^2 / 2 reach^2)`, over the senders y other than the
/// receiver x, added to `sum`.
pub(super) fn add_pull(dataset: &Dataset, receiver: u32, senders: &[u32], reach: f32, sum: &mut [f64]) {
    let x = dataset.states.row(receiver as usize);
    let mut total = 0.0f64;
    let mut pull = vec![0.0f32; x.len()];
    for &sender in senders.iter().filter(|sender| **sender != receiver) {
        let y = dataset.states.row(sender as usize);
        let distance = squared(x, y);
        let weight = (-distance / (2.0 * reach * reach)).exp().max(1e-30);
        let scale = weight / (1.0 + distance.sqrt());
        total += f64::from(weight);
        pull.iter_mut().zip(y.iter().zip(x)).for_each(|(pull, (y, x))| *pull += scale * (y - x));
    }
    if total > 0.0 {
        sum.iter_mut().zip(pull).for_each(|(sum, pull)| *sum += f64::from(pull) / total);
    }
}

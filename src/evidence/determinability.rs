//! What a study can tell of a link at all: the share of a sender's pull that is not a function of the receiver's own state and of what all
//! samples share at a time. Whatever is such a function, an intrinsic drift can do as well.

use super::pull::{add_pull, senders};
use super::solve::solve;
use super::study::Cells;
use crate::data::{Dataset, evenly};
use rand::SeedableRng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

/// Most receivers of a population.
const RECEIVERS: usize = 80;
/// Bumps among the functions of a receiver's state.
const BUMPS: usize = 60;
/// Ridge, per receiver.
const RIDGE: f64 = 0.01;
/// Fewer receivers say nothing.
const FEWEST_RECEIVERS: usize = 20;

/// The receivers of one type, with functions of their states: one that is constant at each time, the state, and bumps at random receivers.
pub(super) struct Receivers {
    /// Populations that they are of; the same one may come twice.
    populations: Vec<usize>,
    /// Position of each one's population in that list, and its cell.
    cells: Vec<(usize, u32)>,
    /// `[receivers, functions]`.
    functions: Vec<f64>,
    count: usize,
}

impl Receivers {
    /// Of type `kind` in `populations`, which are indices among those of `cells`.
    pub(super) fn new(
        dataset: &Dataset,
        cells: &Cells,
        kind: usize,
        populations: &[usize],
        reach: f32,
    ) -> Option<Self> {
        let mut chosen = Vec::new();
        for (position, &population) in populations.iter().enumerate() {
            let all = cells.of(population, kind);
            chosen.extend(evenly(all.len(), RECEIVERS).map(|at| (position, all[at])));
        }
        if chosen.len() < FEWEST_RECEIVERS {
            return None;
        }
        let rng = &mut ChaCha8Rng::seed_from_u64(kind as u64);
        let centres: Vec<u32> = chosen.sample(rng, BUMPS).map(|(_, cell)| *cell).collect();
        let width = f64::from(reach) / 2.0;
        let times = cells.times;
        let scales = scales(dataset, &chosen);
        let mut functions = Vec::new();
        for (_, cell) in &chosen {
            let x = dataset.states.row(*cell as usize);
            let now = dataset.times[*cell as usize] as usize;
            functions.extend((0..times).map(|time| if time == now { (times as f64).sqrt() } else { 0.0 }));
            functions.extend(x.iter().zip(&scales).map(|(value, (mean, sd))| (f64::from(*value) - mean) / sd));
            functions.extend(centres.iter().map(|centre| {
                let y = dataset.states.row(*centre as usize);
                let squared: f32 = x.iter().zip(y).map(|(a, b)| (a - b) * (a - b)).sum();
                (-f64::from(squared) / (2.0 * width * width)).exp()
            }));
        }
        Some(Self {
            populations: populations.to_vec(),
            cells: chosen,
            functions,
            count: times + dataset.states.cols + centres.len(),
        })
    }

    /// Share of the pull of type `sender` that the functions leave unexplained; none where no receiver is pulled. `absent` says of a
    /// position in the list of populations that the sender is to be taken as absent from it.
    pub(super) fn unexplained(
        &self,
        dataset: &Dataset,
        cells: &Cells,
        sender: usize,
        reach: f32,
        absent: impl Fn(usize) -> bool,
    ) -> Option<f32> {
        let (dimensions, count) = (dataset.states.cols, self.count);
        let mut pulls = vec![0.0; self.cells.len() * dimensions];
        let mut here = (usize::MAX, None);
        for ((position, cell), pull) in self.cells.iter().zip(pulls.chunks_exact_mut(dimensions)) {
            if here.0 != *position {
                let all = cells.of(self.populations[*position], sender);
                here = (*position, senders(all).filter(|_| !absent(*position)));
            }
            if let Some(senders) = &here.1 {
                add_pull(dataset, *cell, senders, reach, pull);
            }
        }
        let square: f64 = pulls.iter().map(|pull| pull * pull).sum();
        if square <= 0.0 {
            return None;
        }
        let mut gram = vec![0.0; count * count];
        let mut right = vec![0.0; count * dimensions];
        for (row, pull) in self.functions.chunks_exact(count).zip(pulls.chunks_exact(dimensions)) {
            for (a, value) in row.iter().enumerate() {
                let gram = &mut gram[a * count..a * count + a + 1];
                gram.iter_mut().zip(row).for_each(|(sum, other)| *sum += value * other);
                let right = &mut right[a * dimensions..(a + 1) * dimensions];
                right.iter_mut().zip(pull).for_each(|(sum, pull)| *sum += value * pull);
            }
        }
        (0..count).for_each(|a| gram[a * count + a] += RIDGE * self.cells.len() as f64);
        let weights = solve(&gram, &right, dimensions)?;
        let mut left = 0.0;
        for (row, pull) in self.functions.chunks_exact(count).zip(pulls.chunks_exact(dimensions)) {
            let mut rest = pull.to_vec();
            for (value, weights) in row.iter().zip(weights.chunks_exact(dimensions)) {
                rest.iter_mut().zip(weights).for_each(|(rest, weight)| *rest -= value * weight);
            }
            left += rest.iter().map(|rest| rest * rest).sum::<f64>();
        }
        Some((left / square) as f32)
    }
}

/// Mean and standard deviation of each component over the receivers.
fn scales(dataset: &Dataset, receivers: &[(usize, u32)]) -> Vec<(f64, f64)> {
    let count = receivers.len() as f64;
    let values = |component: usize| {
        receivers.iter().map(move |(_, cell)| f64::from(dataset.states.row(*cell as usize)[component]))
    };
    let scale = |component: usize| {
        let mean = values(component).sum::<f64>() / count;
        let variance = values(component).map(|value| (value - mean).powi(2)).sum::<f64>() / count;
        (mean, variance.sqrt().max(f64::MIN_POSITIVE))
    };
    (0..dataset.states.cols).map(scale).collect()
}

//! What is trained on: the populations of samples and times, and the intervals between them.

use super::groups::Groups;
use crate::data::Dataset;
use crate::error::Result;
use crate::protocol::Recipe;
use crate::train::{Trained, Unseen, training_samples};
use std::collections::BTreeMap;

/// Most samples of an update: of more, these take turns.
const MOST: usize = 8;
/// Fewest cells of a sample in an update.
const FEWEST: usize = 64;

/// Fewer cells of a group have no mean that is compared.
const FEWEST_OF_GROUP: f32 = 5.0;

/// A population: the cells of a sample at a time point.
#[derive(Clone, Debug)]
pub struct Population {
    /// Row-major states.
    pub states: Vec<f32>,
    /// Cells of each group, in parts.
    pub counts: Vec<f32>,
    /// Mean state of each group, groups x d.
    pub means: Vec<f32>,
}

/// An interval between two time points, with the samples that have cells at both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leg {
    /// Time point at which cells begin.
    pub from: usize,
    /// Time point that they are compared with.
    pub to: usize,
    /// The samples.
    pub samples: Vec<usize>,
}

/// Populations and the intervals between them.
pub struct Legs {
    /// Dimensions of the model space.
    pub dimensions: usize,
    /// By sample and time point.
    pub populations: BTreeMap<(usize, usize), Population>,
    /// In order of time.
    pub legs: Vec<Leg>,
    /// Time points after the first that are compared with.
    pub times: Vec<usize>,
    /// Time points of the dataset.
    points: usize,
}

impl Legs {
    /// Those that a recipe trains on: neither its held-out time points nor its held-out samples.
    ///
    /// # Errors
    /// As [`crate::train::TrainingData::new`].
    pub fn new(dataset: &Dataset, recipe: &Recipe, groups: &Groups) -> Result<Self> {
        let unseen = Unseen { times: &recipe.held_out, samples: &recipe.held_out_samples };
        let mut legs: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
        let mut populations = BTreeMap::new();
        for Trained { sample, first, times } in training_samples(dataset, &unseen)? {
            let whole: Vec<usize> = [first].into_iter().chain(times).collect();
            for &time in &whole {
                let cells = sample.map_or_else(|| dataset.cells_at(time), |it| dataset.sample_cells(it, time));
                let states = dataset.states_of(&cells);
                populations.insert((sample.unwrap_or(0), time), Population::of(states, dataset.states.cols, groups));
            }
            for pair in whole.windows(2) {
                legs.entry((pair[0], pair[1])).or_default().push(sample.unwrap_or(0));
            }
        }
        let mut times: Vec<usize> = legs.keys().map(|(_, to)| *to).collect();
        times.sort_unstable();
        times.dedup();
        let legs = legs.into_iter().map(|((from, to), samples)| Leg { from, to, samples }).collect();
        Ok(Self { dimensions: dataset.states.cols, populations, legs, times, points: dataset.time_points.len() })
    }

    /// The interval of an update, counted from 0, with the samples whose turn it is, and the cells of each.
    pub fn turn(&self, update: u32, cells: usize) -> (Leg, usize) {
        let (update, legs) = (update as usize, self.legs.len());
        let Leg { from, to, samples } = &self.legs[update % legs];
        let taking = samples.len().min(MOST);
        let first = update / legs * taking;
        let taken = (first..first + taking).map(|at| samples[at % samples.len()]).collect();
        let each = if samples.len() == 1 { cells } else { (cells / taking).max(FEWEST) };
        (Leg { from: *from, to: *to, samples: taken }, each)
    }

    /// Position of a population among all.
    pub fn place(&self, sample: usize, time: usize) -> usize {
        sample * self.points + time
    }
}

impl Population {
    fn of(states: Vec<f32>, d: usize, groups: &Groups) -> Self {
        let kinds = groups.bias.len();
        let (mut counts, mut means) = (vec![0.0f32; kinds], vec![0.0f32; kinds * d]);
        for state in states.chunks_exact(d) {
            for (group, share) in groups.of_state(state).into_iter().enumerate() {
                counts[group] += share;
                means[group * d..][..d].iter_mut().zip(state).for_each(|(sum, value)| *sum += share * value);
            }
        }
        for (mean, count) in means.chunks_exact_mut(d).zip(&counts) {
            mean.iter_mut().for_each(|mean| *mean /= count.max(f32::MIN_POSITIVE));
        }
        Self { states, counts, means }
    }

    /// Mean state of a group.
    pub fn mean(&self, group: usize) -> &[f32] {
        let d = self.means.len() / self.counts.len();
        &self.means[group * d..(group + 1) * d]
    }

    /// Number of cells.
    pub fn cells(&self) -> usize {
        self.states.len() / (self.means.len() / self.counts.len())
    }

    /// Some cells, row-major.
    pub fn rows(&self, rows: &[usize]) -> Vec<f32> {
        let d = self.means.len() / self.counts.len();
        rows.iter().flat_map(|row| &self.states[row * d..(row + 1) * d]).copied().collect()
    }
}

/// The cells that a difference between two means of each group is worth; 0 where there are too few.
pub(super) fn precision(from: &Population, to: &Population) -> Vec<f32> {
    let worth = |(a, b): (&f32, &f32)| if a.min(*b) >= FEWEST_OF_GROUP { 1.0 / (1.0 / a + 1.0 / b) } else { 0.0 };
    from.counts.iter().zip(&to.counts).map(worth).collect()
}

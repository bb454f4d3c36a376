//! Types of simulated cells, by their observed neighbours.

use super::frames::Frames;
use crate::data::{Dataset, Matrix, evenly};
use crate::preprocess::neighbours::{Neighbours, Reference};
use crate::protocol::Fates;

/// Neighbours that vote.
const NEIGHBOURS: usize = 15;
/// Observed cells that stand for all; an evenly spread sample of larger datasets.
const LANDMARKS: usize = 4096;
/// Labelled times per sampling interval.
const LABELS_PER_INTERVAL: f32 = 2.0;

/// Observed cells with their types, in the model space.
pub struct Neighbourhood {
    reference: Reference,
    /// Taken from all states, so that distances keep their digits.
    origin: Vec<f32>,
    kinds: Vec<u32>,
    types: usize,
}

/// The majority type among the neighbours of each of some cells.
pub struct Labels {
    /// The type.
    pub types: Vec<u16>,
    /// Share of the votes for it.
    pub confidence: Vec<f32>,
}

impl Neighbourhood {
    /// The neighbourhood that a dataset's cells make.
    pub fn new(dataset: &Dataset) -> Self {
        Self::of(&dataset.states, &dataset.cell_types, dataset.types.len())
    }

    /// The neighbourhood that cells make whose types are `kinds`, indices below `types`.
    pub fn of(states: &Matrix, kinds: &[u32], types: usize) -> Self {
        let landmarks: Vec<usize> = evenly(states.rows, LANDMARKS).collect();
        let count = landmarks.len();
        let origin: Vec<f32> = (0..states.cols)
            .map(|axis| landmarks.iter().map(|&cell| states.row(cell)[axis]).sum::<f32>() / count as f32)
            .collect();
        let values = landmarks.iter().flat_map(|&cell| states.row(cell).iter().zip(&origin).map(|(x, o)| x - o));
        let reference = Matrix { rows: count, cols: states.cols, values: values.collect() };
        Self {
            reference: Reference::new(&reference),
            kinds: landmarks.iter().map(|&cell| kinds[cell]).collect(),
            types,
            origin,
        }
    }

    /// The nearest observed cells of each of the cells at `states`, and how many they are.
    fn nearest(&self, states: &[f32], most: usize) -> (Neighbours, usize) {
        let cols = self.origin.len();
        let values = states.chunks_exact(cols).flat_map(|row| row.iter().zip(&self.origin).map(|(x, o)| x - o));
        let queries = Matrix { rows: states.len() / cols, cols, values: values.collect() };
        let count = most.min(self.kinds.len());
        let mut found = Neighbours::default();
        // Bounded pieces: the distances of all queries to all landmarks would be large.
        for first in (0..queries.rows).step_by(512) {
            self.reference.search(&queries, first..queries.rows.min(first + 512), count, false, &mut found);
        }
        (found, count)
    }

    /// Mean distance of each of the cells at `states` (row-major, cells x d) to the observed cells around it. The nearest one does not count: an
    /// observed cell is its own.
    pub fn distances(&self, states: &[f32]) -> Vec<f32> {
        let (found, count) = self.nearest(states, NEIGHBOURS + 1);
        let mean = |all: &[f32]| all[1..].iter().sum::<f32>() / (count - 1).max(1) as f32;
        found.distances.chunks_exact(count).map(mean).collect()
    }

    /// Labels cells at `states` (row-major, cells x d).
    pub fn label(&self, states: &[f32]) -> Labels {
        let (found, count) = self.nearest(states, NEIGHBOURS);
        let mut labels = Labels { types: Vec::new(), confidence: Vec::new() };
        let mut votes = vec![0u32; self.types];
        for near in found.cells.chunks_exact(count) {
            votes.fill(0);
            near.iter().for_each(|&cell| votes[self.kinds[cell as usize] as usize] += 1);
            // Of types with equally many votes the nearest neighbour's wins: the first to reach the maximum from the near side.
            let most = votes.iter().copied().max().unwrap_or(0);
            let kind = near.iter().map(|&cell| self.kinds[cell as usize]).find(|&kind| votes[kind as usize] == most);
            labels.types.push(kind.unwrap_or(0) as u16);
            labels.confidence.push(most as f32 / count as f32);
        }
        labels
    }

    /// Types over time, of which none is there yet.
    pub fn no_fates(&self) -> Fates {
        Fates { neighbours: NEIGHBOURS.min(self.kinds.len()), ..Fates::default() }
    }

    /// Share of each type among labelled cells.
    pub fn shares(&self, types: &[u16]) -> Vec<f32> {
        let mut shares = vec![0.0; self.types];
        types.iter().for_each(|&kind| shares[kind as usize] += 1.0 / types.len() as f32);
        shares
    }
}

/// The frames whose cells get types: those on whole and half index units, and the last one.
pub fn labelled(times: &[f32]) -> Vec<usize> {
    let chosen = |&index: &usize| {
        let place = times[index] * LABELS_PER_INTERVAL;
        (place - place.round()).abs() <= 1e-3 || index + 1 == times.len()
    };
    (0..times.len()).filter(chosen).collect()
}

/// Adds the types of a frame's cells.
pub fn label(neighbourhood: &Neighbourhood, frames: &Frames, index: usize, fates: &mut Fates) {
    let labels = neighbourhood.label(frames.frame(index));
    fates.times.0.push(frames.times[index]);
    fates.shares.0.extend(neighbourhood.shares(&labels.types));
    fates.types.0.extend(labels.types);
    fates.confidence.0.extend(labels.confidence);
}

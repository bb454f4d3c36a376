//! Clusters of cells: Leiden communities among the neighbours that a UMAP would use.

mod leiden;

use super::neighbours::{Neighbours, Reference};
use super::umap::MOST_CELLS;
use super::{cells_in_piece, graph};
use crate::data::{Matrix, evenly};
use crate::protocol::Clusters as Settings;
use crate::{Error, Result};
use leiden::{Graph, Leiden};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// Neighbours of a cell without itself, as many as a UMAP has by default.
const NEIGHBOURS: usize = 14;

/// A clustering in progress. Communities are sought among [`MOST_CELLS`] cells at most; the others of a larger dataset belong where most of their
/// neighbours among these do.
pub(super) struct Clustering {
    settings: Settings,
    /// Number of all cells.
    cells: usize,
    /// Rows among which communities are sought, evenly spread.
    sample: Vec<usize>,
    /// Their states, centred.
    states: Matrix,
    centre: Vec<f32>,
    reference: Reference,
    count: usize,
    neighbours: Vec<u32>,
    memberships: Vec<f32>,
    next: usize,
    leiden: Option<Leiden>,
    found: Option<Vec<usize>>,
    placed: Vec<u32>,
}

impl Clustering {
    /// Begins with a matrix of cells x d.
    ///
    /// # Errors
    ///
    /// If the resolution cannot be, or there are fewer than three cells.
    pub(super) fn new(states: &Matrix, settings: Settings) -> Result<Self> {
        if !(settings.resolution.is_finite() && settings.resolution > 0.0) {
            return Err(Error::request(format!("clusters of resolution {} cannot be had", settings.resolution))
                .remedy("Give a positive number, such as 1: more makes smaller clusters."));
        }
        states.check_finite().map_err(|error| error.at("states"))?;
        if states.rows < 3 {
            return Err(Error::input(format!("clusters need at least 3 cells, there are {}", states.rows)));
        }
        let cells = states.rows.min(MOST_CELLS);
        let sample: Vec<usize> = evenly(states.rows, cells).collect();
        let mut centre = vec![0.0; states.cols];
        for cell in &sample {
            centre.iter_mut().zip(states.row(*cell)).for_each(|(sum, value)| *sum += value / cells as f32);
        }
        let chosen = centred(states, sample.iter().copied(), &centre);
        Ok(Self {
            settings,
            cells: states.rows,
            reference: Reference::new(&chosen),
            states: chosen,
            sample,
            centre,
            count: NEIGHBOURS.min(cells - 1),
            neighbours: Vec::new(),
            memberships: Vec::new(),
            next: 0,
            leiden: None,
            found: None,
            placed: Vec::new(),
        })
    }

    /// Share that is done, 0 to 1.
    pub(super) fn done(&self) -> f32 {
        match &self.leiden {
            None => 0.8 * self.next as f32 / self.states.rows as f32,
            Some(_) => 0.9,
        }
    }

    /// What was found, in one sentence.
    pub(super) fn note(&self, clusters: usize) -> String {
        let Settings { resolution, seed, .. } = self.settings;
        let cells = self.sample.len();
        let among = match self.cells {
            all if all == cells => String::new(),
            all => format!(" among {cells} of {all} cells, which the others follow"),
        };
        format!(
            "The cells had no types. They were clustered here{among}: {clusters} Leiden communities of {} neighbours, resolution {resolution}, \
             seed {seed}.",
            self.count + 1
        )
    }

    /// Does one bounded piece of work; returns the cluster of each cell after the last, the largest cluster first. `states` are those it was begun with.
    pub(super) fn advance(&mut self, states: &Matrix) -> Option<Vec<u32>> {
        let rows = cells_in_piece(2 * self.states.rows * self.states.cols);
        let Some(leiden) = &mut self.leiden else {
            let until = self.states.rows.min(self.next + rows);
            let mut found = Neighbours::default();
            self.reference.search(&self.states, self.next..until, self.count, true, &mut found);
            self.memberships.extend(graph::memberships(&found, self.count));
            self.neighbours.extend(found.cells);
            self.next = until;
            if until == self.states.rows {
                let pairs = graph::union(&self.neighbours, &self.memberships, self.count);
                let rng = ChaCha8Rng::seed_from_u64(u64::from(self.settings.seed));
                self.leiden = Some(Leiden::new(Graph::new(until, &pairs), self.settings.resolution, rng));
                self.next = 0;
            }
            return None;
        };
        let Some(found) = &self.found else {
            self.found = leiden.advance();
            return None;
        };
        if self.sample.len() == states.rows {
            return Some(found.iter().map(|cluster| *cluster as u32).collect());
        }
        let until = states.rows.min(self.next + rows);
        let queries = centred(states, self.next..until, &self.centre);
        let mut near = Neighbours::default();
        self.reference.search(&queries, 0..queries.rows, self.count, false, &mut near);
        let memberships = graph::memberships(&near, self.count);
        let clusters = found.iter().max().map_or(0, |most| most + 1);
        for (cells, weights) in near.cells.chunks_exact(self.count).zip(memberships.chunks_exact(self.count)) {
            let mut votes = vec![0.0f32; clusters];
            cells.iter().zip(weights).for_each(|(cell, weight)| votes[found[*cell as usize]] += weight);
            let best = (0..clusters).fold(0, |best, other| if votes[other] > votes[best] { other } else { best });
            self.placed.push(best as u32);
        }
        self.next = until;
        if until < states.rows {
            return None;
        }
        for (cell, cluster) in self.sample.iter().zip(found) {
            self.placed[*cell] = *cluster as u32;
        }
        Some(std::mem::take(&mut self.placed))
    }
}

/// Some rows of a matrix, less a centre.
fn centred(states: &Matrix, rows: impl ExactSizeIterator<Item = usize>, centre: &[f32]) -> Matrix {
    let (count, cols) = (rows.len(), states.cols);
    let values =
        rows.flat_map(|row| states.row(row).iter().zip(centre).map(|(value, centre)| value - centre)).collect();
    Matrix { rows: count, cols, values }
}

/// The cluster of each cell of a matrix of cells x d, the largest cluster first.
///
/// # Errors
///
/// If the resolution cannot be, or there are fewer than three cells.
pub fn clusters(states: &Matrix, settings: Settings) -> Result<Vec<u32>> {
    let mut clustering = Clustering::new(states, settings)?;
    loop {
        if let Some(found) = clustering.advance(states) {
            return Ok(found);
        }
    }
}

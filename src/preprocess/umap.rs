//! UMAP: a plane in which neighbours stay neighbours (McInnes, Healy, Melville 2018, arXiv 1802.03426).
//!
//! The maintained crates read the standard clock and start threads, neither of which a browser's worker has; this one does bounded
//! pieces of work on one thread. The settings that are not asked for are umap-learn's defaults, except that neighbours are exact and the layout
//! starts from the first two principal components of the states, which keeps the global arrangement as well as the spectral start does
//! (Kobak, Linderman 2021) and repeats exactly.

mod curve;
mod layout;

use crate::data::{Matrix, evenly};
use crate::preprocess::neighbours::{Neighbours, Reference};
use crate::preprocess::pca::pca;
use crate::preprocess::{cells_in_piece, graph};
use crate::protocol::UmapSettings;
use crate::{Error, Result};
use curve::Curve;
use layout::Layout;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

/// Cells that the layout is computed of at most. The others of a larger dataset are placed at the mean of their neighbours among these,
/// weighted by membership and not moved further.
pub(super) const MOST_CELLS: usize = 20_000;

/// A UMAP in progress.
pub(super) struct Umap {
    settings: UmapSettings,
    /// Number of all cells.
    cells: usize,
    /// Rows that the layout is computed of, evenly spread.
    sample: Vec<usize>,
    /// Their states, centred.
    states: Matrix,
    centre: Vec<f32>,
    reference: Reference,
    /// Neighbours of a cell, without itself.
    count: usize,
    /// Of the cells up to `next`: their neighbours, and how much each belongs to the neighbourhood.
    neighbours: Vec<u32>,
    memberships: Vec<f32>,
    next: usize,
    layout: Option<Layout>,
    placed: Vec<f32>,
}

impl Umap {
    /// Begins with a matrix of cells x d, of which `most` are laid out.
    ///
    /// # Errors
    ///
    /// If a state is not finite, there are fewer than three cells, or the settings cannot be.
    pub(super) fn new(states: &Matrix, settings: UmapSettings, most: usize) -> Result<Self> {
        states.check_finite().map_err(|error| error.at("states"))?;
        check(&settings)?;
        if states.rows < 3 {
            return Err(Error::input(format!("UMAP needs at least 3 cells, there are {}", states.rows)));
        }
        let cells = states.rows.min(most);
        let sample: Vec<usize> = evenly(states.rows, cells).collect();
        let mut centre = vec![0.0; states.cols];
        for cell in &sample {
            centre.iter_mut().zip(states.row(*cell)).for_each(|(sum, value)| *sum += value / cells as f32);
        }
        let values = sample.iter().flat_map(|cell| centred(states.row(*cell), &centre)).collect();
        let chosen = Matrix { rows: cells, cols: states.cols, values };
        Ok(Self {
            settings,
            cells: states.rows,
            sample,
            reference: Reference::new(&chosen),
            states: chosen,
            centre,
            count: (settings.neighbours - 1).min(cells - 1),
            neighbours: Vec::new(),
            memberships: Vec::new(),
            next: 0,
            layout: None,
            placed: Vec::new(),
        })
    }

    /// What the next piece does, and the share that is done, 0 to 1.
    pub(super) fn progress(&self) -> (&'static str, f32) {
        match &self.layout {
            None => ("neighbours", 0.5 * self.next as f32 / self.states.rows as f32),
            Some(layout) => ("UMAP", 0.5 + 0.5 * layout.done()),
        }
    }

    /// What was computed, in one sentence.
    pub(super) fn note(&self) -> String {
        let UmapSettings { neighbours, minimum_distance, seed } = self.settings;
        let settings = format!("{neighbours} neighbours, minimum distance {minimum_distance}, seed {seed}");
        let cells = self.sample.len();
        match self.cells {
            all if all == cells => format!("The UMAP was computed here ({settings})."),
            all => format!(
                "The UMAP was computed here of {cells} of {all} cells ({settings}); the others lie at the mean of their neighbours."
            ),
        }
    }

    /// Does one bounded piece of work; returns cells x 2 after the last. `states` are those it was begun with.
    ///
    /// # Errors
    ///
    /// If the layout comes to values that are not finite.
    pub(super) fn advance(&mut self, states: &Matrix) -> Result<Option<Matrix>> {
        let rows = cells_in_piece(2 * self.states.rows * self.states.cols);
        match &mut self.layout {
            None => {
                let until = self.states.rows.min(self.next + rows);
                let mut found = Neighbours::default();
                self.reference.search(&self.states, self.next..until, self.count, true, &mut found);
                self.memberships.extend(graph::memberships(&found, self.count));
                self.neighbours.extend(found.cells);
                self.next = until;
                if until == self.states.rows {
                    self.layout = Some(self.begin());
                    self.next = 0;
                }
                Ok(None)
            }
            Some(layout) if layout.done() < 1.0 => {
                let last = layout.advance().is_some();
                if last && self.sample.len() == states.rows {
                    let values = layout.positions.as_flattened().to_vec();
                    return Ok(Some(Matrix { rows: states.rows, cols: 2, values }));
                }
                Ok(None)
            }
            Some(layout) => {
                let until = states.rows.min(self.next + rows);
                let values = (self.next..until).flat_map(|cell| centred(states.row(cell), &self.centre)).collect();
                let queries = Matrix { rows: until - self.next, cols: states.cols, values };
                place(&self.reference, &queries, self.count, &layout.positions, &mut self.placed);
                self.next = until;
                if until < states.rows {
                    return Ok(None);
                }
                for (cell, position) in self.sample.iter().zip(&layout.positions) {
                    self.placed[2 * cell..2 * cell + 2].copy_from_slice(position);
                }
                Ok(Some(Matrix { rows: states.rows, cols: 2, values: std::mem::take(&mut self.placed) }))
            }
        }
    }

    fn begin(&self) -> Layout {
        let pairs = graph::union(&self.neighbours, &self.memberships, self.count);
        let seed = u64::from(self.settings.seed);
        let curve = Curve::fit(f64::from(self.settings.minimum_distance));
        Layout::new(start(&self.states, seed), &pairs, curve, seed)
    }
}

fn check(settings: &UmapSettings) -> Result<()> {
    if settings.neighbours < 2 {
        return Err(Error::request("UMAP needs at least 2 neighbours, the cell itself included"));
    }
    if !(0.0..=1.0).contains(&settings.minimum_distance) {
        let what = format!("the smallest distance in a UMAP cannot be {}, 0 to 1 can", settings.minimum_distance);
        return Err(Error::request(what));
    }
    Ok(())
}

fn centred<'a>(row: &'a [f32], centre: &'a [f32]) -> impl Iterator<Item = f32> + 'a {
    row.iter().zip(centre).map(|(value, centre)| value - centre)
}

/// The first two principal components, each stretched to 0 .. 10, with a little noise, so that equal cells part; the first axes if the
/// states do not fill a plane.
fn start(states: &Matrix, seed: u64) -> Vec<[f32; 2]> {
    let scores = pca(states, 2).map(|pca| pca.scores);
    let plane = scores.as_ref().unwrap_or(states);
    let rng = &mut ChaCha8Rng::seed_from_u64(seed);
    let mut positions = vec![[0.0; 2]; plane.rows];
    for axis in 0..plane.cols.min(2) {
        let values = || (0..plane.rows).map(|cell| plane.row(cell)[axis]);
        let (low, high) = values().fold((f32::MAX, f32::MIN), |(low, high), value| (low.min(value), high.max(value)));
        for (position, value) in positions.iter_mut().zip(values()) {
            position[axis] = 10.0 * (value - low) / (high - low).max(f32::MIN_POSITIVE);
        }
    }
    for position in positions.as_flattened_mut() {
        let noise: f32 = StandardNormal.sample(rng);
        *position += 1e-4 * noise;
    }
    positions
}

/// Appends the places of cells that the layout has not seen.
fn place(reference: &Reference, queries: &Matrix, count: usize, positions: &[[f32; 2]], placed: &mut Vec<f32>) {
    let mut neighbours = Neighbours::default();
    reference.search(queries, 0..queries.rows, count, false, &mut neighbours);
    let memberships = graph::memberships(&neighbours, count);
    for (cells, weights) in neighbours.cells.chunks_exact(count).zip(memberships.chunks_exact(count)) {
        let total: f32 = weights.iter().sum();
        let sum = cells.iter().zip(weights).fold([0.0; 2], |[x, y], (cell, weight)| {
            let position = positions[*cell as usize];
            [x + position[0] * weight, y + position[1] * weight]
        });
        placed.extend(sum.map(|sum| sum / total));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_that_are_not_laid_out_are_placed_with_their_neighbours() {
        // Two lines far apart, cell by cell in turn.
        let values = (0..500u16).flat_map(|cell| [f32::from(cell % 2) * 1000.0, f32::from(cell)]).collect();
        let states = Matrix::new(500, 2, values).unwrap();
        let mut umap = Umap::new(&states, UmapSettings::default(), 300).unwrap();
        let positions = loop {
            if let Some(positions) = umap.advance(&states).unwrap() {
                break positions;
            }
        };
        assert!(umap.note().contains("of 300 of 500 cells"), "{}", umap.note());
        let distance = |a: usize, b: usize| {
            let [a, b] = [a, b].map(|cell| [positions.row(cell)[0], positions.row(cell)[1]]);
            (a[0] - b[0]).hypot(a[1] - b[1])
        };
        for cell in 2..500 {
            let others = (0..500).filter(|other| other % 2 != cell % 2);
            let nearest_other = others.map(|other| distance(cell, other)).fold(f32::MAX, f32::min);
            assert!(distance(cell, cell - 2) < nearest_other, "cell {cell}");
        }
    }
}

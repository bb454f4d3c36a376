//! Simulated cells at a moment of their way, with trails.

use super::scatter::{Viewport, between_frames};
use crate::protocol::Simulation;

/// Age of the pieces of a trail, in sampling intervals.
const TRAIL: [f64; 5] = [0.24, 0.18, 0.12, 0.06, 0.0];
/// Size of a cell, in pixels.
pub const RADIUS: f64 = 2.8;
/// Radius of the ground that a cell of the noise floor covers, in pixels, and how dense that ground is.
pub const FLOOR: (f64, f64) = (11.0, 0.16);

/// How cells are marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marker {
    /// Simulated cells that nothing is compared with.
    Plain,
    /// Cells of an experiment without the change.
    Unchanged,
    /// Cells of an experiment with the change.
    Changed,
    /// Cells of an experiment without the change, under other seeds: how far noise alone reaches.
    Floor,
}

impl Marker {
    /// What it stands for.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "simulated",
            Self::Unchanged => "unchanged",
            Self::Changed => "changed",
            Self::Floor => "noise floor",
        }
    }
}

/// A part of all trails.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// In pixels.
    pub width: f64,
    /// The older, the fainter.
    pub opacity: f64,
    /// One line a cell.
    pub lines: Vec<[[f64; 2]; 2]>,
}

/// Cells in pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Moving {
    /// From the oldest to the newest.
    pub trail: Vec<Piece>,
    /// Where the cells are.
    pub cells: Vec<[f64; 2]>,
    /// The type that each of them has become, at the nearest time at which that is known; empty where it is not.
    pub kinds: Vec<u16>,
}

/// Where the cells are at a time, in index units; what is not finite is left out.
#[must_use]
pub fn at(simulation: &Simulation, time: f64, viewport: &Viewport) -> Moving {
    let first = f64::from(simulation.times.first().copied().unwrap_or(0.0));
    let places = |time: f64| -> Vec<[f64; 2]> {
        let cells = between_frames(&simulation.times, &simulation.positions, time.max(first));
        cells.into_iter().map(|cell| viewport.project(cell.map(f64::from))).collect()
    };
    let finite = |place: &[f64; 2]| place.iter().all(|c| c.is_finite());
    let mut before = places(time - TRAIL[0]);
    let mut trail = Vec::new();
    for (i, age) in TRAIL.iter().enumerate().skip(1) {
        let now = places(time - age);
        let lines = before.iter().zip(&now).filter(|(a, b)| finite(a) && finite(b)).map(|(a, b)| [*a, *b]);
        trail.push(Piece { width: 1.0 + 0.3 * i as f64, opacity: 0.10 * i as f64, lines: lines.collect() });
        before = now;
    }
    let types = types_at(simulation, time);
    let there = |i: &usize| finite(&before[*i]);
    let kinds = (0..types.len().min(before.len())).filter(there).map(|i| types[i]).collect();
    before.retain(finite);
    Moving { trail, cells: before, kinds }
}

/// Types of all cells at the nearest time at which they are known.
fn types_at(simulation: &Simulation, time: f64) -> &[u16] {
    let Some(fates) = simulation.fates.as_ref().filter(|fates| !fates.times.is_empty()) else { return &[] };
    let cells = fates.types.len() / fates.times.len();
    let distance = |index: &usize| (f64::from(fates.times[*index]) - time).abs();
    let nearest = (0..fates.times.len()).min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or(0);
    fates.types.get(nearest * cells..(nearest + 1) * cells).unwrap_or(&[])
}

/// The outline of a changed cell: all others are circles.
#[must_use]
pub fn diamond([x, y]: [f64; 2]) -> [[f64; 2]; 5] {
    let r = 1.35 * RADIUS;
    [[x + r, y], [x, y + r], [x - r, y], [x, y - r], [x + r, y]]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::scatter::Bounds;
    use crate::protocol::Fates;

    #[test]
    fn a_trail_ends_at_its_cell_and_begins_no_earlier_than_the_simulation() {
        let simulation = Simulation {
            times: vec![1.0, 2.0].into(),
            positions: vec![0.0, 5.0, f32::NAN, 5.0, 10.0, 5.0, f32::NAN, 5.0].into(),
            fates: Some(Fates { times: vec![1.0, 2.0].into(), types: vec![3, 4, 5, 6].into(), ..Fates::default() }),
            ..Simulation::default()
        };
        let viewport = Viewport::fit(Bounds { low: [0.0; 2], high: [10.0; 2] }, [100.0, 100.0], 0.0);
        let half = at(&simulation, 1.5, &viewport);
        assert_eq!(half.cells, [[50.0, 50.0]], "a cell without a place is left out");
        let [oldest, newest] = [&half.trail[0], &half.trail[half.trail.len() - 1]];
        assert!(oldest.opacity < newest.opacity && oldest.width < newest.width);
        assert!((oldest.lines[0][0][0] - 26.0).abs() < 1e-3 && newest.lines[0][1] == half.cells[0]);
        assert_eq!((at(&simulation, 1.4, &viewport).kinds, at(&simulation, 1.6, &viewport).kinds), (vec![3], vec![5]));
        let start = at(&simulation, 1.0, &viewport);
        assert!(start.trail.iter().all(|piece| piece.lines[0] == [[0.0, 50.0]; 2]), "nothing before the first frame");
    }
}

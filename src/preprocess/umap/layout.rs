//! Points in the plane, drawn together and pushed apart (McInnes, Healy, Melville 2018, algorithm 5).

use super::curve::Curve;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Pushes for each pull.
const NEGATIVE_SAMPLES: f32 = 5.0;

/// Longest step along an axis, before the learning rate.
const LONGEST_STEP: f32 = 4.0;

/// A layout in progress.
pub(super) struct Layout {
    /// x and y of each cell.
    pub(super) positions: Vec<[f32; 2]>,
    pairs: Vec<Pair>,
    curve: Curve,
    epochs: usize,
    epoch: usize,
    rng: ChaCha8Rng,
}

/// Two cells that are drawn together every so many epochs.
struct Pair {
    cell: u32,
    other: u32,
    every: f32,
    next: f32,
    next_push: f32,
}

impl Layout {
    /// Begins at `positions`. A pair is used in the more epochs the stronger it is, the strongest in each.
    pub(super) fn new(positions: Vec<[f32; 2]>, pairs: &[(u32, u32, f32)], curve: Curve, seed: u64) -> Self {
        // umap-learn's defaults.
        let epochs = if positions.len() <= 10_000 { 500 } else { 200 };
        let strongest = pairs.iter().map(|(_, _, strength)| *strength).fold(f32::MIN_POSITIVE, f32::max);
        let pairs = pairs
            .iter()
            .filter(|(_, _, strength)| *strength >= strongest / epochs as f32)
            .map(|&(cell, other, strength)| {
                let every = strongest / strength;
                Pair { cell, other, every, next: every, next_push: every / NEGATIVE_SAMPLES }
            })
            .collect();
        Self { positions, pairs, curve, epochs, epoch: 0, rng: ChaCha8Rng::seed_from_u64(seed) }
    }

    /// Share that is done, 0 to 1.
    pub(super) fn done(&self) -> f32 {
        self.epoch as f32 / self.epochs as f32
    }

    /// A few epochs; `Some` after the last.
    pub(super) fn advance(&mut self) -> Option<()> {
        const MOVES: usize = 1_000_000;
        let mut moves = 0;
        while moves < MOVES && self.epoch < self.epochs {
            moves += self.pairs.len() + self.run_epoch();
            self.epoch += 1;
        }
        (self.epoch == self.epochs).then_some(())
    }

    /// One epoch; returns the number of pulls and pushes.
    fn run_epoch(&mut self) -> usize {
        let Curve { a, b } = self.curve;
        let rate = 1.0 - self.epoch as f32 / self.epochs as f32;
        let now = self.epoch as f32;
        let cells = self.positions.len() as u32;
        let mut moves = 0;
        for pair in self.pairs.iter_mut().filter(|pair| pair.next <= now) {
            let mut cell = self.positions[pair.cell as usize];
            let mut other = self.positions[pair.other as usize];
            let away = difference(cell, other);
            let square = away[0] * away[0] + away[1] * away[1];
            if square > 0.0 {
                let power = square.powf(b);
                let pull = -2.0 * a * b * power / square / (a * power + 1.0);
                for axis in 0..2 {
                    let step = (pull * away[axis]).clamp(-LONGEST_STEP, LONGEST_STEP) * rate;
                    cell[axis] += step;
                    other[axis] -= step;
                }
                self.positions[pair.other as usize] = other;
            }
            pair.next += pair.every;
            let pushes = ((now - pair.next_push) / (pair.every / NEGATIVE_SAMPLES)).max(0.0) as usize;
            pair.next_push += pushes as f32 * pair.every / NEGATIVE_SAMPLES;
            for _ in 0..pushes {
                // A multiplication instead of a remainder: 32 random bits as a fraction of the cells.
                let from = ((u64::from(self.rng.next_u32()) * u64::from(cells)) >> 32) as u32;
                if from == pair.cell {
                    continue;
                }
                let away = difference(cell, self.positions[from as usize]);
                let square = away[0] * away[0] + away[1] * away[1];
                if square > 0.0 {
                    let push = 2.0 * b / ((0.001 + square) * (a * square.powf(b) + 1.0));
                    (0..2).for_each(|axis| {
                        cell[axis] += (push * away[axis]).clamp(-LONGEST_STEP, LONGEST_STEP) * rate;
                    });
                }
            }
            self.positions[pair.cell as usize] = cell;
            moves += 1 + pushes;
        }
        moves
    }
}

fn difference(a: [f32; 2], b: [f32; 2]) -> [f32; 2] {
    [a[0] - b[0], a[1] - b[1]]
}

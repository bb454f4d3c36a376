//! Everything random about a training, addressed by update: the same seed gives the same training on every device.

mod addressed;

pub use addressed::{AddressedDraws, Given, Purpose};

use crate::sde::Brownian;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// The random draws of one training.
#[derive(Clone, Debug)]
pub enum Draws {
    /// Everything follows from this seed and the number of the update.
    Seeded(u32),
    /// The same start cells and noise at every update and no dropout: for comparing with another implementation.
    Given {
        /// Indices of the start cells.
        cells: Vec<usize>,
        /// Standard normal numbers of each step, `[n, d + 1]` row-major; the last column, the action's, has no effect.
        noise: Vec<Vec<f32>>,
    },
}

impl Draws {
    /// The draws for another sample of the same training; those of sample 0 are the training's own.
    #[must_use]
    pub fn of_sample(&self, sample: usize) -> Self {
        match self {
            // The golden ratio: seeds that are close stay apart.
            Self::Seeded(seed) => Self::Seeded(seed.wrapping_add((sample as u32).wrapping_mul(0x9E37_79B9))),
            Self::Given { .. } => self.clone(),
        }
    }

    /// `count` cells out of `available`: without replacement if there are enough, else with.
    pub fn cells(&self, update: u32, available: usize, count: usize) -> Vec<usize> {
        match self {
            Self::Seeded(seed) => chosen(&mut stream(*seed, 1, update), available, count),
            Self::Given { cells, .. } => cells.clone(),
        }
    }

    /// `count` standard normal numbers of a step of an update's rollout.
    pub fn noise(&self, update: u32, step: usize, count: usize) -> Vec<f32> {
        match self {
            Self::Seeded(seed) => Brownian::new(stream(*seed, 2, update).next_u64()).normals(step, count),
            Self::Given { noise, .. } => noise[step].clone(),
        }
    }

    /// The seed of an update's dropout, if there is any.
    pub fn dropout(&self, update: u32) -> Option<u64> {
        match self {
            Self::Seeded(seed) => Some(stream(*seed, 3, update).next_u64()),
            Self::Given { .. } => None,
        }
    }
}

/// `count` of `available` positions: without replacement if there are enough, else with.
fn chosen(rng: &mut ChaCha8Rng, available: usize, count: usize) -> Vec<usize> {
    let mut below = |bound: usize| ((u64::from(rng.next_u32()) * bound as u64) >> 32) as usize;
    if available < count {
        return (0..count).map(|_| below(available)).collect();
    }
    let mut order: Vec<usize> = (0..available).collect();
    for position in 0..count {
        order.swap(position, position + below(available - position));
    }
    order.truncate(count);
    order
}

fn stream(seed: u32, purpose: u64, update: u32) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(u64::from(seed));
    rng.set_stream(purpose << 32 | u64::from(update));
    rng
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_repeat_only_where_there_are_too_few() {
        let draws = Draws::Seeded(5);
        let mut cells = draws.cells(0, 100, 100);
        cells.sort_unstable();
        assert_eq!(cells, (0..100).collect::<Vec<_>>());
        assert_eq!(draws.cells(0, 3, 50).len(), 50);
        assert_ne!(draws.cells(1, 1000, 20), draws.cells(2, 1000, 20));
        assert_eq!(draws.cells(1, 1000, 20), Draws::Seeded(5).cells(1, 1000, 20));
    }
}

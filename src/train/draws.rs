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

    /// `count` of the `available` observed cells at a position among the training times, without replacement; all of them if there are no more.
    pub fn targets(&self, update: u32, at: usize, available: usize, count: usize) -> Vec<usize> {
        let count = count.min(available);
        match self {
            Self::Seeded(seed) => chosen(&mut stream(*seed, 4 + at as u64, update), available, count),
            Self::Given { .. } => (0..count).collect(),
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
    use crate::tensor::{cpu, read_now, upload};
    use crate::transport::{Cloud, Schedule};
    use pollster::block_on;

    #[test]
    fn observed_cells_are_drawn_anew_at_each_time_and_in_each_update() {
        let drawn = |update, at| Draws::Seeded(5).targets(update, at, 1000, 20);
        let of = |mut cells: Vec<usize>| {
            cells.sort_unstable();
            cells.dedup();
            cells.len()
        };
        assert_eq!(of(drawn(0, 0)), 20);
        assert_ne!(drawn(0, 0), drawn(1, 0));
        assert_ne!(drawn(0, 0), drawn(0, 1));
        assert_eq!(of(Draws::Seeded(5).targets(0, 0, 7, 20)), 7);
    }

    /// Over many draws the divergences spread as much as each of them says that it may be off.
    #[test]
    fn a_divergence_from_drawn_cells_knows_its_error() {
        let (device, schedule) = (cpu(), Schedule::new(9.0, 0.5, 0.7));
        let normals = |seed, count| Brownian::new(seed).normals(0, count * 2);
        let x = upload(normals(1, 60).into_iter().map(|v| 0.5 * v + 1.0).collect(), [60, 2], &device);
        let (count, drawn) = (2000, 200);
        let mut cloud = Cloud::new(normals(2, count), 2, &device);
        let some = |update, drawn| {
            let rows = Draws::Seeded(3).targets(update, 0, count, drawn);
            let found = block_on(cloud.divergence_from_some(x.clone(), &rows, &schedule)).unwrap();
            (f64::from(read_now(found.divergence.value)[0]), f64::from(read_now(found.variance)[0]))
        };
        let found: Vec<(f64, f64)> = (0..100).map(|update| some(update, drawn)).collect();
        let mean = |value: &dyn Fn(&(f64, f64)) -> f64| found.iter().map(value).sum::<f64>() / found.len() as f64;
        let (value, told) = (mean(&|it| it.0), mean(&|it| it.1).sqrt());
        let spread = mean(&|it| (it.0 - value).powi(2)).sqrt();
        assert!((spread / told - 1.0).abs() < 0.25, "{spread} is the spread, {told} is told");
        let (all, no_error) = some(0, count);
        let whole = read_now(block_on(cloud.divergence(x.clone(), None, &schedule)).unwrap().value)[0];
        assert!((all - f64::from(whole)).abs() < 1e-4 && no_error == 0.0, "{all} is not {whole}");
        assert!((value - all).abs() < told, "{value} instead of {all}");
    }

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

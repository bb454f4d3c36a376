//! Draws with a purpose: for trainings that draw several things in an update.

use super::{chosen, stream};
use crate::sde::Brownian;
use rand_chacha::rand_core::Rng;
use std::collections::BTreeMap;

/// First of the streams of a seed that are used here; those below belong to [`super::Draws`].
const FIRST_STREAM: u64 = 16;

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// Start cells of the rollout to a position among the training times, and its noise.
    Start(usize),
    /// Observed cells at a position among the training times.
    Target(usize),
    /// Cells that are let diffuse, and their noise.
    Contrast,
}

/// The random draws of a training, addressed by update and purpose.
#[derive(Clone, Debug)]
pub enum AddressedDraws {
    /// Everything follows from this seed, the update and the purpose.
    Seeded(u32),
    /// Given numbers, for comparing with another implementation.
    Given(Given),
}

/// Given draws by update, counted from 0, and purpose.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Rows among the cells that are drawn from.
    pub cells: BTreeMap<(u32, Purpose), Vec<usize>>,
    /// Standard normal numbers of each step, row-major.
    pub noise: BTreeMap<(u32, Purpose), Vec<Vec<f32>>>,
}

impl Purpose {
    fn stream(self) -> u64 {
        FIRST_STREAM
            + match self {
                Self::Contrast => 0,
                Self::Start(at) => 1 + 2 * at as u64,
                Self::Target(at) => 2 + 2 * at as u64,
            }
    }
}

impl AddressedDraws {
    /// `count` cells out of `available`: without replacement if there are enough, else with.
    pub fn cells(&self, update: u32, purpose: Purpose, available: usize, count: usize) -> Vec<usize> {
        match self {
            Self::Seeded(seed) => chosen(&mut stream(*seed, purpose.stream(), update), available, count),
            Self::Given(given) => given.cells[&(update, purpose)].clone(),
        }
    }

    /// `count` numbers of an update, uniform from 0 to 1; of given draws they are the noise of the first step.
    pub fn uniform(&self, update: u32, purpose: Purpose, count: usize) -> Vec<f32> {
        match self {
            Self::Seeded(seed) => {
                let mut rng = stream(*seed, purpose.stream(), update);
                // Cells and noise of the same purpose take the stream before.
                rng.set_word_pos(1 << 41);
                (0..count).map(|_| (rng.next_u32() >> 8) as f32 / (1 << 24) as f32).collect()
            }
            Self::Given(given) => given.noise[&(update, purpose)][0].clone(),
        }
    }

    /// `count` standard normal numbers of a step of an update.
    pub fn noise(&self, update: u32, purpose: Purpose, step: usize, count: usize) -> Vec<f32> {
        match self {
            Self::Seeded(seed) => {
                let mut rng = stream(*seed, purpose.stream(), update);
                // The cells of the same purpose take the stream from its beginning.
                rng.set_word_pos(1 << 40);
                Brownian::new(rng.next_u64()).normals(step, count)
            }
            Self::Given(given) => given.noise[&(update, purpose)][step].clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_update_purpose_and_step_has_draws_of_its_own() {
        let draws = AddressedDraws::Seeded(3);
        let cells = |update, purpose| draws.cells(update, purpose, 1000, 20);
        assert_eq!(cells(1, Purpose::Start(2)), cells(1, Purpose::Start(2)));
        assert_ne!(cells(1, Purpose::Start(2)), cells(2, Purpose::Start(2)));
        assert_ne!(cells(1, Purpose::Start(2)), cells(1, Purpose::Target(2)));
        assert_ne!(cells(1, Purpose::Start(2)), cells(1, Purpose::Start(3)));
        let noise = |update, purpose, step| draws.noise(update, purpose, step, 8);
        assert_eq!(noise(0, Purpose::Contrast, 1), noise(0, Purpose::Contrast, 1));
        assert_ne!(noise(0, Purpose::Contrast, 1), noise(0, Purpose::Contrast, 2));
        assert_ne!(noise(0, Purpose::Contrast, 1), noise(0, Purpose::Start(0), 1));
        let uniform = draws.uniform(0, Purpose::Contrast, 1000);
        assert_eq!(uniform, draws.uniform(0, Purpose::Contrast, 1000));
        assert!(uniform.iter().all(|u| (0.0..1.0).contains(u)));
        assert!((uniform.iter().sum::<f32>() / 1000.0 - 0.5).abs() < 0.05);
        let mut all = draws.cells(0, Purpose::Contrast, 50, 50);
        all.sort_unstable();
        assert_eq!(all, (0..50).collect::<Vec<_>>());
    }
}

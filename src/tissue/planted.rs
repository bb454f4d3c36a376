//! Random interactions: no pair of types is likelier to be planted than another.

use super::{Planted, TYPES};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Probability that an ordered pair of different types interacts.
const SHARE: f32 = 1.0 / 3.0;
/// Weakest and strongest interaction, in units of the strength asked for.
const STRENGTHS: std::ops::Range<f32> = 0.5..0.9;

/// Interactions of a seed: each ordered pair of different types with probability 1/3, strengths from 0.5 to 0.9 times `strength`. At least
/// one pair interacts.
pub(super) fn random(seed: u64, strength: f32) -> Planted {
    let rng = &mut ChaCha8Rng::seed_from_u64(seed);
    loop {
        let mut planted = [[0.0; TYPES]; TYPES];
        for (receiver, row) in planted.iter_mut().enumerate() {
            for (sender, value) in row.iter_mut().enumerate() {
                let (interacts, size) = (rng.random::<f32>() < SHARE, rng.random_range(STRENGTHS));
                if interacts && sender != receiver {
                    *value = size * strength;
                }
            }
        }
        if planted.iter().flatten().any(|value| *value > 0.0) {
            return planted;
        }
    }
}

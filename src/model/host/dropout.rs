//! Dropped attention weights, drawn alike on every device.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Inverted dropout: weight number e, in the order `[heads, rows, senders]`, is dropped where the e-th 16 bits of a stream of draws are
/// below `rate` * 2^16; the others are multiplied by 1 / (1 - rate).
#[derive(Clone, Copy, Debug)]
pub struct Dropout {
    seed: u64,
    threshold: u32,
    kept: f32,
}

impl Dropout {
    /// That of a rollout under `seed` at `time` in block number `block` of f_inter; the same whenever it is asked for.
    pub fn at(seed: u64, time: f64, block: usize, rate: f32) -> Self {
        let threshold = (f64::from(rate) * f64::from(1u32 << 16)).round() as u32;
        Self { seed: seed ^ time.to_bits().rotate_left(block as u32), threshold, kept: 1.0 / (1.0 - rate) }
    }

    /// Writes the factors of the weights from number `first` on; `draws` is working memory.
    pub fn factors(&self, first: usize, factors: &mut [f32], draws: &mut Vec<u8>) {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        // two draws to a word
        rng.set_word_pos((first / 2) as u128);
        let skipped = first % 2;
        draws.resize(2 * (skipped + factors.len()), 0);
        rng.fill_bytes(draws);
        let (draws, _) = draws[2 * skipped..].as_chunks::<2>();
        for (factor, draw) in factors.iter_mut().zip(draws) {
            *factor = if u32::from(u16::from_le_bytes(*draw)) < self.threshold { 0.0 } else { self.kept };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_the_factors_is_as_in_the_whole() {
        let dropout = Dropout::at(9, 0.3, 0, 0.1);
        let (mut whole, mut draws) = (vec![0.0; 5000], Vec::new());
        dropout.factors(0, &mut whole, &mut draws);
        let dropped = whole.iter().filter(|factor| **factor == 0.0).count();
        assert!((400..600).contains(&dropped), "{dropped} of 5000");
        for first in [1, 2, 35, 1031] {
            let mut part = vec![0.0; 77];
            dropout.factors(first, &mut part, &mut draws);
            assert_eq!(part, whole[first..first + 77]);
        }
    }
}

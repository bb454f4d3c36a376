//! Seeded noise, drawn on the host so that every device sees the same path.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};

/// Standard normal draws addressed by step: the same seed and step always give the same numbers, in any order of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Brownian {
    seed: u64,
}

impl Brownian {
    /// A path for `seed`.
    pub fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// `count` standard normal numbers of step `step`.
    pub fn normals(&self, step: usize, count: usize) -> Vec<f32> {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        rng.set_stream(step as u64);
        StandardNormal.sample_iter(&mut rng).take(count).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_the_same_whenever_it_is_asked_for() {
        let path = Brownian::new(7);
        let third = path.normals(3, 64);
        path.normals(0, 10);
        assert_eq!(path.normals(3, 64), third);
        assert_ne!(path.normals(4, 64), third);
        assert_ne!(Brownian::new(8).normals(3, 64), third);
    }

    #[test]
    fn draws_have_mean_zero_and_variance_one() {
        let draws = Brownian::new(1).normals(0, 100_000);
        let mean = draws.iter().sum::<f32>() / 1e5;
        let variance = draws.iter().map(|z| (z - mean).powi(2)).sum::<f32>() / 1e5;
        assert!(mean.abs() < 0.02 && (variance - 1.0).abs() < 0.03, "{mean} {variance}");
    }
}

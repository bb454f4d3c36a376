//! Random operators, to compare with.

use faer::Mat;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};

/// Draws of the control.
pub(super) const DRAWS: u64 = 20;

/// A pair of random orthogonal matrices, row-major. Q A R^T has the singular values of A and no other trace of it; the same pair is used for
/// all cells, so that what the operators of cells have in common does not average out.
pub(super) fn rotations(d: usize, draw: u64) -> [Vec<f64>; 2] {
    let mut rng = ChaCha8Rng::seed_from_u64(draw);
    [0, 1].map(|_| {
        let normals: Vec<f64> = StandardNormal.sample_iter(&mut rng).take(d * d).collect();
        let q = Mat::from_fn(d, d, |row, column| normals[row * d + column]).qr().compute_Q();
        (0..d * d).map(|index| q[(index / d, index % d)]).collect()
    })
}

//! The sum of exponentials behind a softmin.

use crate::exponential::exp;
use crate::sums::{added, larger, largest_of};
use crate::vectorised;
use pulp::{Simd, WithSimd};

/// Of a softmin's terms, those below e^-25 of the largest are left out where no neighbour is above: all of 250,000 together would change the
/// sum by 3e-6 of itself. At small epsilons these are nearly all.
const NEGLIGIBLE: f32 = -25.0;

/// The largest exponent h_j - C_j * inverse, with `inverse` = 1 / eps, and the sum of exp(exponent - largest).
pub fn log_sum_exp(costs: &[f32], h: &[f32], inverse: f32) -> (f32, f32) {
    struct Work<'a>(&'a [f32], &'a [f32], f32);
    impl WithSimd for Work<'_> {
        type Output = (f32, f32);
        #[inline(always)]
        fn with_simd<S: Simd>(self, _: S) -> (f32, f32) {
            const LANES: usize = 32;
            let Self(costs, h, inverse) = self;
            let exponent = |cost: f32, h: f32| h - cost * inverse;
            let ((cost_chunks, cost_rest), (h_chunks, h_rest)) = (costs.as_chunks::<LANES>(), h.as_chunks::<LANES>());
            let rest = || cost_rest.iter().zip(h_rest).map(|(c, h)| exponent(*c, *h));
            let chunks = || cost_chunks.iter().zip(h_chunks);

            let mut lanes = [f32::NEG_INFINITY; LANES];
            for (c, h) in chunks() {
                for k in 0..LANES {
                    lanes[k] = larger(lanes[k], exponent(c[k], h[k]));
                }
            }
            let largest = rest().fold(largest_of(&lanes), larger);

            let mut lanes = [0.0; LANES];
            for (c, h) in chunks() {
                let mut counts = 0;
                let mut exponents = [0.0; LANES];
                for k in 0..LANES {
                    exponents[k] = exponent(c[k], h[k]) - largest;
                    counts |= u32::from(exponents[k] > NEGLIGIBLE);
                }
                if counts != 0 {
                    for k in 0..LANES {
                        lanes[k] += exp(exponents[k]);
                    }
                }
            }
            let sum = rest().fold(added(&lanes), |sum, e| sum + exp(e - largest));
            (largest, sum)
        }
    }
    vectorised(Work(costs, h, inverse))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_that_of_doubles() {
        let costs: Vec<f32> = (0..1000).map(|k| (k * 7919 % 1009) as f32 / 10.0).collect();
        let h: Vec<f32> = (0..1000).map(|k| (k * 31 % 17) as f32 / 7.0).collect();
        for eps in [1000.0f32, 10.0, 0.5, 0.01] {
            for count in [1, 31, 32, 70, 1000] {
                let (largest, sum) = log_sum_exp(&costs[..count], &h[..count], 1.0 / eps);
                let exponent = |k: usize| f64::from(h[k]) - f64::from(costs[k]) / f64::from(eps);
                let top = (0..count).map(exponent).fold(f64::NEG_INFINITY, f64::max);
                let exact: f64 = (0..count).map(|k| (exponent(k) - top).exp()).sum();
                let found = f64::from(sum).ln() + f64::from(largest);
                assert!((found - exact.ln() - top).abs() < 1e-5 * top.abs().max(1.0), "eps {eps}, {count} terms");
            }
        }
    }
}

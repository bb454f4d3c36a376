//! Inverted dropout under a mask.

use crate::vectorised;
use pulp::{Simd, WithSimd};

/// Writes the weights after dropout: those whose mask is 1 times `factor`, the others, whose mask is 0, as 0.
pub fn drop_out(weights: &[f32], stays: &[u8], factor: f32, dropped: &mut [f32]) {
    struct Work<'a>(&'a [f32], &'a [u8], f32, &'a mut [f32]);
    impl WithSimd for Work<'_> {
        type Output = ();
        #[inline(always)]
        fn with_simd<S: Simd>(self, _: S) {
            let Self(weights, stays, factor, dropped) = self;
            for ((dropped, weight), stays) in dropped.iter_mut().zip(weights).zip(stays) {
                *dropped = weight * (f32::from(*stays) * factor);
            }
        }
    }
    vectorised(Work(weights, stays, factor, dropped));
}

/// Takes gradients back through the dropout, in place.
pub fn drop_gradients(stays: &[u8], factor: f32, on: &mut [f32]) {
    struct Work<'a>(&'a [u8], f32, &'a mut [f32]);
    impl WithSimd for Work<'_> {
        type Output = ();
        #[inline(always)]
        fn with_simd<S: Simd>(self, _: S) {
            let Self(stays, factor, on) = self;
            on.iter_mut().zip(stays).for_each(|(on, stays)| *on *= f32::from(*stays) * factor);
        }
    }
    vectorised(Work(stays, factor, on));
}

//! Sums and softmaxes of rows.

use super::exponential::exp;
use super::vectorised;
use pulp::{Simd, WithSimd};

const LANES: usize = 16;

/// The sum of some lanes, pair by pair.
#[inline(always)]
pub fn added<const LANES: usize>(lanes: &[f32; LANES]) -> f32 {
    let (mut lanes, mut half) = (*lanes, LANES / 2);
    while half > 0 {
        for lane in 0..half {
            lanes[lane] += lanes[lane + half];
        }
        half /= 2;
    }
    lanes[0]
}

/// The largest of some lanes.
#[inline(always)]
pub fn largest_of<const LANES: usize>(lanes: &[f32; LANES]) -> f32 {
    let (mut lanes, mut half) = (*lanes, LANES / 2);
    while half > 0 {
        for lane in 0..half {
            lanes[lane] = larger(lanes[lane], lanes[lane + half]);
        }
        half /= 2;
    }
    lanes[0]
}

/// The larger of two numbers, as one instruction; `a` if one is not a number.
#[inline(always)]
pub fn larger(a: f32, b: f32) -> f32 {
    if b > a { b } else { a }
}

/// The sum, in 16 lanes.
#[inline(always)]
pub fn sum(values: &[f32]) -> f32 {
    sum_of(values, |v| v)
}

/// The sum of `f` of each value, in 16 lanes.
#[inline(always)]
pub fn sum_of(values: &[f32], f: impl Fn(f32) -> f32) -> f32 {
    let (chunks, rest) = values.as_chunks::<LANES>();
    let mut lanes = [0.0; LANES];
    for chunk in chunks {
        for lane in 0..LANES {
            lanes[lane] += f(chunk[lane]);
        }
    }
    rest.iter().fold(added(&lanes), |sum, v| sum + f(*v))
}

/// The sum of products, in 16 lanes.
#[inline(always)]
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let ((a_chunks, a_rest), (b_chunks, b_rest)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    let mut lanes = [0.0; LANES];
    for (a, b) in a_chunks.iter().zip(b_chunks) {
        for lane in 0..LANES {
            lanes[lane] += a[lane] * b[lane];
        }
    }
    a_rest.iter().zip(b_rest).fold(added(&lanes), |sum, (a, b)| sum + a * b)
}

/// The largest value.
#[inline(always)]
fn largest(values: &[f32]) -> f32 {
    let (chunks, rest) = values.as_chunks::<LANES>();
    let mut lanes = [f32::NEG_INFINITY; LANES];
    for chunk in chunks {
        for lane in 0..LANES {
            lanes[lane] = larger(lanes[lane], chunk[lane]);
        }
    }
    rest.iter().fold(largest_of(&lanes), |a, b| larger(a, *b))
}

/// Replaces a row of scores by its softmax.
#[inline(always)]
fn softmax(scores: &mut [f32]) {
    let largest = largest(scores);
    scores.iter_mut().for_each(|score| *score = exp(*score - largest));
    let share = 1.0 / sum(scores);
    scores.iter_mut().for_each(|score| *score *= share);
}

/// Replaces rows of `columns` scores by their softmax; in row number i, entry `first` + i is left out and becomes 0.
pub fn softmax_of_others(scores: &mut [f32], columns: usize, first: usize) {
    struct Work<'a>(&'a mut [f32], usize, usize);
    impl WithSimd for Work<'_> {
        type Output = ();
        #[inline(always)]
        fn with_simd<S: Simd>(self, _: S) {
            let Self(scores, columns, first) = self;
            for (row, scores) in scores.chunks_exact_mut(columns).enumerate() {
                scores[first + row] = f32::NEG_INFINITY;
                softmax(scores);
            }
        }
    }
    vectorised(Work(scores, columns, first));
}

/// Takes gradients `on` back through softmaxes of rows of `columns` whose results are `shares`.
pub fn softmax_back(shares: &[f32], on: &mut [f32], columns: usize) {
    struct Work<'a>(&'a [f32], &'a mut [f32], usize);
    impl WithSimd for Work<'_> {
        type Output = ();
        #[inline(always)]
        fn with_simd<S: Simd>(self, _: S) {
            let Self(shares, on, columns) = self;
            for (on, shares) in on.chunks_exact_mut(columns).zip(shares.chunks_exact(columns)) {
                let along = dot(on, shares);
                on.iter_mut().zip(shares).for_each(|(on, share)| *on = share * (*on - along));
            }
        }
    }
    vectorised(Work(shares, on, columns));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_take_every_value_once() {
        for count in [0, 1, 15, 16, 17, 100] {
            let values: Vec<f32> = (1..=count).map(|k| k as f32).collect();
            let total = (count * (count + 1) / 2) as f32;
            assert_eq!(sum(&values), total);
            assert_eq!(sum_of(&values, |v| 2.0 * v), 2.0 * total);
            assert_eq!(dot(&values, &vec![3.0; count]), 3.0 * total);
            assert_eq!(largest(&values), if count == 0 { f32::NEG_INFINITY } else { count as f32 });
        }
    }

    #[test]
    fn a_softmax_of_others_leaves_itself_out() {
        let mut scores = vec![1.0, 2.0, 2.0, 5.0, 9.0, 5.0];
        softmax_of_others(&mut scores, 3, 0);
        assert_eq!(scores, [0.0, 0.5, 0.5, 0.5, 0.0, 0.5]);
    }

    #[test]
    fn a_softmax_is_taken_back_as_by_differences() {
        let scores = [0.3f32, -1.2, 0.9, 2.0, -0.4];
        let weights = [1.0f32, -2.0, 0.5, 0.25, 3.0];
        let value = |scores: &[f32]| {
            let mut shares = scores.to_vec();
            softmax(&mut shares);
            f64::from(dot(&shares, &weights))
        };
        let (mut shares, mut on) = (scores.to_vec(), weights.to_vec());
        softmax(&mut shares);
        softmax_back(&shares, &mut on, 5);
        for (k, on) in on.into_iter().enumerate() {
            let moved = |by: f32| {
                let mut moved = scores;
                moved[k] += by;
                value(&moved)
            };
            let slope = (moved(0.01) - moved(-0.01)) / 0.02;
            assert!((f64::from(on) - slope).abs() < 1e-3, "{k}: {on} is not {slope}");
        }
    }
}

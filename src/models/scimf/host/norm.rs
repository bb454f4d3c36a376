//! Layer normalisation and its derivative.

use scimf_host::sums::{dot, sum, sum_of};
use std::ops::Range;

const EPSILON: f32 = 1e-5;

/// y = (x - mean) / sqrt(variance + 1e-5) * gain + shift of each row.
pub struct Norm {
    gain: Range<usize>,
    shift: Range<usize>,
    gain_values: Vec<f32>,
    shift_values: Vec<f32>,
}

/// What the way back needs of the way there.
#[derive(Default)]
pub struct Standardised {
    /// (x - mean) / sqrt(variance + 1e-5), row-major.
    values: Vec<f32>,
    /// 1 / sqrt(variance + 1e-5) of each row.
    inverse: Vec<f32>,
}

impl Standardised {
    /// Numbers that it holds.
    pub fn len(&self) -> usize {
        self.values.len() + self.inverse.len()
    }
}

impl Norm {
    /// The layer whose weights begin at `*next` of `weights`; `next` is moved behind them.
    pub fn take(weights: &[f32], next: &mut usize, dimensions: usize) -> Self {
        let (gain, shift) = (*next..*next + dimensions, *next + dimensions..*next + 2 * dimensions);
        *next = shift.end;
        Self { gain_values: weights[gain.clone()].to_vec(), shift_values: weights[shift.clone()].to_vec(), gain, shift }
    }

    /// Writes y of the rows of `x`.
    pub fn forward(&self, x: &[f32], kept: &mut Standardised, y: &mut [f32]) {
        let d = self.gain_values.len();
        kept.values.resize(x.len(), 0.0);
        kept.inverse.resize(x.len() / d, 0.0);
        let rows = x.chunks_exact(d).zip(kept.values.chunks_exact_mut(d)).zip(y.chunks_exact_mut(d));
        for (((x, standard), y), inverse) in rows.zip(&mut kept.inverse) {
            let mean = sum(x) / d as f32;
            let variance = sum_of(x, |v| (v - mean) * (v - mean)) / d as f32;
            *inverse = 1.0 / (variance + EPSILON).sqrt();
            for k in 0..d {
                standard[k] = (x[k] - mean) * *inverse;
                y[k] = standard[k] * self.gain_values[k] + self.shift_values[k];
            }
        }
    }

    /// Adds the gradient with respect to x, given that with respect to y (which is overwritten), to `on_x`, and those with respect to gain
    /// and shift to `gradient`.
    pub fn backward(&self, kept: &Standardised, on_y: &mut [f32], on_x: &mut [f32], gradient: &mut [f32]) {
        let d = self.gain_values.len();
        let rows = kept.values.chunks_exact(d).zip(on_y.chunks_exact_mut(d)).zip(on_x.chunks_exact_mut(d));
        for (((standard, on_y), on_x), inverse) in rows.zip(&kept.inverse) {
            for k in 0..d {
                gradient[self.gain.start + k] += on_y[k] * standard[k];
                gradient[self.shift.start + k] += on_y[k];
                on_y[k] *= self.gain_values[k];
            }
            let mean = sum(on_y) / d as f32;
            let along = dot(on_y, standard) / d as f32;
            for k in 0..d {
                on_x[k] += *inverse * (on_y[k] - mean - standard[k] * along);
            }
        }
    }
}

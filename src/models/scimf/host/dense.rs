//! A linear layer and its derivative.

use crate::models::SLOPE;
use scimf_host::leaky;
use scimf_host::product::{Matrix, Onto, Panels, product};
use std::ops::Range;

/// y = x W + b on rows of cells.
pub struct Dense {
    pub inputs: usize,
    pub outputs: usize,
    /// Where W `[inputs, outputs]` and b stand among all weights.
    weight: Range<usize>,
    bias: Option<Range<usize>>,
    forward: Panels,
    backward: Panels,
    bias_values: Vec<f32>,
}

impl Dense {
    /// The layer whose weights begin at `*next` of `weights`; `next` is moved behind them.
    pub fn take(weights: &[f32], next: &mut usize, inputs: usize, outputs: usize, bias: bool) -> Self {
        let mut claim = |count: usize| {
            let range = *next..*next + count;
            *next = range.end;
            range
        };
        let weight = claim(inputs * outputs);
        let bias = bias.then(|| claim(outputs));
        let matrix = Matrix::rows(&weights[weight.clone()], outputs);
        Self {
            inputs,
            outputs,
            forward: Panels::of(matrix, inputs, outputs),
            backward: Panels::of(matrix.transposed(), outputs, inputs),
            bias_values: bias.clone().map_or_else(Vec::new, |bias| weights[bias].to_vec()),
            weight,
            bias,
        }
    }

    /// Writes y of the rows of `x`.
    pub fn forward(&self, x: &[f32], y: &mut [f32]) {
        let onto = if self.bias.is_some() { Onto::Row(&self.bias_values) } else { Onto::Nothing };
        product(Matrix::rows(x, self.inputs), &self.forward, onto, x.len() / self.inputs, y, self.outputs);
    }

    /// Adds the gradient with respect to x, given that with respect to y, to what stands in `on_x`; or writes it.
    pub fn backward(&self, on_y: &[f32], on_x: &mut [f32], add: bool) {
        let onto = if add { Onto::Itself } else { Onto::Nothing };
        product(Matrix::rows(on_y, self.outputs), &self.backward, onto, on_y.len() / self.outputs, on_x, self.inputs);
    }

    /// Adds the gradients with respect to W and b to `gradient`, that of all weights.
    pub fn collect(&self, x: &[f32], on_y: &[f32], panels: &mut Panels, gradient: &mut [f32]) {
        let rows = x.len() / self.inputs;
        panels.fill(Matrix::rows(on_y, self.outputs), rows, self.outputs);
        let left = Matrix::rows(x, self.inputs).transposed();
        product(left, panels, Onto::Itself, self.inputs, &mut gradient[self.weight.clone()], self.outputs);
        if let Some(bias) = &self.bias {
            let on_bias = &mut gradient[bias.clone()];
            for row in on_y.chunks_exact(self.outputs) {
                on_bias.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
            }
        }
    }
}

/// LeakyReLU in place.
pub fn leak(values: &mut [f32]) {
    leaky::leak(values, SLOPE as f32);
}

/// Takes a gradient back through a LeakyReLU whose results are `leaked`, in place.
pub fn leak_adjoint(leaked: &[f32], on_leaked: &mut [f32]) {
    leaky::leak_adjoint(leaked, on_leaked, SLOPE as f32);
}

//! The groups of cells: types as the linear discriminants of their states.

use super::shape::GROUPS;
use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::evidence::{ridge, solve};
use crate::models::fitted::Tensors;

/// Ridge of the covariance within types, as a share of its mean variance.
const RIDGE: f64 = 1e-3;
/// Log of the odds of a type that has no cells.
const NEVER: f32 = -1e4;

/// How much a cell belongs to each group: the softmax of linear functions of its state. Groups are the types; equal covariances make the
/// discriminants linear.
#[derive(Clone, Debug, PartialEq)]
pub struct Groups {
    /// Groups x d, row-major.
    pub weight: Vec<f32>,
    /// One for each group.
    pub bias: Vec<f32>,
    /// Standard deviation within types of each dimension.
    pub deviations: Vec<f32>,
    /// The matrix W for which `x W` is white within types: `[d, d]`.
    pub whitening: Vec<f32>,
}

impl Groups {
    /// Of the types of a dataset.
    ///
    /// # Errors
    /// A state is not finite.
    pub fn of(dataset: &Dataset) -> Result<Self> {
        let (d, kinds) = (dataset.states.cols, dataset.types.len().max(1));
        let kind = |cell: usize| dataset.cell_types.get(cell).map_or(0, |kind| *kind as usize);
        let mut counts = vec![0.0f64; kinds];
        let mut means = vec![0.0f64; kinds * d];
        for cell in 0..dataset.states.rows {
            counts[kind(cell)] += 1.0;
            let mean = &mut means[kind(cell) * d..][..d];
            mean.iter_mut().zip(dataset.states.row(cell)).for_each(|(sum, value)| *sum += f64::from(*value));
        }
        for (mean, count) in means.chunks_exact_mut(d).zip(&counts) {
            mean.iter_mut().for_each(|mean| *mean /= count.max(1.0));
        }
        let mut covariance = vec![0.0f64; d * d];
        for cell in 0..dataset.states.rows {
            let mean = &means[kind(cell) * d..][..d];
            let off: Vec<f64> = dataset.states.row(cell).iter().zip(mean).map(|(x, m)| f64::from(*x) - m).collect();
            for (row, a) in covariance.chunks_exact_mut(d).zip(&off) {
                row.iter_mut().zip(&off).for_each(|(sum, b)| *sum += a * b);
            }
        }
        covariance.iter_mut().for_each(|value| *value /= dataset.states.rows.max(1) as f64);
        // Data without any spread would leave nothing to invert.
        (0..d).for_each(|row| covariance[row * d + row] += 1e-9);
        ridge(&mut covariance, d, RIDGE);
        let columns: Vec<f64> = (0..d).flat_map(|row| means.iter().skip(row).step_by(d).copied()).collect();
        let unusable = || Error::input("the states of the cells are not usable numbers");
        let solved = solve(&covariance, &columns, kinds).ok_or_else(unusable)?;
        let total: f64 = counts.iter().sum();
        let mut weight = Vec::with_capacity(kinds * d);
        let mut bias = Vec::with_capacity(kinds);
        for group in 0..kinds {
            let row: Vec<f64> = (0..d).map(|at| solved[at * kinds + group]).collect();
            let square: f64 = row.iter().zip(&means[group * d..]).map(|(a, b)| a * b).sum();
            weight.extend(row.iter().map(|value| *value as f32));
            let odds = (counts[group] / total.max(1.0)).ln() - square / 2.0;
            bias.push(if counts[group] > 0.0 { odds as f32 } else { NEVER });
        }
        let deviations = (0..d).map(|at| covariance[at * d + at].sqrt() as f32).collect();
        let whitening = whitening(&covariance, d).ok_or_else(unusable)?;
        Ok(Self { weight, bias, deviations, whitening })
    }

    /// The discriminants of some weights, with this covariance.
    #[must_use]
    pub(super) fn with_discriminants(self, tensors: &Tensors) -> Self {
        let values = |part: &str| tensors.get(&format!("{GROUPS}.{part}")).map(|tensor| tensor.values.clone());
        let (weight, bias) = (values("weight").unwrap_or(self.weight), values("bias").unwrap_or(self.bias));
        Self { weight, bias, ..self }
    }

    /// How much a state belongs to each group; the shares sum to 1.
    pub fn of_state(&self, state: &[f32]) -> Vec<f32> {
        let rows = self.weight.chunks_exact(state.len()).zip(&self.bias);
        let logits: Vec<f32> =
            rows.map(|(row, bias)| bias + row.iter().zip(state).map(|(a, b)| a * b).sum::<f32>()).collect();
        let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let shares: Vec<f32> = logits.iter().map(|logit| (logit - most).exp()).collect();
        let sum: f32 = shares.iter().sum();
        shares.iter().map(|share| share / sum).collect()
    }
}

/// The transposed inverse of the lower factor of a covariance; none if it is not positive definite.
fn whitening(covariance: &[f64], d: usize) -> Option<Vec<f32>> {
    let factor = cholesky(covariance, d)?;
    // The inverse by forward substitution of the unit vectors.
    let mut inverse = vec![0.0f64; d * d];
    for column in 0..d {
        for row in column..d {
            let known: f64 = (column..row).map(|at| factor[row * d + at] * inverse[at * d + column]).sum();
            let one = if row == column { 1.0 } else { 0.0 };
            inverse[row * d + column] = (one - known) / factor[row * d + row];
        }
    }
    Some((0..d * d).map(|at| inverse[at % d * d + at / d] as f32).collect())
}

/// The lower factor L with L L' the matrix; none if it is not positive definite.
fn cholesky(matrix: &[f64], d: usize) -> Option<Vec<f64>> {
    let mut factor = vec![0.0f64; d * d];
    for row in 0..d {
        for column in 0..=row {
            let known: f64 = (0..column).map(|at| factor[row * d + at] * factor[column * d + at]).sum();
            let left = matrix[row * d + column] - known;
            factor[row * d + column] =
                if row == column { (left > 0.0).then(|| left.sqrt())? } else { left / factor[column * d + column] };
        }
    }
    Some(factor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tissue::{DesignSettings, simulate_design};

    #[test]
    fn groups_are_the_types_and_whitened_states_are_white() {
        let settings = DesignSettings { cells: 40, components: 4, ..DesignSettings::default() };
        let dataset = simulate_design(&settings).unwrap().dataset;
        let groups = Groups::of(&dataset).unwrap();
        let right = (0..dataset.states.rows).filter(|cell| {
            let shares = groups.of_state(dataset.states.row(*cell));
            assert!((shares.iter().sum::<f32>() - 1.0).abs() < 1e-5);
            shares[dataset.cell_types[*cell] as usize] == shares.iter().copied().fold(0.0, f32::max)
        });
        assert!(right.count() * 10 > dataset.states.rows * 8, "most cells are nearest to their own type");
        // Whitened, cells have the covariance 1 within their types.
        let mut covariance = [[0.0f64; 4]; 4];
        for kind in 0..dataset.types.len() as u32 {
            let cells: Vec<usize> = (0..dataset.states.rows).filter(|&cell| dataset.cell_types[cell] == kind).collect();
            let mean = |column: usize| {
                cells.iter().map(|cell| f64::from(dataset.states.row(*cell)[column])).sum::<f64>() / cells.len() as f64
            };
            let mean: [f64; 4] = std::array::from_fn(mean);
            for cell in &cells {
                let row = dataset.states.row(*cell);
                let white: [f64; 4] = std::array::from_fn(|to| {
                    (0..4).map(|at| (f64::from(row[at]) - mean[at]) * f64::from(groups.whitening[at * 4 + to])).sum()
                });
                (0..4).for_each(|i| {
                    (0..4).for_each(|j| covariance[i][j] += white[i] * white[j] / dataset.states.rows as f64)
                });
            }
        }
        let at = |i: usize, j: usize| covariance[i][j];
        assert!((0..4).all(|i| (0..4).all(|j| (at(i, j) - f64::from(u8::from(i == j))).abs() < 0.05)));
    }
}

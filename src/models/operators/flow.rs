//! The exponential of an operator, applied: a Taylor power basis, matrix products only.
//!
//! V_0 = z, V_k = A V_{k-1} c / k; then z(D) = sum_k (D / c)^k V_k for every D up to about c.

use super::LocallyLinear;
use crate::error::{Error, Kind, Result};
use crate::product::product;
use crate::tensor::{read, upload};
use burn::tensor::Tensor;

/// Terms of the basis beside the state itself: with norm(A) D <= [`MOST_TURN`] the relative error is 2e-6 in single precision.
const TERMS: usize = 20;
/// Largest norm(A) D that one basis covers.
const MOST_TURN: f64 = 4.0;
/// Most steps of a path: norm(A) D of 2,048, far beyond what any bounded operator of use reaches.
const MOST_STEPS: f64 = 512.0;
/// Up to this many dimensions a product with each cell's own matrix is taken element by element, which costs less than as many products.
const ELEMENTWISE: usize = 8;

/// Steps into which `span` is divided so that a basis covers each, for operators of norm at most `norm`.
///
/// # Errors
/// The norm is not finite, or so large that the path would take more than `MOST_STEPS` (kind [`Kind::Diverged`]): the form with eigenvectors
/// has no bound where they are nearly dependent.
pub fn steps_for(norm: f32, span: f64) -> Result<usize> {
    let steps = (f64::from(norm) * span / MOST_TURN).ceil().max(1.0);
    if norm.is_finite() && steps <= MOST_STEPS {
        return Ok(steps as usize);
    }
    let what =
        format!("An operator has grown too large to be followed (norm {norm:.3e} over {span} sampling intervals)");
    Err(Error::new(Kind::Diverged, what).remedy("Train again, with a lower learning rate."))
}

/// Largest Frobenius norm, an upper bound of the spectral norm, of some operators `[n, d, d]`: `[1]`.
pub fn largest_norm(operators: &Tensor<3>) -> Tensor<1> {
    let [cells, d, _] = operators.dims();
    operators.clone().reshape([cells, d * d]).square().sum_dim(1).sqrt().max()
}

/// A v of each cell.
///
/// # Shapes
/// - `operators`: `[n, d, d]`; `vectors`, output: `[n, d]`
pub fn matvec(operators: &Tensor<3>, vectors: Tensor<2>) -> Tensor<2> {
    let [cells, d] = vectors.dims();
    if d <= ELEMENTWISE {
        (operators.clone() * vectors.unsqueeze_dim(1)).sum_dim(2).reshape([cells, d])
    } else {
        product(operators.clone(), vectors.unsqueeze_dim(2)).reshape([cells, d])
    }
}

/// exp(A D) z of each cell for its own spans D >= 0, which rise: `spans[cell][k]`. One state for each k. `steps` divides the longest span as
/// [`steps_for`] says.
///
/// # Shapes
/// - `operators`: `[n, d, d]`; `z`, each output: `[n, d]`
pub fn decode(operators: &Tensor<3>, z: Tensor<2>, spans: &[Vec<f32>], steps: usize) -> Vec<Tensor<2>> {
    let count = spans.first().map_or(0, Vec::len);
    if steps == 1 {
        return at_once(operators, z, spans);
    }
    let longest = spans.iter().map(|spans| spans[count - 1]).fold(f32::MIN_POSITIVE, f32::max);
    let mut states: Vec<Tensor<2>> = Vec::with_capacity(count);
    for k in 0..count {
        let gap = |spans: &Vec<f32>| spans[k] - if k == 0 { 0.0 } else { spans[k - 1] };
        let gaps: Vec<f32> = spans.iter().map(gap).collect();
        let share = gaps.iter().copied().fold(0.0, f32::max) / longest;
        let steps = ((steps as f32 * share).ceil() as usize).max(1);
        let step: Vec<Vec<f32>> = gaps.iter().map(|gap| vec![gap / steps as f32]).collect();
        let mut state = states.last().unwrap_or(&z).clone();
        for _ in 0..steps {
            state = at_once(operators, state, &step).remove(0);
        }
        states.push(state);
    }
    states
}

/// Moves cells under operators that stay as they are: exp(A span) z.
///
/// # Shapes
/// - `operators`: `[n, d, d]`, `z` and output: `[n, d]`
///
/// # Errors
/// The device failed, or an operator is too large to be followed.
pub async fn frozen(operators: &Tensor<3>, z: Tensor<2>, span: f64) -> Result<Tensor<2>> {
    let largest = read(largest_norm(operators)).await?[0];
    let spans = vec![vec![span as f32]; z.dims()[0]];
    let mut ends = decode(operators, z.clone(), &spans, steps_for(largest, span)?);
    Ok(ends.pop().unwrap_or(z))
}

/// Moves cells along `times`, in mean sampling intervals, the first of which is where they are; the operator is read anew at each.
///
/// # Shapes
/// - `z` and each of the outputs, one for each of `times`: `[n, d]`, standardised components
///
/// # Errors
/// As [`frozen`].
pub async fn reencoded(model: &dyn LocallyLinear, z: Tensor<2>, times: &[f64]) -> Result<Vec<Tensor<2>>> {
    let (cells, device) = (z.dims()[0], z.device());
    let mut states = vec![z];
    for pair in times.windows(2) {
        let z = states[states.len() - 1].clone();
        let time = upload(vec![pair[0] as f32; cells], [cells, 1], &device);
        let operators = model.operators(z.clone(), time);
        states.push(frozen(&operators, z, pair[1] - pair[0]).await?);
    }
    Ok(states)
}

/// All spans from one basis.
fn at_once(operators: &Tensor<3>, z: Tensor<2>, spans: &[Vec<f32>]) -> Vec<Tensor<2>> {
    let ([cells, d], count) = (z.dims(), spans[0].len());
    let longest = spans.iter().map(|spans| spans[count - 1]).fold(0.0, f32::max);
    if longest == 0.0 {
        return vec![z; count];
    }
    let mut basis = vec![z];
    for k in 1..=TERMS {
        let next = matvec(operators, basis[k - 1].clone()).mul_scalar(longest / k as f32);
        basis.push(next);
    }
    let powers = spans
        .iter()
        .flat_map(|spans| spans.iter().flat_map(|span| (0..=TERMS as i32).map(move |k| (span / longest).powi(k))));
    let powers = upload(powers.collect(), [cells, count, TERMS + 1], &operators.device().inner());
    let states = product(powers, Tensor::stack(basis, 1));
    (0..count).map(|k| states.clone().narrow(1, k, 1).reshape([cells, d])).collect()
}

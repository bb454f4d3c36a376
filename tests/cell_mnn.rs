//! The laws of Cell-MNN, on the CPU.

use burn::tensor::{Device, Tensor};
use pollster::block_on;
use scimf::data::{Standard, weights::OperatorWeights};
use scimf::error::Kind;
use scimf::models::cell_mnn::{CellMnn, initial_operator_weights};
use scimf::models::operators::{
    LocallyLinear, decode, eigenvalues, frozen, largest_norm, matvec, reencoded, steps_for,
};
use scimf::protocol::{CellMnnConfig, OperatorForm};
use scimf::tensor::{cpu, read, upload};

/// Fixed numbers that look random, from -1 to 1.
fn numbers(count: usize, seed: u32) -> Vec<f32> {
    let mut state = seed.wrapping_mul(747_796_405).wrapping_add(1);
    let next = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1u32 << 23) as f32 - 1.0
    };
    (0..count).map(next).collect()
}

/// exp(matrix) by scaling and squaring in double precision.
fn exponential(matrix: &[f64], d: usize) -> Vec<f64> {
    let product = |a: &[f64], b: &[f64]| -> Vec<f64> {
        (0..d * d).map(|at| (0..d).map(|k| a[at / d * d + k] * b[k * d + at % d]).sum()).collect()
    };
    let scaled: Vec<f64> = matrix.iter().map(|x| x / 1024.0).collect();
    let identity: Vec<f64> = (0..d * d).map(|at| f64::from(u8::from(at / d == at % d))).collect();
    let (mut sum, mut term) = (identity.clone(), identity);
    for k in 1..=16 {
        term = product(&term, &scaled).into_iter().map(|x| x / f64::from(k)).collect();
        sum.iter_mut().zip(&term).for_each(|(sum, term)| *sum += term);
    }
    (0..10).fold(sum, |power, _| product(&power, &power))
}

fn now<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    block_on(read(tensor)).unwrap()
}

/// Operators of `cells` cells, all of Frobenius norm `norm`.
fn operators(cells: usize, d: usize, norm: f32, device: &Device) -> (Vec<f32>, Tensor<3>) {
    let mut values = numbers(cells * d * d, 3);
    for matrix in values.chunks_exact_mut(d * d) {
        let length = matrix.iter().map(|x| x * x).sum::<f32>().sqrt();
        matrix.iter_mut().for_each(|x| *x *= norm / length);
    }
    (values.clone(), upload(values, [cells, d, d], device))
}

fn assert_close(found: &[f32], expected: &[f64], tolerance: f64) {
    let scale = expected.iter().fold(1e-30f64, |most, x| most.max(x.abs()));
    for (found, expected) in found.iter().zip(expected) {
        assert!((f64::from(*found) - expected).abs() <= tolerance * scale, "{found} is not {expected}");
    }
}

#[test]
fn a_span_of_zero_is_the_identity() {
    let (_, operators) = operators(4, 5, 3.0, &cpu());
    let z = upload(numbers(20, 1), [4, 5], &cpu());
    let ends = decode(&operators, z.clone(), &vec![vec![0.0, 0.0]; 4], 1);
    assert_eq!(now(ends[0].clone()), now(z.clone()));
    let later = decode(&operators, z.clone(), &vec![vec![0.0, 1.0]; 4], 1);
    assert_close(&now(later[0].clone()), &now(z).iter().map(|x| f64::from(*x)).collect::<Vec<_>>(), 1e-6);
}

#[test]
fn the_basis_is_the_exponential_up_to_its_norm_and_steps_carry_it_further() {
    for (d, norm, span, steps) in [(5, 2.0, 2.0, 1), (5, 4.0, 1.0, 1), (50, 4.0, 1.0, 1), (5, 3.0, 6.0, 5)] {
        let (values, operators) = operators(3, d, norm, &cpu());
        assert!((now(largest_norm(&operators))[0] - norm).abs() < 1e-4);
        assert_eq!(steps_for(norm * 0.999, f64::from(span)), Ok(steps));
        let start = numbers(3 * d, 2);
        // Two times at once, one of which is half way.
        let ends = decode(&operators, upload(start.clone(), [3, d], &cpu()), &vec![vec![span / 2.0, span]; 3], steps);
        for (end, share) in ends.into_iter().zip([0.5, 1.0]) {
            let expected = values.chunks_exact(d * d).zip(start.chunks_exact(d)).flat_map(|(matrix, z)| {
                let scaled: Vec<f64> = matrix.iter().map(|a| f64::from(*a) * f64::from(span) * share).collect();
                let flow = exponential(&scaled, d);
                (0..d).map(|row| (0..d).map(|k| flow[row * d + k] * f64::from(z[k])).sum()).collect::<Vec<f64>>()
            });
            assert_close(&now(end), &expected.collect::<Vec<_>>(), 1e-5);
        }
    }
}

#[test]
fn an_operator_without_bound_is_not_followed() {
    for wild in [1e6, f32::INFINITY, f32::NAN] {
        let error = steps_for(wild, 1.0).unwrap_err();
        assert_eq!(error.kind, Kind::Diverged, "{error}");
    }
    let matrices = upload(vec![1e8, 0.0, 0.0, 1e8], [1, 2, 2], &cpu());
    let error = block_on(frozen(&matrices, upload(vec![1.0, 1.0], [1, 2], &cpu()), 1.0)).unwrap_err();
    assert!(error.to_string().contains("too large to be followed"), "{error}");
}

#[test]
fn cells_have_spans_of_their_own() {
    let (_, operators) = operators(2, 3, 2.0, &cpu());
    let z = upload(numbers(6, 5), [2, 3], &cpu());
    let own = now(decode(&operators, z.clone(), &[vec![0.5], vec![1.5]], 1).remove(0));
    for (cell, span) in [(0, 0.5), (1, 1.5)] {
        let alone = now(decode(&operators, z.clone(), &vec![vec![span]; 2], 1).remove(0));
        let expected: Vec<f64> = alone[3 * cell..3 * cell + 3].iter().map(|x| f64::from(*x)).collect();
        assert_close(&own[3 * cell..3 * cell + 3], &expected, 1e-5);
    }
}

#[test]
fn two_spans_after_each_other_are_their_sum() {
    let (_, operators) = operators(4, 5, 2.0, &cpu());
    let z = upload(numbers(20, 1), [4, 5], &cpu());
    let at = |z: Tensor<2>, span: f64| block_on(frozen(&operators, z, span)).unwrap();
    let whole = now(at(z.clone(), 1.7));
    let expected: Vec<f64> = whole.iter().map(|x| f64::from(*x)).collect();
    assert_close(&now(at(at(z, 0.6), 1.1)), &expected, 1e-5);
}

#[test]
fn the_derivative_is_the_velocity() {
    let (_, operators) = operators(4, 5, 2.0, &cpu());
    let z = upload(numbers(20, 1), [4, 5], &cpu());
    let step = 1e-2;
    let ends = decode(&operators, z.clone(), &vec![vec![step as f32, 2.0 * step as f32]; 4], 1);
    // Second order, one-sided: (4 z(h) - 3 z(0) - z(2h)) / 2h.
    let [near, far] = [0, 1].map(|k| ends[k].clone());
    let slope = (near.mul_scalar(4.0) - z.clone().mul_scalar(3.0) - far).div_scalar(2.0 * step);
    let expected: Vec<f64> = now(matvec(&operators, z)).iter().map(|x| f64::from(*x)).collect();
    assert_close(&now(slope), &expected, 1e-3);
}

fn model(config: CellMnnConfig) -> CellMnn {
    let standard = Standard { centre: vec![0.0; config.dimensions], scale: vec![1.0; config.dimensions] };
    CellMnn::from_weights(&initial_operator_weights(config, standard, 4), &cpu()).unwrap()
}

#[test]
fn fresh_operators_are_small_and_no_operator_is_beyond_its_bound() {
    let cells = 32;
    for (form, dimensions) in [(OperatorForm::Direct, 5), (OperatorForm::Eigen, 5), (OperatorForm::Direct, 20)] {
        let config = CellMnnConfig { form, dimensions, ..CellMnnConfig::default() };
        let mut model = model(config);
        let z = upload(numbers(cells * dimensions, 9), [cells, dimensions], &cpu());
        let time = upload(vec![0.5; cells], [cells, 1], &cpu());
        let fresh = now(model.operators(z.clone(), time.clone()));
        let largest = |values: &[f32]| values.iter().fold(0.0f32, |most, x| most.max(x.abs()));
        assert!(largest(&fresh) < 0.2 && largest(&fresh) > 0.0, "{}", largest(&fresh));
        if form == OperatorForm::Direct {
            model.network.head.weight = model.network.head.weight.map(|weight| weight.mul_scalar(1e4));
            let bound = 3.0 / (dimensions as f32 / 5.0).sqrt();
            let wild = largest(&now(model.operators(z, time)));
            assert!(wild <= bound && wild > 0.9 * bound, "{wild}");
        }
    }
}

#[test]
fn the_form_with_eigenvectors_has_real_eigenvalues_only() {
    let config = CellMnnConfig { form: OperatorForm::Eigen, ..CellMnnConfig::default() };
    let mut model = model(config);
    model.network.head.weight = model.network.head.weight.map(|weight| weight.mul_scalar(15.0));
    let z = upload(numbers(40, 9), [8, 5], &cpu());
    let operators = now(model.operators(z, upload(vec![0.0; 8], [8, 1], &cpu())));
    for matrix in operators.chunks_exact(25) {
        let values = eigenvalues(matrix, 5).unwrap();
        assert!(values.iter().all(|[_, imaginary]| imaginary.abs() < 1e-3), "{values:?}");
        assert!(values.iter().any(|[real, _]| real.abs() > 0.01), "{values:?}");
    }
}

#[test]
fn a_cell_at_the_mean_stays() {
    let model = model(CellMnnConfig::default());
    let z = Tensor::<2>::zeros([3, 5], &cpu());
    let path = block_on(reencoded(&model, z, &[0.0, 0.7, 3.0])).unwrap();
    assert!(path.into_iter().flat_map(now).all(|value| value == 0.0));
}

#[test]
fn weights_come_back_from_the_device_as_they_were() {
    let config = CellMnnConfig { dimensions: 3, hidden: 7, form: OperatorForm::Eigen, bound: 2.0 };
    let standard = Standard { centre: vec![1.0, 2.0, 3.0], scale: vec![0.5, 1.0, 2.0] };
    let weights = OperatorWeights { updates: 9, held_out: vec![1], ..initial_operator_weights(config, standard, 1) };
    let model = CellMnn::from_weights(&weights, &cpu()).unwrap();
    assert_eq!(block_on(model.to_weights(9, &[1])).unwrap(), weights);
    assert_eq!(model.parameters(), weights.parameters());
}

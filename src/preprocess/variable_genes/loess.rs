//! Local regression (Cleveland, Devlin 1988) of one variable on another, computed as Cleveland's `dloess` does.

use faer::{Mat, Side};

/// Share of the neighbourhood that a cell of the partition holds at most (`dloess` default).
const CELL: f64 = 0.2;

/// Values of a locally quadratic regression of `y` on `x` at `x`, with tricube weights over the share `span` of nearest points.
///
/// The regression is computed at the vertices of a partition of the range and interpolated by cubics that have its values and slopes
/// there, as R's `loess` and `skmisc.loess` do by default: some twenty regressions, however many points.
pub(super) fn loess(x: &[f64], y: &[f64], span: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by(|a, b| x[*a].total_cmp(&x[*b]));
    let xs: Vec<f64> = order.iter().map(|at| x[*at]).collect();
    let ys: Vec<f64> = order.iter().map(|at| y[*at]).collect();
    let (Some(first), Some(last)) = (xs.first().copied(), xs.last().copied()) else { return Vec::new() };
    let nearest = ((xs.len() as f64 * span + 1e-5) as usize).clamp(1, xs.len());
    let margin = 0.005 * (last - first).max(1e-10 * first.abs().max(last.abs()) + 1e-30);
    let mut vertices = vec![first - margin];
    split(&xs, ((xs.len() as f64 * span * CELL) as usize).max(1), &mut vertices);
    vertices.push(last + margin);
    let fits: Vec<[f64; 2]> = vertices.iter().map(|vertex| regression(&xs, &ys, nearest, *vertex)).collect();
    x.iter()
        .map(|x| {
            let right = vertices.partition_point(|vertex| vertex < x).clamp(1, vertices.len() - 1);
            between([right - 1, right].map(|at| (vertices[at], fits[at])), *x)
        })
        .collect()
}

/// Pushes the values, in rising order, at which the sorted `points` are halved until no part has more than `most`.
fn split(points: &[f64], most: usize, values: &mut Vec<f64>) {
    if points.len() <= most {
        return;
    }
    // The cut that is nearest to the middle and does not part equal values.
    let middle = (points.len() - 1) / 2;
    let cut = (0..points.len())
        .flat_map(|offset| [middle.checked_add(offset), middle.checked_sub(offset)])
        .flatten()
        .find(|at| *at + 1 < points.len() && points[*at] < points[*at + 1]);
    if let Some(cut) = cut {
        split(&points[..=cut], most, values);
        values.push(points[cut]);
        split(&points[cut + 1..], most, values);
    }
}

/// Value and slope at `at` of the parabola fitted to the `nearest` points of sorted `xs`.
fn regression(xs: &[f64], ys: &[f64], nearest: usize, at: f64) -> [f64; 2] {
    let mut from = xs.partition_point(|x| *x < at).saturating_sub(nearest);
    while from + nearest < xs.len() && xs[from + nearest] - at < at - xs[from] {
        from += 1;
    }
    let window = from..from + nearest;
    let width = (at - xs[from]).abs().max((xs[window.end - 1] - at).abs());
    let mut normal = Mat::<f64>::zeros(3, 3);
    let mut right = [0.0; 3];
    for point in window {
        let u = if width > 0.0 { (xs[point] - at) / width } else { 0.0 };
        let weight = (1.0 - u.abs().powi(3)).powi(3);
        let row = [1.0, u, u * u];
        for i in 0..3 {
            right[i] += weight * row[i] * ys[point];
            (0..3).for_each(|j| normal[(i, j)] += weight * row[i] * row[j]);
        }
    }
    // Fewer than three different values leave directions undetermined: they are left out.
    let Ok(eigen) = normal.self_adjoint_eigen(Side::Lower) else { return [right[0] / normal[(0, 0)], 0.0] };
    let mut solution = [0.0; 3];
    for direction in (0..3).filter(|direction| eigen.S()[*direction] > 1e-10 * eigen.S()[2]) {
        let along: f64 = (0..3).map(|i| eigen.U()[(i, direction)] * right[i]).sum::<f64>() / eigen.S()[direction];
        (0..3).for_each(|i| solution[i] += along * eigen.U()[(i, direction)]);
    }
    [solution[0], if width > 0.0 { solution[1] / width } else { 0.0 }]
}

/// The cubic between two places with given values and slopes (Hermite), at `x`.
fn between([(a, [value_a, slope_a]), (b, [value_b, slope_b])]: [(f64, [f64; 2]); 2], x: f64) -> f64 {
    let (width, u) = (b - a, (x - a) / (b - a));
    let v = 1.0 - u;
    value_a * v * v * (1.0 + 2.0 * u) + value_b * u * u * (1.0 + 2.0 * v) + width * u * v * (slope_a * v - slope_b * u)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parabola_is_reproduced() {
        let x: Vec<f64> = (0..200).map(|i| f64::from(i * 37 % 200) / 50.0).collect();
        let y: Vec<f64> = x.iter().map(|x| 1.0 - 2.0 * x + 0.5 * x * x).collect();
        for (found, expected) in loess(&x, &y, 0.3).iter().zip(&y) {
            assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
        }
    }

    #[test]
    fn noise_is_smoothed_and_the_trend_is_kept() {
        let x: Vec<f64> = (0..1000).map(|i| f64::from(i) / 100.0).collect();
        let y: Vec<f64> =
            x.iter().enumerate().map(|(i, x)| (x * 0.6).sin() + if i % 2 == 0 { 0.5 } else { -0.5 }).collect();
        for (found, x) in loess(&x, &y, 0.3).iter().zip(&x) {
            assert!((found - (x * 0.6).sin()).abs() < 0.05, "{found} at {x}");
        }
    }

    #[test]
    fn equal_values_do_not_break_it() {
        assert!(loess(&[2.0; 9], &[1.0; 9], 0.3).iter().all(|value| (value - 1.0).abs() < 1e-9));
        let x = [vec![1.0; 50], vec![2.0; 50]].concat();
        assert!(loess(&x, &x, 0.3).iter().zip(&x).all(|(found, x)| (found - x).abs() < 1e-6));
        assert!(loess(&[], &[], 0.3).is_empty());
    }
}

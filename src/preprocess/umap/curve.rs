//! How similarity falls with distance in the plane.

/// `1 / (1 + a d^(2 b))` of a distance `d`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Curve {
    pub(super) a: f32,
    pub(super) b: f32,
}

impl Curve {
    /// The curve nearest to one that is 1 up to `minimum_distance` and falls exponentially, at scale 1, from there: least squares
    /// at 300 distances up to 3, as umap-learn's `find_ab_params`.
    pub(super) fn fit(minimum_distance: f64) -> Self {
        let points: Vec<(f64, f64)> = (1..300)
            .map(|at| f64::from(at) * 3.0 / 299.0)
            .map(|d| (d, if d < minimum_distance { 1.0 } else { (minimum_distance - d).exp() }))
            .collect();
        let error = |[a, b]: [f64; 2]| -> f64 {
            points.iter().map(|(d, y)| (1.0 / (1.0 + a * d.powf(2.0 * b)) - y).powi(2)).sum()
        };
        // Levenberg-Marquardt.
        let (mut at, mut damping) = ([1.0, 1.0], 1e-3);
        for _ in 0..200 {
            let [a, b] = at;
            let (mut normal, mut right) = ([0.0; 3], [0.0; 2]);
            for (d, y) in &points {
                let power = d.powf(2.0 * b);
                let value = 1.0 / (1.0 + a * power);
                let slopes = [-value * value * power, -value * value * a * power * 2.0 * d.ln()];
                normal[0] += slopes[0] * slopes[0];
                normal[1] += slopes[0] * slopes[1];
                normal[2] += slopes[1] * slopes[1];
                (0..2).for_each(|i| right[i] += slopes[i] * (y - value));
            }
            let (p, q, r) = (normal[0] * (1.0 + damping), normal[1], normal[2] * (1.0 + damping));
            let determinant = p * r - q * q;
            let next =
                [a + (r * right[0] - q * right[1]) / determinant, b + (p * right[1] - q * right[0]) / determinant];
            if next.iter().all(|value| *value > 0.0) && error(next) <= error(at) {
                (at, damping) = (next, damping / 10.0);
            } else {
                damping *= 10.0;
            }
        }
        Self { a: at[0] as f32, b: at[1] as f32 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_curve_of_umap_learn() {
        // umap.umap_.find_ab_params(1.0, 0.1) and (1.0, 0.5)
        for (distance, a, b) in [(0.1, 1.576_943, 0.895_061), (0.5, 0.583_030, 1.334_167)] {
            let found = Curve::fit(distance);
            assert!((found.a - a).abs() < 2e-3 && (found.b - b).abs() < 2e-3, "{found:?}");
        }
    }
}

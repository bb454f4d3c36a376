//! The density term: predicted cells shall lie where observed cells are.

/// Observed cells that a predicted one is held to.
const NEAREST: usize = 5;
/// Distance that costs nothing.
const HINGE: f32 = 0.01;

/// Mean over predicted cells and their 5 nearest observed ones of max(distance - 0.01, 0), with its gradient with respect to the predicted
/// cells. Both clouds are row-major.
pub fn density(predicted: &[f32], observed: &[f32], dimensions: usize) -> (f64, Vec<f32>) {
    let (cells, others) = (predicted.len() / dimensions, observed.len() / dimensions);
    let nearest = NEAREST.min(others);
    let share = 1.0 / (cells * nearest) as f64;
    let mut value = 0.0;
    let mut gradient = vec![0.0f32; predicted.len()];
    for (x, slope) in predicted.chunks_exact(dimensions).zip(gradient.chunks_exact_mut(dimensions)) {
        let apart = |y: &[f32]| x.iter().zip(y).map(|(a, b)| (a - b) * (a - b)).sum::<f32>();
        let mut found: Vec<(f32, usize)> = observed.chunks_exact(dimensions).map(apart).zip(0..).collect();
        found.select_nth_unstable_by(nearest - 1, |a, b| a.0.total_cmp(&b.0));
        for &(square, other) in &found[..nearest] {
            let distance = square.sqrt();
            if distance <= HINGE {
                continue;
            }
            value += share * f64::from(distance - HINGE);
            let factor = share as f32 / distance;
            let y = &observed[other * dimensions..];
            slope.iter_mut().zip(x.iter().zip(y)).for_each(|(slope, (a, b))| *slope += factor * (a - b));
        }
    }
    (value, gradient)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gradient_is_that_of_finite_differences() {
        let predicted = [0.1f32, 0.3, -1.0, 2.0];
        let observed: Vec<f32> = (0..14).map(|k| (k as f32 * 1.7).sin() * 2.0).collect();
        let (_, gradient) = density(&predicted, &observed, 2);
        for k in 0..4 {
            let at = |by: f32| {
                let mut moved = predicted;
                moved[k] += by;
                density(&moved, &observed, 2).0
            };
            let slope = (at(1e-3) - at(-1e-3)) / 2e-3;
            assert!((slope - f64::from(gradient[k])).abs() < 2e-3, "{k}: {slope} is not {}", gradient[k]);
        }
    }

    #[test]
    fn few_observed_cells_and_cells_on_the_spot_cost_what_they_should() {
        assert_eq!(density(&[1.0, 1.0], &[1.0, 1.0], 2), (0.0, vec![0.0, 0.0]));
        let (value, _) = density(&[0.0, 0.0], &[3.0, 4.0], 2);
        assert!((value - 4.99).abs() < 1e-6);
    }
}

//! The exact plan between two clouds of points of equal mass, and what it costs.

use super::exact::{Cost, Exact, Weighted};
use crate::error::Result;

/// A pair of points that the plan joins: a point of the first cloud, one of the second, and the share of all mass that goes from one to the other.
pub type Pair = (usize, usize, f64);

/// The pairs of the optimal plan under the squared distance, between points of equal mass.
///
/// # Errors
/// A cloud is empty, or a coordinate is not finite.
pub fn pairs(x: &[f32], y: &[f32], dimensions: usize) -> Result<Vec<Pair>> {
    let [x, y] = [x, y].map(|points| Weighted::uniform(points.to_vec(), dimensions));
    let mut exact = Exact::new(x, y, dimensions, Cost::SquaredEuclidean)?;
    exact.solve();
    let total = exact.total() as f64;
    Ok(exact.shipments().map(|it| (it.from, it.to, it.mass as f64 / total)).collect())
}

/// The optimal cost sum of share |x_i - y_j|^2 and its gradient with respect to the points of the first cloud, row-major. The plan itself has no
/// part in the gradient (envelope theorem).
///
/// # Errors
/// As [`pairs`].
pub fn squared_transport(x: &[f32], y: &[f32], dimensions: usize) -> Result<(f64, Vec<f32>)> {
    let mut value = 0.0;
    let mut gradient = vec![0.0f32; x.len()];
    for (i, j, share) in pairs(x, y, dimensions)? {
        let (i, j) = (i * dimensions, j * dimensions);
        for k in 0..dimensions {
            let apart = f64::from(x[i + k]) - f64::from(y[j + k]);
            value += share * apart * apart;
            gradient[i + k] += (2.0 * share * apart) as f32;
        }
    }
    Ok((value, gradient))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_paired_and_the_gradient_is_that_of_finite_differences() {
        let (x, y) = ([0.0f32, 0.0, 1.0, 0.0, 5.0, 1.0], [5.5f32, 1.0, 0.0, 0.5, 1.0, -1.0]);
        let mut found: Vec<_> = pairs(&x, &y, 2).unwrap().into_iter().filter(|pair| pair.2 > 0.0).collect();
        found.sort_by_key(|pair| pair.0);
        assert_eq!(found.iter().map(|pair| (pair.0, pair.1)).collect::<Vec<_>>(), [(0, 1), (1, 2), (2, 0)]);
        let (value, gradient) = squared_transport(&x, &y, 2).unwrap();
        assert!((value - (0.25 + 1.0 + 0.25) / 3.0).abs() < 1e-6);
        for k in 0..6 {
            let at = |by: f32| {
                let mut moved = x;
                moved[k] += by;
                squared_transport(&moved, &y, 2).unwrap().0
            };
            let slope = (at(0.01) - at(-0.01)) / 0.02;
            assert!((slope - f64::from(gradient[k])).abs() < 1e-3, "{k}: {slope} is not {}", gradient[k]);
        }
        assert!(pairs(&[f32::NAN, 0.0], &y, 2).is_err());
    }
}

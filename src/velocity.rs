//! Velocities of observed cells, as they are shown.

use crate::data::Dataset;
use crate::projection::Plane;
use crate::protocol::{DriftPart, VelocityField, VelocityQuery};

/// Velocities of cells in the model space, row-major, as they are shown.
pub(crate) fn shown(
    query: VelocityQuery,
    dataset: &Dataset,
    plane: &Plane<'_>,
    cells: Vec<u32>,
    mut velocities: Vec<f32>,
) -> VelocityField {
    let dimensions = velocities.len() / cells.len();
    let wind = (query.part.of_model() == DriftPart::Interaction).then(|| {
        let samples: Vec<usize> = cells.iter().map(|&cell| dataset.sample_of(cell as usize)).collect();
        let (wind, share) = wind(&velocities, &samples, dimensions);
        if query.part == DriftPart::Differing {
            velocities.iter_mut().zip(wind).for_each(|(value, wind)| *value -= wind);
        }
        share
    });
    let speeds: Vec<f32> =
        velocities.chunks_exact(dimensions).map(|v| v.iter().map(|x| x * x).sum::<f32>().sqrt()).collect();
    let mean_speed = speeds.iter().sum::<f32>() / speeds.len() as f32;
    let vectors = plane.vectors(&cells, &velocities);
    VelocityField {
        query,
        cells: cells.into(),
        vectors: vectors.into(),
        speeds: speeds.into(),
        mean_speed,
        wind,
        exact: plane.is_exact(),
    }
}

/// The mean vector of the population of each cell, in the order of the cells, and its share of the mean squared length of all vectors: 0 where
/// cells move each in its own way, 1 where all of a population move alike, and where nothing moves.
fn wind(vectors: &[f32], samples: &[usize], dimensions: usize) -> (Vec<f32>, f32) {
    let populations = samples.iter().max().map_or(0, |most| most + 1);
    let (mut sums, mut cells) = (vec![0.0f64; populations * dimensions], vec![0.0f64; populations]);
    for (vector, &sample) in vectors.chunks_exact(dimensions).zip(samples) {
        let sum = &mut sums[sample * dimensions..(sample + 1) * dimensions];
        sum.iter_mut().zip(vector).for_each(|(sum, value)| *sum += f64::from(*value));
        cells[sample] += 1.0;
    }
    let mean = |&sample: &usize| {
        let sum = sums[sample * dimensions..(sample + 1) * dimensions].iter();
        sum.map(|sum| (sum / cells[sample]) as f32).collect::<Vec<_>>()
    };
    let wind: Vec<f32> = samples.iter().flat_map(mean).collect();
    let size = |values: &[f32]| values.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>();
    let all = size(vectors);
    let share = if all > 0.0 { size(&wind) / all } else { 1.0 };
    (wind, share as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wind_is_what_all_cells_of_a_population_share() {
        let (shared, share) = wind(&[3.0, 4.0, 3.0, 4.0], &[0, 0], 2);
        assert_eq!((shared, share), (vec![3.0, 4.0, 3.0, 4.0], 1.0));
        // Two populations with winds of their own, and cells that turn away from each other.
        let (shared, share) = wind(&[1.0, 0.0, 1.0, 2.0, 0.0, 5.0], &[1, 1, 0], 2);
        assert_eq!(shared, [1.0, 1.0, 1.0, 1.0, 0.0, 5.0]);
        assert!((share - 29.0 / 31.0).abs() < 1e-6);
        let (_, none) = wind(&[2.0, -1.0, -2.0, 1.0], &[0, 0], 2);
        assert_eq!(none, 0.0);
    }
}

//! A potential over a plane of two axes of the model space.

use super::AnyModel;
use super::readings::{Reading, lacks};
use crate::data::{Dataset, evenly};
use crate::error::Result;
use crate::protocol::{Landscape, LandscapeQuery};
use burn::tensor::Device;

/// Observed cells that stand for all.
const MOST_CELLS: usize = 8192;
/// Width of the neighbourhood of a point, as a share of the extent of the cells along each axis.
const WIDTH: f32 = 0.025;
/// Cells further away than so many widths are not around a point.
const REACH: f32 = 3.0;
/// Weight of cells around a point below which there is nothing to say; a cell at the point itself has weight 1.
const LEAST: f32 = 0.3;
/// Margin around the cells, as a share of their extent.
const MARGIN: f32 = 0.04;

/// The potential of a model over a plane.
///
/// # Errors
/// The model has no potential, there are no such axes, or the device failed.
pub async fn landscape(
    model: &AnyModel,
    dataset: &Dataset,
    query: LandscapeQuery,
    device: &Device,
) -> Result<Landscape> {
    let axes = dataset.components(query.axes)?;
    let floor = Floor::new(dataset, axes, query.resolution);
    let times = vec![query.time; floor.points.len()];
    let found = model.potentials(dataset, floor.states, &times, device).await?;
    let found = found.ok_or_else(|| lacks(model.kind(), Reading::Potential))?;
    let mut values = vec![f32::NAN; query.resolution * query.resolution];
    floor.points.iter().zip(found).for_each(|(point, value)| values[*point] = value);
    Ok(Landscape { query, x: floor.bounds[0], y: floor.bounds[1], values: values.into() })
}

/// The points of a grid that have observed cells around them, placed among these.
struct Floor {
    /// First and last coordinate along each axis.
    bounds: [[f32; 2]; 2],
    /// Positions of the points in the grid.
    points: Vec<usize>,
    /// Their coordinates in the model space, row-major.
    states: Vec<f32>,
}

impl Floor {
    fn new(dataset: &Dataset, axes: [usize; 2], resolution: usize) -> Self {
        let cells: Vec<&[f32]> = evenly(dataset.states.rows, MOST_CELLS).map(|cell| dataset.states.row(cell)).collect();
        let extent = axes.map(|axis| {
            let along = cells.iter().map(|state| state[axis]);
            let (low, high) = along.fold((f32::INFINITY, f32::NEG_INFINITY), |(l, h), x| (l.min(x), h.max(x)));
            [low, (high - low).max(f32::MIN_POSITIVE)]
        });
        let bounds = extent.map(|[low, length]| [low - MARGIN * length, low + (1.0 + MARGIN) * length]);
        let step = bounds.map(|[low, high]| (high - low) / (resolution - 1) as f32);
        let columns = dataset.states.cols;
        let mut weights = vec![0.0f32; resolution * resolution];
        let mut sums = vec![0.0f32; weights.len() * columns];
        for state in cells {
            // The points that the cell reaches along each axis.
            let reached = [0, 1].map(|k| {
                let at = (state[axes[k]] - bounds[k][0]) / step[k];
                let reach = REACH * WIDTH * extent[k][1] / step[k];
                let first = (at - reach).ceil().max(0.0) as usize;
                first..((at + reach).floor().max(0.0) as usize + 1).min(resolution)
            });
            for row in reached[1].clone() {
                for column in reached[0].clone() {
                    let apart = |k: usize, index: usize| {
                        (bounds[k][0] + index as f32 * step[k] - state[axes[k]]) / (WIDTH * extent[k][1])
                    };
                    let square = apart(0, column).powi(2) + apart(1, row).powi(2);
                    let (point, weight) = (row * resolution + column, (-0.5 * square).exp());
                    weights[point] += weight;
                    let sums = &mut sums[point * columns..(point + 1) * columns];
                    sums.iter_mut().zip(state).for_each(|(sum, x)| *sum += weight * x);
                }
            }
        }
        let points: Vec<usize> = (0..weights.len()).filter(|point| weights[*point] >= LEAST).collect();
        let mut states = Vec::with_capacity(points.len() * columns);
        for &point in &points {
            let first = states.len();
            states.extend(sums[point * columns..(point + 1) * columns].iter().map(|sum| sum / weights[point]));
            for (k, index) in [point % resolution, point / resolution].into_iter().enumerate() {
                states[first + axes[k]] = bounds[k][0] + index as f32 * step[k];
            }
        }
        Self { bounds, points, states }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Matrix;

    #[test]
    fn points_lie_among_the_cells_around_them() {
        // A sheet in three dimensions: the third coordinate is the sum of the first two.
        let states: Vec<f32> = (0..400)
            .flat_map(|k| [(k % 20) as f32, (k / 20) as f32])
            .collect::<Vec<_>>()
            .chunks_exact(2)
            .flat_map(|p| [p[0], p[1], p[0] + p[1]])
            .collect();
        let dataset = Dataset { states: Matrix::new(400, 3, states).unwrap(), ..Dataset::default() };
        let floor = Floor::new(&dataset, [0, 1], 20);
        assert!(floor.points.len() > 100, "{}", floor.points.len());
        assert!(floor.bounds[0][0] < 0.0 && floor.bounds[0][1] > 19.0);
        for state in floor.states.chunks_exact(3) {
            assert!((state[2] - state[0] - state[1]).abs() < 1.5, "{state:?}");
        }
    }

    #[test]
    fn nothing_is_said_where_no_cells_are() {
        let states = (0..200).flat_map(|k| if k < 100 { [0.0, k as f32 / 100.0] } else { [9.0, k as f32 / 100.0] });
        let dataset = Dataset { states: Matrix::new(200, 2, states.collect()).unwrap(), ..Dataset::default() };
        let floor = Floor::new(&dataset, [0, 1], 32);
        assert!(floor.states.chunks_exact(2).all(|state| !(2.0..7.0).contains(&state[0])));
        assert!(!floor.points.is_empty());
    }
}

//! From the model space to the plane that is drawn.
//!
//! Two axes of the model space are exact. An embedding such as UMAP has no formula for new points, so vectors and simulated cells go through
//! their nearest observed cells, as in scVelo's velocity embedding; both are approximations and are labelled so.

use crate::data::{Dataset, Matrix, evenly};
use crate::error::Result;
use crate::protocol::SpaceId;

/// Observed cells that stand for all when neighbours are looked for; an evenly spread sample of larger datasets.
const LANDMARKS: usize = 3000;
/// Neighbours that carry a vector.
const VECTOR_NEIGHBOURS: usize = 30;
/// Neighbours that place a simulated cell.
const POINT_NEIGHBOURS: usize = 10;
/// Width of the kernel on cosines, scVelo's default sharpness.
const COSINE_WIDTH: f32 = 0.1;

/// A plane of a dataset.
pub enum Plane<'a> {
    /// Two axes of the model space.
    Components {
        /// The dataset.
        dataset: &'a Dataset,
        /// The two axes.
        axes: [usize; 2],
    },
    /// An embedding, with the landmarks that represent it.
    Embedding {
        /// The dataset.
        dataset: &'a Dataset,
        /// Coordinates of all cells.
        positions: &'a Matrix,
        /// Cells that stand for all.
        landmarks: Vec<u32>,
    },
}

impl<'a> Plane<'a> {
    /// The plane of a space.
    ///
    /// # Errors
    /// There is no such space.
    pub fn new(dataset: &'a Dataset, space: SpaceId) -> Result<Self> {
        match space {
            SpaceId::Components(axes) => Ok(Self::Components { dataset, axes: dataset.components(axes)? }),
            SpaceId::Embedding(index) => {
                let positions = &dataset.embedding(index)?.positions;
                let landmarks = evenly(dataset.states.rows, LANDMARKS).map(|cell| cell as u32).collect();
                Ok(Self::Embedding { dataset, positions, landmarks })
            }
        }
    }

    /// Vectors and points are exact.
    pub fn is_exact(&self) -> bool {
        matches!(self, Self::Components { .. })
    }

    /// Projects one model-space vector per cell of `cells`; x, y of each.
    pub fn vectors(&self, cells: &[u32], vectors: &[f32]) -> Vec<f32> {
        match self {
            Self::Components { dataset, axes } => pick(vectors, dataset.states.cols, *axes),
            Self::Embedding { dataset, positions, landmarks } => {
                let rows = vectors.chunks_exact(dataset.states.cols).zip(cells);
                rows.flat_map(|(vector, &cell)| {
                    let origin = dataset.states.row(cell as usize);
                    let near = nearest(dataset, landmarks, origin, VECTOR_NEIGHBOURS + 1);
                    carried(dataset, positions, cell, vector, &near)
                })
                .collect()
            }
        }
    }

    /// Projects model-space points, row-major; x, y of each.
    pub fn points(&self, points: &[f32]) -> Vec<f32> {
        match self {
            Self::Components { dataset, axes } => pick(points, dataset.states.cols, *axes),
            Self::Embedding { dataset, positions, landmarks } => {
                let rows = points.chunks_exact(dataset.states.cols);
                rows.flat_map(|point| placed(positions, &nearest(dataset, landmarks, point, POINT_NEIGHBOURS)))
                    .collect()
            }
        }
    }
}

fn pick(rows: &[f32], columns: usize, [x, y]: [usize; 2]) -> Vec<f32> {
    rows.chunks_exact(columns).flat_map(|row| [row[x], row[y]]).collect()
}

/// The `count` landmarks nearest to a point, with their squared distances.
fn nearest(dataset: &Dataset, landmarks: &[u32], point: &[f32], count: usize) -> Vec<(f32, u32)> {
    let mut all: Vec<(f32, u32)> = landmarks
        .iter()
        .map(|&cell| {
            let row = dataset.states.row(cell as usize);
            (row.iter().zip(point).map(|(a, b)| (a - b) * (a - b)).sum(), cell)
        })
        .collect();
    let count = count.min(all.len());
    if count < all.len() {
        all.select_nth_unstable_by(count, |a, b| a.0.total_cmp(&b.0));
        all.truncate(count);
    }
    all
}

/// scVelo's velocity embedding: neighbours weighted by how well they lie in the direction of the vector, minus the mean displacement.
/// The length is the share of the vector that its neighbours' displacements explain, in units of the embedding.
fn carried(dataset: &Dataset, positions: &Matrix, cell: u32, vector: &[f32], near: &[(f32, u32)]) -> [f32; 2] {
    let speed = vector.iter().map(|v| v * v).sum::<f32>().sqrt();
    let origin = dataset.states.row(cell as usize);
    let at = positions.row(cell as usize);
    let near: Vec<_> = near.iter().filter(|(distance, neighbour)| *neighbour != cell && *distance > 0.0).collect();
    if near.is_empty() || speed == 0.0 {
        return [0.0, 0.0];
    }
    let weights: Vec<f32> = near
        .iter()
        .map(|(distance, neighbour)| {
            let row = dataset.states.row(*neighbour as usize);
            let dot: f32 = row.iter().zip(origin).zip(vector).map(|((a, b), v)| (a - b) * v).sum();
            (dot / (distance.sqrt() * speed) / COSINE_WIDTH).exp()
        })
        .collect();
    let total: f32 = weights.iter().sum();
    let mean = 1.0 / near.len() as f32;
    let mut arrow = [0.0, 0.0];
    for ((distance, neighbour), weight) in near.iter().zip(&weights) {
        let there = positions.row(*neighbour as usize);
        let shift = weight / total - mean;
        // a step of the vector's length covers this share of the way to the neighbour
        let share = speed / distance.sqrt();
        arrow[0] += shift * share * (there[0] - at[0]);
        arrow[1] += shift * share * (there[1] - at[1]);
    }
    arrow
}

/// The mean position of neighbours, weighted by a Gaussian as wide as the farthest of them.
fn placed(positions: &Matrix, near: &[(f32, u32)]) -> [f32; 2] {
    let widest = near.iter().map(|(distance, _)| *distance).fold(f32::MIN_POSITIVE, f32::max);
    let closest = near.iter().map(|(distance, _)| *distance).fold(f32::INFINITY, f32::min);
    let (mut x, mut y, mut total) = (0.0, 0.0, 0.0);
    for (distance, cell) in near {
        let weight = (-4.0 * (distance - closest) / widest).exp();
        let there = positions.row(*cell as usize);
        x += weight * there[0];
        y += weight * there[1];
        total += weight;
    }
    [x / total, y / total]
}

//! Exact nearest neighbours, by comparing every pair.

use crate::data::Matrix;
use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatMut, MatRef, Par};
use std::ops::Range;

/// The cells in which neighbours are sought.
pub(crate) struct Reference {
    /// d x cells.
    turned: Mat<f32>,
    squares: Vec<f32>,
}

/// The nearest cells of each of some cells, the nearest first.
#[derive(Default)]
pub(crate) struct Neighbours {
    /// Indices of cells, `count` for each cell.
    pub(crate) cells: Vec<u32>,
    /// Euclidean distances to them.
    pub(crate) distances: Vec<f32>,
}

impl Reference {
    /// The rows of `cells`, which should be centred: distances are differences of squares.
    pub(crate) fn new(cells: &Matrix) -> Self {
        let turned = Mat::from_fn(cells.cols, cells.rows, |axis, cell| cells.values[cell * cells.cols + axis]);
        let squares = (0..cells.rows).map(|cell| square(cells.row(cell))).collect();
        Self { turned, squares }
    }

    /// Appends the `count` nearest cells of some rows of `queries`. With `same`, `queries` are the reference's own cells, and none is
    /// its own neighbour.
    pub(crate) fn search(
        &self,
        queries: &Matrix,
        rows: Range<usize>,
        count: usize,
        same: bool,
        found: &mut Neighbours,
    ) {
        let (axes, cells) = (self.turned.nrows(), self.turned.ncols());
        let values = &queries.values[rows.start * axes..rows.end * axes];
        let mut products = vec![0.0f32; rows.len() * cells];
        matmul(
            MatMut::from_row_major_slice_mut(&mut products, rows.len(), cells),
            Accum::Replace,
            MatRef::from_row_major_slice(values, rows.len(), axes),
            self.turned.as_ref(),
            -2.0,
            Par::Seq,
        );
        let mut nearest: Vec<(f32, u32)> = Vec::with_capacity(count + 1);
        for (row, products) in rows.clone().zip(products.chunks_exact(cells)) {
            nearest.clear();
            let mut limit = f32::INFINITY;
            for (cell, (product, square)) in products.iter().zip(&self.squares).enumerate() {
                // The distance's square but for the query's own, which is the same for all.
                let distance = product + square;
                if distance < limit && !(same && cell == row) {
                    let place = nearest.partition_point(|(other, _)| *other <= distance);
                    nearest.insert(place, (distance, cell as u32));
                    if nearest.len() > count {
                        nearest.pop();
                    }
                    if nearest.len() == count {
                        limit = nearest[count - 1].0;
                    }
                }
            }
            let own = square(queries.row(row));
            found.cells.extend(nearest.iter().map(|(_, cell)| cell));
            found.distances.extend(nearest.iter().map(|(distance, _)| (distance + own).max(0.0).sqrt()));
        }
    }
}

fn square(row: &[f32]) -> f32 {
    row.iter().map(|value| value * value).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_are_found_in_their_order() {
        let line = Matrix::new(5, 2, vec![0.0, 0.0, 1.0, 0.0, 3.0, 0.0, 7.0, 0.0, 6.0, 0.0]).unwrap();
        let mut found = Neighbours::default();
        Reference::new(&line).search(&line, 0..5, 2, true, &mut found);
        assert_eq!(found.cells, [1, 2, 0, 2, 1, 0, 4, 2, 3, 2]);
        assert_eq!(found.distances, [1.0, 3.0, 1.0, 2.0, 2.0, 3.0, 1.0, 4.0, 1.0, 3.0]);
        let mut found = Neighbours::default();
        Reference::new(&line).search(&line, 3..4, 1, false, &mut found);
        assert_eq!((found.cells[0], found.distances[0]), (3, 0.0));
    }
}

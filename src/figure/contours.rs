//! Lines of equal value over a plane, from values of cells.

use super::field::{FieldOptions, Grid};
use super::scatter::Bounds;

/// Lines of equal value.
#[derive(Clone, Debug, PartialEq)]
pub struct Contour {
    /// The value.
    pub value: f64,
    /// Straight pieces, from one side of a box of the grid to another.
    pub pieces: Vec<[[f64; 2]; 2]>,
}

/// Lines at `count` evenly spaced values between the lowest and the highest mean of the cells' values; means are taken as [`Grid::new`] takes
/// those of velocities, and empty space has none. Cells with a value that is not finite are left out.
///
/// # Panics
/// If there are not as many values as positions.
#[must_use]
pub fn contours(positions: &[[f32; 2]], values: &[f32], bounds: Bounds, count: usize) -> Vec<Contour> {
    let vectors: Vec<[f32; 2]> = values.iter().map(|value| [*value, 0.0]).collect();
    // Potentials are smooth: a wider kernel than that of arrows keeps single cells from making islands.
    let options = FieldOptions { smooth: 1.5, ..FieldOptions::default() };
    let grid = Grid::new(positions, &vectors, bounds, &options);
    let means: Vec<Vec<Option<f64>>> =
        grid.rows().map(|row| row.iter().map(|mean| mean.map(|m| m[0])).collect()).collect();
    let known = means.iter().flatten().flatten().copied();
    let (low, high) = known.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), mean| (a.min(mean), b.max(mean)));
    if low >= high {
        return Vec::new();
    }
    let step = (high - low) / (count + 1) as f64;
    let level = |i: usize| {
        let value = low + step * i as f64;
        Contour { value, pieces: pieces(&grid, &means, value) }
    };
    (1..=count).map(level).filter(|contour| !contour.pieces.is_empty()).collect()
}

/// Marching squares: in each box whose corners all have a mean, the line between the sides that the value crosses.
fn pieces(grid: &Grid, means: &[Vec<Option<f64>>], value: f64) -> Vec<[[f64; 2]; 2]> {
    let mut found = Vec::new();
    for (row, pair) in means.windows(2).enumerate() {
        for col in 0..pair[0].len().saturating_sub(1) {
            // Counter-clockwise from the lower left.
            let corners = [[col, row], [col + 1, row], [col + 1, row + 1], [col, row + 1]];
            let known = corners.map(|[c, r]| means[r][c]);
            let [Some(a), Some(b), Some(c), Some(d)] = known else { continue };
            let heights = [a, b, c, d];
            let crossed: Vec<[f64; 2]> = (0..4)
                .filter_map(|side| {
                    let (from, to) = (side, (side + 1) % 4);
                    let (low, high) = (heights[from], heights[to]);
                    ((low < value) != (high < value)).then(|| {
                        let share = (value - low) / (high - low);
                        let [p, q] = [grid.place(corners[from]), grid.place(corners[to])];
                        [0, 1].map(|axis| p[axis] + share * (q[axis] - p[axis]))
                    })
                })
                .collect();
            match crossed[..] {
                [p, q] => found.push([p, q]),
                // A saddle: the corner of the lower left goes with its opposite if the middle is on their side.
                [p, q, r, s] => {
                    let together = (heights.iter().sum::<f64>() / 4.0 < value) == (a < value);
                    found.extend(if together { [[p, q], [r, s]] } else { [[p, s], [q, r]] });
                }
                _ => {}
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A round valley on 41 x 41 cells.
    fn valley() -> (Vec<[f32; 2]>, Vec<f32>) {
        let at = |i: usize| [(i % 41) as f32 / 20.0 - 1.0, (i / 41) as f32 / 20.0 - 1.0];
        let positions: Vec<_> = (0..41 * 41).map(at).collect();
        let values = positions.iter().map(|[x, y]| x * x + y * y).collect();
        (positions, values)
    }

    #[test]
    fn lines_around_a_valley_are_circles() {
        let (positions, values) = valley();
        let found = contours(&positions, &values, Bounds::around(&positions, 0.0), 5);
        assert_eq!(found.len(), 5);
        assert!(found.windows(2).all(|pair| pair[0].value < pair[1].value));
        for contour in &found[..2] {
            let radius = contour.value.sqrt();
            for [x, y] in contour.pieces.iter().flatten() {
                assert!((x.hypot(*y) - radius).abs() < 0.08, "{x} {y} at {radius}");
            }
        }
    }

    #[test]
    fn every_line_is_closed_or_ends_at_an_edge() {
        let (positions, values) = valley();
        let found = contours(&positions, &values, Bounds::around(&positions, 0.0), 3);
        // The first circle lies inside: each of its points belongs to two pieces.
        let ends: Vec<[i64; 2]> =
            found[0].pieces.iter().flatten().map(|end| end.map(|c| (c * 1e9).round() as i64)).collect();
        assert!(ends.iter().all(|end| ends.iter().filter(|other| *other == end).count() == 2));
    }

    #[test]
    fn a_plain_or_nothing_has_no_lines() {
        let (positions, values) = valley();
        let bounds = Bounds::around(&positions, 0.0);
        assert!(contours(&positions, &vec![1.0; values.len()], bounds, 5).iter().all(|it| it.pieces.is_empty()));
        assert!(contours(&[], &[], bounds, 5).is_empty());
        assert!(contours(&positions, &vec![f32::NAN; values.len()], bounds, 5).is_empty());
    }
}

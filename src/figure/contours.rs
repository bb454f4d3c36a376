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
        Contour { value, pieces: pieces(&means, |corner| grid.place(corner), value) }
    };
    (1..=count).map(level).filter(|contour| !contour.pieces.is_empty()).collect()
}

/// Points of the grid of a density, along each side.
const FINE: usize = 96;

/// Lines around the densest places, each around this share of the points: the value of a line is its share. The density is that of a Gaussian
/// around each point, as wide as Scott's rule says (D. W. Scott, Multivariate Density Estimation, 1992: the standard deviation along the axis
/// times n^(-1/6)). Points that are not finite are left out; none for fewer than two points.
#[must_use]
pub fn density(points: &[[f32; 2]], shares: &[f64]) -> Vec<Contour> {
    let points: Vec<[f64; 2]> =
        points.iter().map(|point| point.map(f64::from)).filter(|[x, y]| x.is_finite() && y.is_finite()).collect();
    let count = points.len() as f64;
    let width = |axis: usize| {
        let mean = points.iter().map(|point| point[axis]).sum::<f64>() / count;
        let variance = points.iter().map(|point| (point[axis] - mean).powi(2)).sum::<f64>() / count;
        variance.sqrt() * count.powf(-1.0 / 6.0)
    };
    let widths = [0, 1].map(width);
    if points.len() < 2 || widths.contains(&0.0) {
        return Vec::new();
    }
    // Room for three widths around the outermost points, so that every line closes.
    let end = |axis: usize, pick: fn(f64, f64) -> f64, start: f64, beyond: f64| {
        points.iter().map(|point| point[axis]).fold(start, pick) + beyond * widths[axis]
    };
    let low = [0, 1].map(|axis| end(axis, f64::min, f64::INFINITY, -3.0));
    let step = [0, 1].map(|axis| (end(axis, f64::max, f64::NEG_INFINITY, 3.0) - low[axis]) / (FINE - 1) as f64);
    let nearest = |point: &[f64; 2]| {
        let [col, row] = [0, 1].map(|axis| (((point[axis] - low[axis]) / step[axis]).round() as usize).min(FINE - 1));
        row * FINE + col
    };
    let mut heights = vec![0.0_f64; FINE * FINE];
    points.iter().for_each(|point| heights[nearest(point)] += 1.0);
    for (axis, stride) in [(0, 1), (1, FINE)] {
        heights = smoothed(&heights, widths[axis] / step[axis], stride);
    }
    let mut at_points: Vec<f64> = points.iter().map(|point| heights[nearest(point)]).collect();
    at_points.sort_by(|a, b| b.total_cmp(a));
    let grid: Vec<Vec<Option<f64>>> =
        heights.chunks(FINE).map(|row| row.iter().map(|height| Some(*height)).collect()).collect();
    let place = |[col, row]: [usize; 2]| [low[0] + col as f64 * step[0], low[1] + row as f64 * step[1]];
    let line = |&share: &f64| {
        let last = ((share * count).ceil() as usize).clamp(1, at_points.len()) - 1;
        Contour { value: share, pieces: pieces(&grid, place, at_points[last]) }
    };
    shares.iter().map(line).collect()
}

/// A Gaussian of this width, in points of the grid, over values whose neighbours along the axis are `stride` apart.
fn smoothed(values: &[f64], width: f64, stride: usize) -> Vec<f64> {
    let reach = (3.0 * width).ceil() as isize;
    let weights: Vec<f64> = (-reach..=reach).map(|at| (-0.5 * (at as f64 / width).powi(2)).exp()).collect();
    let mut smooth = vec![0.0; values.len()];
    for (place, value) in values.iter().enumerate().filter(|(_, value)| **value > 0.0) {
        let along = (place / stride % FINE) as isize;
        for (at, weight) in (-reach..=reach).zip(&weights) {
            if (0..FINE as isize).contains(&(along + at)) {
                smooth[place.wrapping_add_signed(at * stride as isize)] += weight * value;
            }
        }
    }
    smooth
}

/// Marching squares: in each box whose corners all have a mean, the line between the sides that the value crosses.
fn pieces(means: &[Vec<Option<f64>>], place: impl Fn([usize; 2]) -> [f64; 2], value: f64) -> Vec<[[f64; 2]; 2]> {
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
                        let [p, q] = [place(corners[from]), place(corners[to])];
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
    fn a_line_of_density_holds_its_share() {
        // Two clouds of different size, of points that are spread as evenly as a normal distribution allows.
        let cloud = |i: usize| {
            let [u, v] = [0.754_877_67, 0.569_840_29].map(|step| (0.5 + i as f64 * step).fract());
            let (radius, angle) = ((-2.0 * (1.0 - u).ln()).sqrt(), std::f64::consts::TAU * v);
            let shift = if i.is_multiple_of(4) { 9.0 } else { 0.0 };
            [(radius * angle.cos() + shift) as f32, (2.0 * radius * angle.sin()) as f32]
        };
        let points: Vec<[f32; 2]> = (0..4000).map(cloud).collect();
        let lines = density(&points, &[0.25, 0.75]);
        assert_eq!(lines.iter().map(|line| line.value).collect::<Vec<_>>(), [0.25, 0.75]);
        // A ray to the right crosses the line around a point an odd number of times.
        let inside = |line: &Contour, [x, y]: [f64; 2]| {
            let crossed = |[p, q]: &&[[f64; 2]; 2]| {
                (p[1] > y) != (q[1] > y) && x < p[0] + (y - p[1]) / (q[1] - p[1]) * (q[0] - p[0])
            };
            line.pieces.iter().filter(crossed).count() % 2 == 1
        };
        for line in &lines {
            let held = points.iter().filter(|point| inside(line, point.map(f64::from))).count() as f64 / 4000.0;
            assert!((held - line.value).abs() < 0.02, "{held} instead of {}", line.value);
        }
        assert!(inside(&lines[0], [0.0, 0.0]) && !inside(&lines[0], [9.0, 0.0]) && inside(&lines[1], [9.0, 0.0]));
        assert!(density(&[[1.0, 2.0]], &[0.5]).is_empty() && density(&[[1.0, 2.0]; 9], &[0.5]).is_empty());
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

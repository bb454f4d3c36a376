//! Arrows in pixels: their shape, and those of a velocity grid with a key.

use super::field::{self, FieldOptions, length_quantile};
use super::points::scattered;
use super::scatter::{Bounds, Viewport};
use super::ticks::round_down;
use std::collections::HashSet;

/// Distance of neighbouring arrows when the whole plane is seen, in pixels.
pub const SPACING: f64 = 22.0;

/// Cells that are closer than this share one arrow, in pixels.
const CLOSE: f64 = 12.0;

/// The lines of an arrow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shape {
    /// From start to tip.
    pub shaft: [[f64; 2]; 2],
    /// Barb, tip, barb.
    pub head: [[f64; 2]; 3],
}

/// An arrow from `start` along `vector`, in pixels; none if it is too short to be seen.
#[must_use]
pub fn shape(start: [f64; 2], vector: [f64; 2]) -> Option<Shape> {
    let length = vector[0].hypot(vector[1]);
    if length.is_nan() || length < 1.5 {
        return None;
    }
    let tip = [start[0] + vector[0], start[1] + vector[1]];
    let head = (0.4 * length).clamp(2.5, 6.0) / length;
    let barb = |side: f64| {
        [tip[0] - head * (vector[0] + side * 0.55 * vector[1]), tip[1] - head * (vector[1] - side * 0.55 * vector[0])]
    };
    Some(Shape { shaft: [start, tip], head: [barb(1.0), tip, barb(-1.0)] })
}

/// Options of [`field::grid`] whose arrows have their [`SPACING`] where `whole` shows all of `bounds`.
#[must_use]
pub fn grid_options(bounds: Bounds, whole: &Viewport) -> FieldOptions {
    let longer = (bounds.high[0] - bounds.low[0]).max(bounds.high[1] - bounds.low[1]) * whole.scale;
    FieldOptions { density: (longer / SPACING).clamp(8.0, 50.0).round() / 50.0, ..FieldOptions::default() }
}

/// A grid of arrows in pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// The arrows, centred on their grid points. What would be too short to be seen is left out.
    pub shapes: Vec<Shape>,
    /// A round speed for the key, in the units of the input.
    pub key: f64,
    /// Length of an arrow of that speed.
    pub key_length: f64,
}

/// Arrows of a grid as they are drawn in `viewport`. A fast arrow is a bit longer than its box; all lengths grow with the magnification
/// over `whole`, as the boxes do. None if nothing moves.
#[must_use]
pub fn drawn(arrows: &[field::Arrow], viewport: &Viewport, whole: &Viewport) -> Option<Drawn> {
    let pixels = pixels(arrows, viewport, whole)?;
    let spacing = SPACING * viewport.scale / whole.scale;
    let one = |arrow: &field::Arrow| {
        let [x, y] = viewport.project(arrow.at);
        let vector = [arrow.vector[0] * pixels, -arrow.vector[1] * pixels];
        let cut = (2.0 * spacing / vector[0].hypot(vector[1])).min(1.0);
        let [dx, dy] = vector.map(|c| c * cut);
        shape([x - dx / 2.0, y - dy / 2.0], [dx, dy])
    };
    Some(Drawn::with(arrows.iter().filter_map(one).collect(), pixels))
}

/// Arrows of single cells in the scale of [`drawn`], each beginning at its cell; where many cells are close together, one of them.
#[must_use]
pub fn of_cells(
    arrows: &[field::Arrow],
    positions: &[[f32; 2]],
    vectors: &[[f32; 2]],
    viewport: &Viewport,
    whole: &Viewport,
) -> Option<Drawn> {
    let pixels = pixels(arrows, viewport, whole)?;
    let mut taken = HashSet::new();
    let mut shapes = Vec::new();
    for i in scattered(positions.len().min(vectors.len())) {
        let start = viewport.project(positions[i].map(f64::from));
        let seen = (0..2).all(|axis| (-SPACING..=viewport.size[axis] + SPACING).contains(&start[axis]));
        if seen && taken.insert(start.map(|c| (c / CLOSE).floor() as i32)) {
            let [x, y] = vectors[i].map(f64::from);
            shapes.extend(shape(start, [x * pixels, -y * pixels]));
        }
    }
    Some(Drawn::with(shapes, pixels))
}

impl Drawn {
    fn with(shapes: Vec<Shape>, pixels: f64) -> Self {
        let key = round_down(60.0 / pixels);
        Self { shapes, key, key_length: key * pixels }
    }
}

/// Pixels a unit of speed; none if nothing moves.
fn pixels(arrows: &[field::Arrow], viewport: &Viewport, whole: &Viewport) -> Option<f64> {
    let typical = length_quantile(arrows, 0.9);
    (typical > 0.0).then(|| 1.35 * SPACING * viewport.scale / whole.scale / typical)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds { low: [0.0, 0.0], high: [10.0, 10.0] };

    #[test]
    fn the_head_is_at_the_tip() {
        let arrow = shape([10.0, 20.0], [30.0, 0.0]).unwrap();
        assert_eq!(arrow.shaft, [[10.0, 20.0], [40.0, 20.0]]);
        assert_eq!(arrow.head[1], [40.0, 20.0]);
        let [low, _, high] = arrow.head;
        assert!(low[0] < 40.0 && low[0] == high[0] && (low[1] + high[1] - 40.0).abs() < 1e-9 && low[1] != high[1]);
        assert_eq!(shape([0.0; 2], [0.1, 0.1]), None);
        assert_eq!(shape([0.0; 2], [f64::NAN, 5.0]), None);
    }

    #[test]
    fn lengths_are_speeds_and_y_points_up() {
        let whole = Viewport::fit(BOUNDS, [300.0, 300.0], 0.0);
        let arrow = |x: f64, vector| field::Arrow { at: [x, 5.0], vector };
        let arrows = [arrow(1.0, [0.0, 1.0]), arrow(2.0, [0.0, 2.0]), arrow(3.0, [0.0, 0.0])];
        let drawn = drawn(&arrows, &whole, &whole).unwrap();
        let lengths: Vec<f64> = drawn.shapes.iter().map(|s| s.shaft[0][1] - s.shaft[1][1]).collect();
        assert_eq!(lengths.len(), 2, "what stands still has no arrow");
        assert!((lengths[1] - 2.0 * lengths[0]).abs() < 1e-9 && lengths[0] > 0.0);
        assert!((drawn.key_length / drawn.key - lengths[0]).abs() < 1e-9, "the key has the arrows' scale");
        let (start, end) = (drawn.shapes[0].shaft[0], drawn.shapes[0].shaft[1]);
        assert_eq!([0, 1].map(|i| (start[i] + end[i]) / 2.0), whole.project([1.0, 5.0]));
    }

    #[test]
    fn cells_have_arrows_in_the_scale_of_the_grid() {
        let whole = Viewport::fit(BOUNDS, [300.0, 300.0], 0.0);
        let grid = [field::Arrow { at: [1.0, 5.0], vector: [0.0, 2.0] }];
        let positions = [[1.0, 5.0], [1.0, 5.0], [8.0, 5.0], [999.0, 5.0]];
        let found = of_cells(&grid, &positions, &[[0.0, 2.0]; 4], &whole, &whole).unwrap();
        assert_eq!(found.shapes.len(), 2, "cells at one place share an arrow, what is out of sight has none");
        let shaft = found.shapes[0].shaft;
        let expected = drawn(&grid, &whole, &whole).unwrap();
        let length = |[from, to]: [[f64; 2]; 2]| (to[0] - from[0]).hypot(to[1] - from[1]);
        assert!((length(shaft) - length(expected.shapes[0].shaft)).abs() < 1e-9);
        assert_eq!(found.key, expected.key);
    }

    #[test]
    fn nothing_moves_nothing_is_drawn() {
        let whole = Viewport::fit(BOUNDS, [300.0, 300.0], 0.0);
        assert_eq!(drawn(&[], &whole, &whole), None);
        assert_eq!(drawn(&[field::Arrow { at: [1.0, 1.0], vector: [0.0, 0.0] }], &whole, &whole), None);
        assert_eq!(grid_options(BOUNDS, &whole).density, 14.0 / 50.0);
    }
}

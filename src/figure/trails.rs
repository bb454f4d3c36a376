//! The same cells on two ways: trajectories beside each other in a plane, over pale observed cells.

use super::drawing::{Drawing, Shape, discs, document};
use super::points::scattered;
use super::scatter::{Bounds, Viewport, pairs};
use super::svg::{Anchor, Format};
use super::theme::Theme;
use std::fmt::Write;

/// Observed cells that are drawn at most: they are only the ground.
const GROUND: usize = 1500;
/// Cells whose ways are drawn at most; the ends of all are.
const WAYS: usize = 120;
/// Room for the legend.
const LEGEND: f64 = 22.0;

/// What is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Trails<'a> {
    /// Positions of the observed cells.
    pub ground: &'a [f32],
    /// Number of cells on the two ways.
    pub cells: usize,
    /// x, y of each cell, frame after frame: drawn full and coloured, ends as discs.
    pub first: &'a [f32],
    /// The other way: drawn dashed in ink, ends as crosses.
    pub second: &'a [f32],
    /// What the two are.
    pub names: [&'a str; 2],
}

/// Both ways of all cells.
#[must_use]
pub fn draw(trails: &Trails, size: [f64; 2], theme: Theme) -> Drawing {
    let mut drawing = Drawing::new(size);
    let ground = pairs(trails.ground);
    let plane = [size[0], (size[1] - LEGEND).max(20.0)];
    let all: Vec<[f32; 2]> = [ground, pairs(trails.first), pairs(trails.second)].concat();
    let viewport = Viewport::fit(Bounds::around(&all, 0.03), plane, 4.0);
    let place = |point: [f32; 2]| {
        let [x, y] = viewport.project(point.map(f64::from));
        [x, y + LEGEND]
    };
    let finite = |point: &[f32; 2]| point.iter().all(|part| part.is_finite());
    let sample = scattered(ground.len()).into_iter().take(GROUND).map(|i| ground[i]).filter(finite);
    drawing.shape(Shape::area(discs(sample.map(place), 1.5), theme.pale).class("observed").opacity(0.45));
    let ways = [(trails.first, theme.accent, ""), (trails.second, theme.ink, "4 3")];
    for (i, (positions, color, dashes)) in ways.into_iter().enumerate() {
        let points = pairs(positions);
        let line = Shape::line(ways_of(points, trails.cells, &place), color, 1.1).class("trails").opacity(0.75);
        drawing.shape(line.dashes(dashes));
        let last = &points[points.len().saturating_sub(trails.cells)..];
        let ends = last.iter().copied().filter(finite).map(place);
        let mark = if i == 0 {
            Shape::area(discs(ends, 2.4), color)
        } else {
            Shape::line(
                ends.map(|[x, y]| format!("M{:.1},{:.1}l5,5m0,-5l-5,5", x - 2.5, y - 2.5)).collect(),
                color,
                1.3,
            )
        };
        drawing.shape(mark.class("ends"));
    }
    let mut x = 4.0;
    for (i, name) in trails.names.into_iter().enumerate() {
        let color = if i == 0 { theme.accent } else { theme.ink };
        let line = format!("M{x:.1},10h22");
        drawing.shape(Shape::line(line, color, 1.8).dashes(if i == 0 { "" } else { "4 3" }));
        let end = if i == 0 {
            Shape::area(discs([[x + 24.0, 10.0]], 2.8), color)
        } else {
            Shape::line(format!("M{:.1},7.5l5,5m0,-5l-5,5", x + 22.0), color, 1.3)
        };
        drawing.shape(end);
        drawing.label([x + 32.0, 10.0], name, Anchor::Start, theme.ink, 12.0);
        x += 48.0 + super::labels::width(name, 12.0);
    }
    drawing
}

/// A line for each cell, or for as many as can be told apart, all in one path; a line ends where a position is missing.
fn ways_of(points: &[[f32; 2]], cells: usize, place: &impl Fn([f32; 2]) -> [f64; 2]) -> String {
    let mut path = String::new();
    for cell in (0..cells).step_by(cells.div_ceil(WAYS).max(1)) {
        let mut drawn = false;
        for point in points.iter().skip(cell).step_by(cells.max(1)) {
            let going = point.iter().all(|part| part.is_finite());
            if going {
                let [x, y] = place(*point);
                // Writing to a string cannot fail.
                let _ = write!(path, "{}{x:.1},{y:.1}", if drawn { "L" } else { "M" });
            }
            drawn = going;
        }
    }
    path
}

/// Both ways as a document.
#[must_use]
pub fn to_svg(trails: &Trails, caption: &str, format: &Format) -> String {
    document(format, caption, |size, theme| draw(trails, size, theme))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: [f32; 8] = [0.0, 0.0, 1.0, 1.0, 2.0, 0.0, 3.0, 1.0];
    const SECOND: [f32; 8] = [0.0, 0.0, 1.0, 1.0, f32::NAN, 0.0, 3.0, 2.0];

    #[test]
    fn each_cell_has_a_line_on_each_way() {
        let trails = Trails {
            ground: &[0.0, 0.0, 3.0, 2.0],
            cells: 2,
            first: &FIRST,
            second: &SECOND,
            names: ["frozen", "re-encoded"],
        };
        let drawing = draw(&trails, [300.0, 200.0], Theme::new(false));
        let ways: Vec<&Shape> = drawing.shapes("trails").collect();
        assert_eq!(ways[0].path.matches('M').count(), 2);
        assert_eq!(ways[0].path.matches('L').count(), 2);
        assert_eq!(ways[1].path.matches('L').count(), 1, "a missing position ends the line");
        assert!(ways[0].dashes.is_empty() && !ways[1].dashes.is_empty());
        assert!(drawing.texts().map(|text| text.text.as_str()).eq(["frozen", "re-encoded"]));
    }

    #[test]
    fn nothing_is_no_panic() {
        let trails = Trails { ground: &[], cells: 0, first: &[], second: &[], names: ["a", "b"] };
        let format = Format { size: [30.0, 20.0], dark: true, title: String::new() };
        assert!(!to_svg(&trails, "", &format).contains("NaN"));
    }
}

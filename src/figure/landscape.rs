//! A potential over a plane: cells coloured by it, and lines of equal height. Cells run downhill, so valleys are where they end.

use super::contours::contours;
use super::csv::quoted;
use super::drawing::{Drawing, Shape, discs, document};
use super::labels::number;
use super::palette::value as color_of;
use super::points::scattered;
use super::scatter::{Bounds, Viewport, pairs};
use super::shades::{Scale, Shades};
use super::svg::{Anchor, Format};
use super::theme::Theme;
use crate::protocol::{Cells, DatasetSummary, TimePoint};
use std::fmt::Write;

/// Cells that are drawn at most; the lines rest on all.
const DRAWN: usize = 4000;
/// Colours of the key, and classes of cells.
const CLASSES: usize = 24;
/// Lines of equal height.
const LINES: usize = 9;
/// Every so many lines one has its height written on it.
const NAMED: usize = 2;
/// Room for the key.
const KEY: f64 = 26.0;

/// What is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Landscape<'a> {
    /// x, y of the cells in the plane.
    pub positions: &'a [f32],
    /// The potential at each cell; NaN where it is not known.
    pub heights: &'a [f32],
    /// What the heights are, for the key.
    pub name: &'a str,
    /// The colours stand on a dark page.
    pub dark: bool,
}

/// Cells, lines of equal height and the key.
#[must_use]
pub fn draw(landscape: &Landscape, size: [f64; 2], theme: Theme) -> Drawing {
    let mut drawing = Drawing::new(size);
    let (positions, heights) = (pairs(landscape.positions), landscape.heights);
    let known = positions.len() == heights.len();
    let Some(shades) = Shades::numbers(landscape.name, heights.to_vec(), landscape.dark).filter(|_| known) else {
        return drawing;
    };
    let Scale::Range { low, high, .. } = shades.scale else { return drawing };
    let bounds = Bounds::around(positions, 0.03);
    let viewport = Viewport::fit(bounds, [size[0], (size[1] - KEY).max(20.0)], 4.0);
    let place = |point: [f64; 2]| {
        let [x, y] = viewport.project(point);
        [x, y + KEY]
    };
    let class = |height: f32| {
        let share = if high > low { (height - low) / (high - low) } else { 0.5 };
        ((share.clamp(0.0, 1.0) * CLASSES as f32) as usize).min(CLASSES - 1)
    };
    let color = |class: usize| color_of((class as f64 + 0.5) / CLASSES as f64, landscape.dark);
    let mut dots = vec![Vec::new(); CLASSES];
    for i in scattered(positions.len()).into_iter().take(DRAWN) {
        if heights[i].is_finite() && positions[i].iter().all(|c| c.is_finite()) {
            dots[class(heights[i])].push(place(positions[i].map(f64::from)));
        }
    }
    for (class, dots) in dots.into_iter().enumerate().filter(|(_, dots)| !dots.is_empty()) {
        drawing.shape(Shape::area(discs(dots, 1.8), color(class)).class("cells").opacity(0.85));
    }
    let lines = contours(positions, heights, bounds, LINES);
    for (i, contour) in lines.iter().enumerate() {
        let mut path = String::new();
        for [from, to] in &contour.pieces {
            let ([x, y], [u, v]) = (place(*from), place(*to));
            // Writing to a string cannot fail.
            let _ = write!(path, "M{x:.1},{y:.1}L{u:.1},{v:.1}");
        }
        drawing.shape(Shape::line(path.clone(), theme.paper, 2.6).opacity(0.7));
        drawing.shape(Shape::line(path, theme.ink, 1.1).class("contour").title(number(contour.value)));
        if i % NAMED == 0
            && let Some([from, _]) = contour.pieces.get(contour.pieces.len() / 2)
        {
            drawing.named(place(*from), number(contour.value), Anchor::Middle, theme, 10.5);
        }
    }
    key(&mut drawing, landscape.name, [low, high], color, theme);
    drawing
}

fn key(drawing: &mut Drawing, name: &str, ends: [f32; 2], color: impl Fn(usize) -> super::palette::Rgb, theme: Theme) {
    let [low, high] = ends.map(|end| number(end.into()));
    drawing.label([4.0, 10.0], format!("{name}: {low}"), Anchor::Start, theme.ink, 12.0);
    let mut x = 12.0 + super::labels::width(&format!("{name}: {low}"), 12.0);
    for class in 0..CLASSES {
        drawing.shape(Shape::area(super::drawing::rectangle([x, 4.0], [4.2, 12.0]), color(class)).class("key"));
        x += 4.0;
    }
    drawing.label([x + 8.0, 10.0], high, Anchor::Start, theme.ink, 12.0);
}

/// The landscape as a document.
#[must_use]
pub fn to_svg(landscape: &Landscape, caption: &str, format: &Format) -> String {
    document(format, caption, |size, theme| draw(landscape, size, theme))
}

/// Means of the finite values of each group (a type, a time point) of cells; none where a group has none.
#[must_use]
pub fn means(values: &[f32], groups: &[u32], count: usize) -> Vec<Option<f64>> {
    let mut sums = vec![(0.0, 0u32); count];
    for (value, group) in values.iter().zip(groups).filter(|(value, _)| value.is_finite()) {
        if let Some((sum, cells)) = sums.get_mut(*group as usize) {
            *sum += f64::from(*value);
            *cells += 1;
        }
    }
    sums.into_iter().map(|(sum, cells)| (cells > 0).then(|| sum / f64::from(cells))).collect()
}

/// Whether the means fall from one group to the next, as those of a potential over time should: the steps that fall, and all steps.
#[must_use]
pub fn falls(means: &[Option<f64>]) -> [usize; 2] {
    let known: Vec<f64> = means.iter().flatten().copied().collect();
    [known.windows(2).filter(|pair| pair[1] < pair[0]).count(), known.len().saturating_sub(1)]
}

/// One line for each cell with a value: its number counted from 1, its time point, its type and the value.
#[must_use]
pub fn csv(name: &str, values: &[f32], cells: &Cells, dataset: &DatasetSummary) -> String {
    let label = |times: &[TimePoint], at: u32| times.get(at as usize).map_or_else(String::new, |it| quoted(&it.label));
    let kind = |at: u32| dataset.cell_types.get(at as usize).map_or_else(String::new, |it| quoted(&it.name));
    let known = values.iter().zip(cells.times.iter().zip(cells.cell_types.iter())).enumerate();
    let row = |(cell, (value, (time, own))): (usize, (&f32, (&u32, &u32)))| {
        format!("{},{},{},{value}\n", cell + 1, label(&dataset.time_points, *time), kind(*own))
    };
    let rows = known.filter(|(_, (value, _))| value.is_finite()).map(row);
    std::iter::once(format!("cell,time,type,{}\n", quoted(name))).chain(rows).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_have_colours_and_lines_have_heights() {
        let at = |i: usize| [(i % 30) as f32, (i / 30) as f32];
        let positions: Vec<f32> = (0..900).flat_map(at).collect();
        let heights: Vec<f32> = (0..900).map(|i| at(i)[0] * 0.1).collect();
        let landscape = Landscape { positions: &positions, heights: &heights, name: "potential", dark: false };
        let drawing = draw(&landscape, [400.0, 300.0], Theme::new(false));
        let dots: usize = drawing.shapes("cells").map(|shape| shape.path.matches('M').count()).sum();
        assert_eq!(dots, 900);
        let lines = drawing.shapes("contour").count();
        assert!((5..=LINES).contains(&lines), "{lines}");
        assert!(drawing.texts().any(|text| text.text.starts_with("potential: ")));
    }

    #[test]
    fn means_are_of_finite_values_and_falls_are_counted() {
        let found = means(&[1.0, 3.0, f32::NAN, 1.0, 5.0], &[0, 0, 0, 1, 3], 4);
        assert_eq!(found, [Some(2.0), Some(1.0), None, Some(5.0)]);
        assert_eq!(falls(&found), [1, 2]);
        assert_eq!(falls(&[]), [0, 0]);
    }

    #[test]
    fn nothing_is_no_panic() {
        let format = Format { size: [30.0, 20.0], dark: true, title: String::new() };
        for (positions, heights) in [(&[][..], &[][..]), (&[0.0, 1.0][..], &[f32::NAN][..]), (&[0.0, 1.0][..], &[][..])]
        {
            let landscape = Landscape { positions, heights, name: "potential", dark: false };
            assert!(!to_svg(&landscape, "", &format).contains("NaN"));
        }
    }
}

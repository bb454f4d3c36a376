//! Mean operators of cell types over time: small heatmaps in rows (types) and columns (time points), all on one scale.

use super::csv::quoted;
use super::drawing::{Drawing, Shape, document, longest, rectangle};
use super::heatmap::Scale;
use super::labels::shorten;
use super::operator::{key, signed};
use super::svg::{Anchor, Format};
use super::theme::Theme;
use crate::protocol::{DatasetSummary, MeanOperator, MeanOperators};

/// Types with fewer cells at a time point are left out of summaries: a mean over a handful is mostly chance.
pub const MINIMUM_CELLS: usize = 10;

/// The one scale of all that are shown.
#[must_use]
pub fn scale(operators: &MeanOperators) -> Scale {
    let enough = operators.operators.iter().filter(|one| one.cells >= MINIMUM_CELLS);
    let all: Vec<f32> = enough.flat_map(|one| one.matrix.iter().copied()).collect();
    Scale::of(&all, true)
}

/// The mean operator of a type at a time point; none where there are fewer than [`MINIMUM_CELLS`] such cells.
#[must_use]
pub fn at(operators: &MeanOperators, time: usize, kind: usize) -> Option<&MeanOperator> {
    let here = |one: &&MeanOperator| one.time == time && one.kind == kind && one.cells >= MINIMUM_CELLS;
    operators.operators.iter().find(here)
}

/// The mean operator over all cells of a time point; none where there are none.
#[must_use]
pub fn all_types(operators: &MeanOperators, time: usize) -> Option<Vec<f32>> {
    let here = || operators.operators.iter().filter(|one| one.time == time);
    let cells = here().map(|one| one.cells).sum::<usize>() as f32;
    let mut mean = vec![0.0; operators.dimensions * operators.dimensions];
    for one in here() {
        let share = one.cells as f32 / cells;
        mean.iter_mut().zip(one.matrix.iter()).for_each(|(sum, value)| *sum += share * value);
    }
    (cells > 0.0).then_some(mean)
}

/// One operator in words: `Neural at day 4, 120 cells: growth +0.31, rotation 0.2`.
#[must_use]
pub fn words(one: &MeanOperator, dataset: &DatasetSummary) -> String {
    let kind = dataset.cell_types.get(one.kind).map_or("", |kind| kind.name.as_str());
    let label = dataset.time_points.get(one.time).map_or("", |time| time.label.as_str());
    let cells = if one.cells == 1 { "cell" } else { "cells" };
    let [growth, rotation] = [one.growth, one.rotation].map(|value| signed(value.into()));
    let rotation = rotation.trim_start_matches('+');
    format!("{kind} at {label}, {} {cells}: growth {growth}, rotation {rotation} per interval", one.cells)
}

/// All of them as a document.
#[must_use]
pub fn to_svg(operators: &MeanOperators, dataset: &DatasetSummary, format: &Format) -> String {
    let caption = "Mean operators by cell type and time point, on one scale: rows of a small heatmap are components that change, columns \
                   those that drive. Below each: largest growth rate per mean sampling interval. Types with fewer than 10 cells are left out (–).";
    document(format, caption, |size, theme| draw(operators, dataset, size, theme))
}

fn draw(operators: &MeanOperators, dataset: &DatasetSummary, size: [f64; 2], theme: Theme) -> Drawing {
    let mut drawing = Drawing::new(size);
    let (scale, d) = (scale(operators), operators.dimensions.max(1));
    let names: Vec<String> = dataset.cell_types.iter().map(|kind| shorten(&kind.name, 20)).collect();
    let (left, top, right) = (longest(names.iter().map(String::as_str), 12.0) + 12.0, 22.0, 70.0);
    let step = [
        (size[0] - left - right) / dataset.time_points.len().max(1) as f64,
        (size[1] - top) / names.len().max(1) as f64,
    ];
    let side = (step[0] - 10.0).min(step[1] - 22.0).max(8.0);
    for (time, point) in dataset.time_points.iter().enumerate() {
        let x = left + time as f64 * step[0] + side / 2.0;
        drawing.label([x, 8.0], shorten(&point.label, 14), Anchor::Middle, theme.ink, 12.0);
        for kind in 0..names.len() {
            let corner = [left + time as f64 * step[0], top + kind as f64 * step[1]];
            match at(operators, time, kind) {
                Some(one) => {
                    tile(&mut drawing, one, d, scale, corner, side, theme);
                    let below = [corner[0] + side / 2.0, corner[1] + side + 9.0];
                    drawing.label(below, signed(one.growth.into()), Anchor::Middle, theme.quiet, 11.0);
                }
                None => drawing.label(
                    [corner[0] + side / 2.0, corner[1] + side / 2.0],
                    "–",
                    Anchor::Middle,
                    theme.quiet,
                    12.0,
                ),
            }
        }
    }
    for (kind, name) in names.iter().enumerate() {
        let y = top + kind as f64 * step[1] + side / 2.0;
        drawing.label([left - 8.0, y], name.clone(), Anchor::End, theme.ink, 12.0);
    }
    key(&mut drawing, scale, [size[0] - right + 14.0, top], (size[1] - top).clamp(40.0, 240.0), theme);
    drawing
}

fn tile(drawing: &mut Drawing, one: &MeanOperator, d: usize, scale: Scale, [x, y]: [f64; 2], side: f64, theme: Theme) {
    let step = side / d as f64;
    for (i, &value) in one.matrix.iter().enumerate() {
        let corner = [x + (i % d) as f64 * step, y + (i / d) as f64 * step];
        let color = scale.color(value.into()).unwrap_or(theme.line);
        drawing.shape(Shape::area(rectangle(corner, [step + 0.2; 2]), color).class("entry"));
    }
    drawing.shape(Shape::line(rectangle([x, y], [side; 2]), theme.quiet, 0.8).class("operator"));
}

/// A line for each entry.
#[must_use]
pub fn csv(operators: &MeanOperators, dataset: &DatasetSummary) -> String {
    let mut out = "time,label,type,cells,growth,rotation,row,column,value\n".to_owned();
    let d = operators.dimensions.max(1);
    for one in &operators.operators {
        let label = quoted(dataset.time_points.get(one.time).map_or("", |time| &time.label));
        let kind = quoted(dataset.cell_types.get(one.kind).map_or("", |kind| &kind.name));
        for (i, value) in one.matrix.iter().enumerate() {
            let (row, column) = (i / d + 1, i % d + 1);
            let MeanOperator { time, cells, growth, rotation, .. } = one;
            out += &format!("{time},{label},{kind},{cells},{growth},{rotation},{row},{column},{value}\n");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{CellType, TimePoint};

    fn operators() -> MeanOperators {
        let one = |time: usize, value: f32| MeanOperator {
            time,
            kind: 1,
            cells: 30,
            matrix: vec![value, -2.0 * value, 0.0, value].into(),
            growth: value,
            rotation: 0.25,
        };
        MeanOperators { dimensions: 2, operators: vec![one(0, 0.1), one(1, 0.4)] }
    }

    fn dataset() -> DatasetSummary {
        let kind = |name: &str| CellType { name: name.into(), color: None, cells: 9 };
        let time = |label: &str| TimePoint { label: label.into(), value: None, cells: 9 };
        DatasetSummary {
            cell_types: vec![kind("Axial"), kind("Neural \"x\"")],
            time_points: vec![time("day 0"), time("day 1")],
            ..DatasetSummary::default()
        }
    }

    #[test]
    fn all_share_one_scale() {
        assert_eq!(scale(&operators()).range().map(|end| (end * 10.0).round()), [-8.0, 8.0]);
        assert!(at(&operators(), 1, 1).is_some() && at(&operators(), 1, 0).is_none());
        assert_eq!(all_types(&operators(), 1), Some(vec![0.4, -0.8, 0.0, 0.4]));
        assert_eq!(all_types(&operators(), 2), None);
    }

    #[test]
    fn types_of_a_handful_of_cells_are_left_out() {
        let mut few = operators();
        few.operators[1].cells = MINIMUM_CELLS - 1;
        assert!(at(&few, 1, 1).is_none() && at(&few, 0, 1).is_some());
        assert_eq!(scale(&few).range().map(|end| (end * 10.0).round()), [-2.0, 2.0], "they stretch no scale");
    }

    #[test]
    fn words_and_file_say_what_it_is() {
        let words = words(&operators().operators[1], &dataset());
        assert_eq!(words, "Neural \"x\" at day 1, 30 cells: growth +0.40, rotation 0.25 per interval");
        let text = csv(&operators(), &dataset());
        assert_eq!(text.lines().count(), 9);
        assert!(text.contains("1,\"day 1\",\"Neural \"\"x\"\"\",30,0.4,0.25,1,2,-0.8\n"), "{text}");
    }

    #[test]
    fn a_document_has_a_tile_for_each() {
        let format = Format { size: [500.0, 400.0], dark: false, title: String::new() };
        let text = to_svg(&operators(), &dataset(), &format);
        let document = roxmltree::Document::parse(&text).unwrap();
        let of = |class| document.descendants().filter(|node| node.attribute("class") == Some(class)).count();
        assert_eq!((of("operator"), of("entry")), (2, 8));
        assert!(
            to_svg(&MeanOperators { dimensions: 0, operators: vec![] }, &DatasetSummary::default(), &format)
                .contains("</svg>")
        );
    }
}

//! A few named lines over the time of a simulation, from zero on.

use super::csv::quoted;
use super::drawing::{Drawing, Shape, document};
use super::labels::spread;
use super::svg::{Anchor, Format, line_through};
use super::theme::Theme;
use super::ticks;
use super::time_axis::{self, TimeAxis};

/// Size of the text.
const TEXT: f64 = 11.0;

/// A line.
#[derive(Clone, Debug, PartialEq)]
pub struct Line<'a> {
    /// What it is.
    pub name: &'a str,
    /// A value for each frame.
    pub values: &'a [f32],
}

/// Lines whose frames are at `times`; `labels` name the observed time points. The first is full and coloured, others are dashed and in ink.
#[must_use]
pub fn draw(lines: &[Line], times: &[f32], labels: &[String], unit: &str, size: [f64; 2], theme: Theme) -> Drawing {
    let mut drawing = Drawing::new(size);
    let names = super::drawing::longest(lines.iter().map(|line| line.name), TEXT) + 16.0;
    let area = [46.0, 18.0, (size[0] - names).max(90.0), (size[1] - 24.0).max(40.0)];
    let ends = [times.first(), times.last()].map(|time| time.map_or(0.0, |&time| f64::from(time)));
    let axis = TimeAxis { range: ends, pixels: [area[0] + 2.0, area[2]] };
    let finite = lines.iter().flat_map(|line| line.values).copied().map(f64::from).filter(|value| value.is_finite());
    let most = finite.fold(0.0_f64, f64::max) * 1.05;
    let most = if most > 0.0 { most } else { 1.0 };
    let height = |value: f64| area[3] - value / most * (area[3] - area[1]);
    drawing.label([0.0, 7.0], unit, Anchor::Start, theme.quiet, TEXT);
    for value in ticks::linear(0.0, most, ((area[3] - area[1]) / 28.0).clamp(2.0, 6.0) as usize) {
        let y = height(value);
        drawing.shape(Shape::line(line_through([[area[0], y], [area[2], y]]), theme.line, 1.0));
        drawing.label([area[0] - 6.0, y], ticks::label(value), Anchor::End, theme.quiet, TEXT);
    }
    for tick in axis.ticks(labels, TEXT) {
        let line = line_through([[tick.x, area[3]], [tick.x, area[3] + 4.0]]);
        drawing.shape(Shape::line(line, theme.quiet, 1.0));
        if let Some(label) = tick.label {
            drawing.label([tick.x, area[3] + 14.0], label, Anchor::Middle, theme.quiet, TEXT);
        }
    }
    let last = |line: &Line| line.values.iter().rev().copied().find(|value| value.is_finite()).unwrap_or(0.0);
    let wanted: Vec<f64> = lines.iter().map(|line| height(last(line).into())).collect();
    let places = spread(&wanted, 14.0, area[1], area[3]);
    for (i, line) in lines.iter().enumerate() {
        let points = times.iter().zip(line.values).filter(|(_, value)| value.is_finite());
        let path = line_through(points.map(|(&time, &value)| [axis.place(time.into()), height(value.into())]));
        let color = if i == 0 { theme.accent } else { theme.ink };
        let shape = Shape::line(path, color, if i == 0 { 2.2 } else { 1.5 }).class("line").title(line.name.to_owned());
        drawing.shape(shape.dashes(if i == 0 { "" } else { "6 4" }));
        drawing.label([area[2] + 6.0, places[i]], line.name, Anchor::Start, color, TEXT);
    }
    drawing
}

/// The lines as a document.
#[must_use]
pub fn to_svg(lines: &[Line], times: &[f32], labels: &[String], unit: &str, caption: &str, format: &Format) -> String {
    document(format, caption, |size, theme| draw(lines, times, labels, unit, size, theme))
}

/// A line of text for each frame.
#[must_use]
pub fn csv(lines: &[Line], times: &[f32], labels: &[String]) -> String {
    let names: Vec<String> = lines.iter().map(|line| quoted(line.name)).collect();
    let mut out = format!("time,time_label,{}\n", names.join(","));
    for (frame, &time) in times.iter().enumerate() {
        let values = lines.iter().map(|line| line.values.get(frame).map_or_else(String::new, f32::to_string));
        let label = quoted(&time_axis::words(labels, time.into()));
        out += &format!("{time},{label},{}\n", values.collect::<Vec<_>>().join(","));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMES: [f32; 3] = [1.0, 1.5, 2.0];

    fn lines() -> [Line<'static>; 2] {
        [Line { name: "gap", values: &[0.0, 0.5, 1.0] }, Line { name: "travelled", values: &[0.0, 2.0, f32::NAN] }]
    }

    fn labels() -> Vec<String> {
        (0..3).map(|i| format!("day {i}")).collect()
    }

    #[test]
    fn lines_differ_by_more_than_colour_and_carry_their_names() {
        let drawing = draw(&lines(), &TIMES, &labels(), "distance", [400.0, 180.0], Theme::new(false));
        let dashes: Vec<&str> = drawing.shapes("line").map(|line| line.dashes).collect();
        assert!(dashes[0].is_empty() && !dashes[1].is_empty());
        let named = |name: &str| drawing.texts().find(|text| text.text == name).unwrap().at[1];
        assert!((named("gap") - named("travelled")).abs() >= 14.0 - 1e-9);
        assert!(drawing.texts().any(|text| text.text == "day 2"));
    }

    #[test]
    fn the_file_has_a_line_for_each_frame() {
        let text = csv(&lines(), &TIMES, &labels());
        assert!(text.starts_with("time,time_label,\"gap\",\"travelled\"\n1,\"day 1\",0,0\n"), "{text}");
        assert_eq!(text.lines().count(), 4);
    }

    #[test]
    fn nothing_is_no_panic() {
        let format = Format { size: [10.0, 10.0], dark: true, title: String::new() };
        assert!(to_svg(&[], &[], &[], "", "", &format).contains("</svg>"));
        let flat = [Line { name: "flat", values: &[0.0] }];
        assert!(!to_svg(&flat, &[1.0], &labels(), "", "", &format).contains("NaN"));
    }
}

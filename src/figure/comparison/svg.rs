//! A held-out evaluation as an SVG document.

use super::{MarkKind, Panel, caption, height, layout, metrics};
use crate::Result;
use crate::figure::plane::{Plane, predicted_over_observed};
use crate::figure::scatter::pairs;
use crate::figure::svg::{Anchor, Format, Svg, line_through};
use crate::figure::verdict::verdict;
use crate::protocol::{Evaluation, Predictions};

/// Room above the distances for the key of the floor's line.
const KEY: f64 = 4.0;
/// Height of the line that explains the marks of predicted and observed cells, and of a panel's title.
const LINE: f64 = 20.0;

/// Distances of all rows, under what judges and W1, and, if there are any, predicted cells over the observed ones of each held-out time point.
///
/// # Errors
/// A picture is too large for the memory.
pub fn to_svg(
    evaluation: &Evaluation,
    predictions: Option<(&Plane, &[Predictions])>,
    format: &Format,
) -> Result<String> {
    let verdicts: Vec<String> = evaluation.held_out.iter().filter_map(verdict).collect();
    let mut svg = Svg::new(format, &format!("{} {}", caption(evaluation), verdicts.join(" ")));
    let [left, top, right, bottom] = svg.area;
    let predictions = predictions.filter(|(_, predictions)| !predictions.is_empty());
    let room = bottom - top - KEY;
    let upper = if predictions.is_some() { height(evaluation).min(0.55 * room) } else { room };
    let layout = layout(evaluation, &metrics(evaluation), [right - left, upper]);
    svg.add(format_args!("<g transform=\"translate({left},{:.1})\">", top + KEY));
    layout.panels.iter().for_each(|panel| distances(&mut svg, panel));
    svg.add(format_args!("</g>"));
    if let Some((plane, predictions)) = predictions {
        scatters(&mut svg, evaluation, plane, predictions, [left, top + KEY + upper + 8.0, right, bottom])?;
    }
    Ok(svg.finish())
}

fn distances(svg: &mut Svg, panel: &Panel) {
    let theme = svg.theme;
    let [_, top, _, bottom] = panel.area;
    for (x, number) in &panel.ticks {
        let line = line_through([[*x, top], [*x, bottom]]);
        svg.add(format_args!("<path d=\"{line}\" stroke=\"{}\"/>", theme.line));
        if let Some(number) = number {
            svg.text_of([*x, bottom + 11.0], number, Anchor::Middle, theme.quiet, 11.0);
        }
    }
    if let Some(title) = &panel.title {
        svg.bold(title.at, &title.text, Anchor::Start);
    }
    if let Some(axis) = &panel.axis {
        svg.text_of(axis.at, &axis.text, Anchor::Start, theme.quiet, 11.0);
    }
    if let Some(x) = panel.floor {
        let line = line_through([[x, top], [x, bottom]]);
        svg.add(format_args!(
            "<path class=\"floor\" d=\"{line}\" stroke=\"{}\" stroke-width=\"1.4\" stroke-dasharray=\"5 4\"/>",
            theme.quiet
        ));
    }
    for mark in &panel.marks {
        if let Some(name) = &mark.name {
            match mark.kind {
                MarkKind::Model => svg.bold(name.at, &name.text, Anchor::End),
                _ => svg.text(name.at, &name.text, Anchor::End),
            }
        }
        let Some([x, low, high]) = mark.dot else {
            svg.text_of(mark.value.at, &mark.value.text, Anchor::Start, theme.quiet, 11.0);
            continue;
        };
        let y = mark.y;
        // Models are filled, what needs no model is hollow; the models in question are also larger and coloured.
        let (color, fill, radius) = match mark.kind {
            MarkKind::Model => (theme.accent, theme.accent, 5.5),
            MarkKind::Twin => (theme.ink, theme.ink, 4.0),
            _ => (theme.ink, theme.paper, 4.0),
        };
        if high > low {
            let cap = |x: f64| line_through([[x, y - 4.0], [x, y + 4.0]]);
            let whisker = [line_through([[low, y], [high, y]]), cap(low), cap(high)].concat();
            svg.add(format_args!(
                "<path class=\"whisker\" d=\"{whisker}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"1.5\"/>"
            ));
        }
        svg.add(format_args!(
            "<circle class=\"mean\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\" fill=\"{fill}\" stroke=\"{color}\" stroke-width=\"1.5\"/>"
        ));
        match mark.kind {
            MarkKind::Model => svg.bold(mark.value.at, &mark.value.text, Anchor::Start),
            _ => svg.text(mark.value.at, &mark.value.text, Anchor::Start),
        }
    }
}

/// A panel for each prediction, side by side.
fn scatters(
    svg: &mut Svg,
    evaluation: &Evaluation,
    plane: &Plane,
    predictions: &[Predictions],
    [left, top, right, bottom]: [f64; 4],
) -> Result<()> {
    let (pale, accent) = (svg.theme.pale, svg.theme.accent);
    let y = top + LINE / 2.0;
    svg.add(format_args!("<circle cx=\"{:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"{pale}\"/>", left + 5.0));
    svg.text([left + 14.0, y], "observed", Anchor::Start);
    let cross = format!("M{:.1},{:.1}l5,5m0,-5l-5,5", left + 88.0, y - 2.5);
    svg.add(format_args!("<path d=\"{cross}\" fill=\"none\" stroke=\"{accent}\" stroke-width=\"1.4\"/>"));
    let space = plane.dataset.space(plane.space).map_or_else(String::new, |space| space.name);
    let exact = if predictions.iter().all(|p| p.exact) { "" } else { ", projected through neighbours" };
    svg.text([left + 100.0, y], &format!("predicted (plane: {space}{exact})"), Anchor::Start);

    let rows = predictions.len().div_ceil(4);
    let columns = predictions.len().div_ceil(rows);
    let [width, height] = [(right - left) / columns as f64, (bottom - top - LINE) / rows as f64];
    for (i, prediction) in predictions.iter().enumerate() {
        let corner = [left + (i % columns) as f64 * width, top + LINE + (i / columns) as f64 * height];
        let held_out = evaluation.held_out.iter().find(|held_out| held_out.time == prediction.time);
        let label = held_out.map(|held_out| held_out.label.clone()).filter(|label| !label.is_empty());
        let label = label.unwrap_or_else(|| format!("time {}", prediction.time));
        let row = held_out.and_then(|held_out| held_out.row(&prediction.row));
        let name = row.map_or(prediction.row.as_str(), |row| row.name.as_str());
        svg.bold([corner[0], corner[1] + LINE / 2.0], &format!("{label}, {name}"), Anchor::Start);
        let area = [corner[0], corner[1] + LINE, corner[0] + width - 8.0, corner[1] + height];
        predicted_over_observed(svg, area, plane, prediction.time, pairs(&prediction.positions))?;
    }
    Ok(())
}

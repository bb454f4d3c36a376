//! Compositions as an SVG document.

use super::{Composition, CompositionLayout, Shape, TEXT, layout};
use crate::figure::palette::{Rgb, cell_types};
use crate::figure::svg::{Anchor, Format, Svg, line_through};
use crate::protocol::DatasetSummary;

/// Height of a panel's title.
const TITLE: f64 = 22.0;
/// Between two panels.
const GAP: f64 = 18.0;
/// Figures narrower than this have one panel below the other.
const NARROW: f64 = 640.0;

/// The types of simulated cells over time beside those that were observed; `confidence` is the mean share of agreeing neighbours at each time.
#[must_use]
pub fn to_svg(
    simulated: &Composition,
    observed: &Composition,
    confidence: &[f32],
    dataset: &DatasetSummary,
    format: &Format,
) -> String {
    let sure = 100.0 * confidence.iter().sum::<f32>() / confidence.len().max(1) as f32;
    let caption = format!(
        "Simulated cells have the type of most of their nearest observed cells; mean confidence (neighbours that agree): {sure:.0} %. Beyond the \
         dashed line there is no data."
    );
    let mut svg = Svg::new(format, &caption);
    let labels: Vec<String> = dataset.time_points.iter().map(|time| time.label.clone()).collect();
    let kinds: Vec<String> = dataset.cell_types.iter().map(|kind| kind.name.clone()).collect();
    let colors = cell_types(&dataset.cell_types);
    let end = simulated.times.last().copied().unwrap_or(0.0);
    let [left, top, right, bottom] = svg.area;
    let beside = right - left >= NARROW;
    let size = if beside {
        [(right - left - GAP) / 2.0, bottom - top - TITLE]
    } else {
        [right - left, (bottom - top) / 2.0 - TITLE]
    };
    for (n, (title, composition, shape)) in
        [("Simulated", simulated, Shape::Area), ("Observed", observed, Shape::Columns)].into_iter().enumerate()
    {
        let step = n as f64;
        let at = if beside { [left + step * (size[0] + GAP), top] } else { [left, top + step * (size[1] + TITLE)] };
        svg.bold([at[0], at[1] + TITLE / 2.0], title, Anchor::Start);
        svg.add(format_args!("<g transform=\"translate({:.1},{:.1})\">", at[0], at[1] + TITLE));
        draw(&mut svg, &layout(composition, shape, &labels, &kinds, end, size), &colors);
        svg.add(format_args!("</g>"));
    }
    svg.finish()
}

fn draw(svg: &mut Svg, layout: &CompositionLayout, colors: &[Rgb]) {
    let theme = svg.theme;
    let [left, top, right, bottom] = layout.area;
    for (y, text) in &layout.levels {
        svg.add(format_args!("<path d=\"{}\" stroke=\"{}\"/>", line_through([[left, *y], [right, *y]]), theme.line));
        svg.text_of([left - 6.0, *y], text, Anchor::End, theme.quiet, TEXT);
    }
    for tick in &layout.ticks {
        let line = line_through([[tick.x, bottom], [tick.x, bottom + 4.0]]);
        svg.add(format_args!("<path d=\"{line}\" stroke=\"{}\"/>", theme.quiet));
        if let Some(label) = &tick.label {
            svg.text_of([tick.x, bottom + 14.0], label, Anchor::Middle, theme.quiet, TEXT);
        }
    }
    for band in &layout.bands {
        let color = colors.get(band.kind).copied().unwrap_or(theme.pale);
        let outlines = band.outlines.iter().map(|outline| line_through(outline.iter().copied()) + "Z");
        svg.add(format_args!(
            "<path class=\"band\" d=\"{}\" fill=\"{color}\" stroke=\"{}\" stroke-width=\"0.8\"/>",
            outlines.collect::<String>(),
            theme.paper
        ));
        if let Some(name) = &band.name {
            svg.add(format_args!("<path d=\"{}\" stroke=\"{}\"/>", line_through(name.leader), theme.quiet));
            svg.text(name.at, &name.text, Anchor::Start);
        }
    }
    if let Some(x) = layout.data_end {
        let line = line_through([[x, top], [x, bottom]]);
        svg.add(format_args!(
            "<path d=\"{line}\" stroke=\"{}\" stroke-width=\"1.4\" stroke-dasharray=\"5 4\"/>",
            theme.ink
        ));
    }
}

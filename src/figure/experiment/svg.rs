//! An experiment as an SVG document.

use super::{ExperimentLayout, Measure, TEXT, findings, height, layout};
use crate::figure::svg::{Anchor, Format, Svg, line_through};
use crate::protocol::Experiment;

/// Height of a panel's title.
const TITLE: f64 = 24.0;

/// Fates above displacement; `kinds` and `genes` are the names of types and genes.
#[must_use]
pub fn to_svg(experiment: &Experiment, kinds: &[String], genes: &[String], format: &Format) -> String {
    let caption = format!(
        "Predictions of the fitted model, not measurements. Shaded: what another seed alone makes. Above: hollow unchanged, filled changed. Below: \
         hollow each cell, filled all together. {}",
        findings(experiment, kinds, genes).join(" ")
    );
    let mut svg = Svg::new(format, &caption);
    let [left, top, right, bottom] = svg.area;
    let panels = [
        (Measure::Fates, "What the cells become"),
        (Measure::Moved, "How far they are displaced, by the type they began with"),
    ];
    // Rows have a fixed height: many of them are drawn smaller.
    let needed: f64 = panels.iter().map(|(measure, _)| TITLE + height(experiment, *measure)).sum();
    let scale = ((bottom - top) / needed).clamp(0.2, 1.0);
    svg.add(format_args!("<g transform=\"translate({left:.1},{top:.1}) scale({scale:.4})\">"));
    let mut y = 0.0;
    for (measure, title) in panels {
        svg.bold([0.0, y + TITLE / 2.0], title, Anchor::Start);
        svg.add(format_args!("<g transform=\"translate(0,{:.1})\">", y + TITLE));
        draw(&mut svg, layout(experiment, measure, kinds, (right - left) / scale));
        svg.add(format_args!("</g>"));
        y += TITLE + height(experiment, measure);
    }
    svg.add(format_args!("</g>"));
    svg.finish()
}

fn draw(svg: &mut Svg, layout: ExperimentLayout) {
    let theme = svg.theme;
    let [left, top, right, bottom] = layout.area;
    for (x, number) in &layout.ticks {
        svg.add(format_args!("<path d=\"{}\" stroke=\"{}\"/>", line_through([[*x, top], [*x, bottom]]), theme.line));
        svg.text_of([*x, bottom + 12.0], number, Anchor::Middle, theme.quiet, TEXT);
    }
    let base = line_through([[left, bottom], [right, bottom]]);
    svg.add(format_args!("<path d=\"{base}\" stroke=\"{}\"/>", theme.quiet));
    svg.text_of(layout.axis.0, layout.axis.1, Anchor::Start, theme.quiet, TEXT);
    for row in &layout.rows {
        let (y, [low, high]) = (row.y, row.floor);
        svg.text(row.name.0, &row.name.1, Anchor::End);
        svg.add(format_args!(
            "<rect class=\"floor\" x=\"{low:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"14\" fill=\"{}\" fill-opacity=\"0.45\"/>",
            y - 7.0,
            (high - low).max(1.0),
            theme.pale
        ));
        let shift = line_through([[row.hollow, y], [row.filled, y]]);
        svg.add(format_args!("<path d=\"{shift}\" stroke=\"{}\"/>", theme.quiet));
        svg.add(format_args!(
            "<circle class=\"hollow\" cx=\"{:.1}\" cy=\"{y:.1}\" r=\"4.5\" fill=\"{}\" stroke=\"{}\" stroke-width=\"1.6\"/>",
            row.hollow, theme.paper, theme.ink
        ));
        let x = row.filled;
        let diamond = line_through([[x, y - 5.5], [x + 5.5, y], [x, y + 5.5], [x - 5.5, y]]);
        let color = if row.beyond { theme.accent } else { theme.quiet };
        svg.add(format_args!("<path class=\"filled\" d=\"{diamond}Z\" fill=\"{color}\"/>"));
        if row.beyond {
            svg.bold(row.words.0, &row.words.1, Anchor::Start);
        } else {
            svg.text_of(row.words.0, &row.words.1, Anchor::Start, theme.quiet, TEXT);
        }
    }
}

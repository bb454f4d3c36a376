//! A chord diagram as an SVG document.

use super::{ChordInput, ChordOptions, layout};
use crate::figure::labels::{number, shorten};
use crate::figure::palette::cell_types;
use crate::figure::quantity::Quantity;
use crate::figure::svg::{Anchor, Format, Svg, escape};
use crate::protocol::{Communication, DatasetSummary};

/// Room beside the circle for names.
const BESIDE: f64 = 150.0;
/// Room above and below it.
const AROUND: f64 = 30.0;

/// Who listens to whom at one time point. Of the enrichment only what is above zero has a width.
///
/// # Panics
/// If the answer is not about the types of this dataset.
#[must_use]
pub fn to_svg(dataset: &DatasetSummary, answer: &Communication, quantity: Quantity, format: &Format) -> String {
    let input = ChordInput { cells: &answer.cells, weights: quantity.values(answer) };
    let above = if quantity == Quantity::Enrichment { " Only pairs above 0 are drawn." } else { "" };
    let caption = format!(
        "Arrows go from the sender to the receiver that listens to it. Width: {}. {}{above} Numbers: cells of each type; a line stands for \
         a type with fewer than {} cells.",
        quantity.name(answer),
        quantity.meaning(answer),
        answer.query.minimum_cells,
    );
    let mut svg = Svg::new(format, &caption);
    let (paper, ink, quiet) = (svg.theme.paper, svg.theme.ink, svg.theme.quiet);
    let [left, top, right, bottom] = svg.area;
    let radius = ((right - left) / 2.0 - BESIDE).min((bottom - top) / 2.0 - AROUND).max(60.0);
    let spacing = (radius * 2.0 / (answer.cells.len().max(2) as f64 / 2.0)).clamp(13.0, 28.0);
    let options = ChordOptions { radius, thickness: 0.095 * radius, label_spacing: spacing, ..ChordOptions::default() };
    let layout = layout(&input, &options);
    let colors = cell_types(&dataset.cell_types);
    let name = |kind: usize| dataset.cell_types[kind].name.as_str();

    svg.add(format_args!("<g transform=\"translate({:.1},{:.1})\">", (left + right) / 2.0, (top + bottom) / 2.0));
    for ribbon in &layout.ribbons {
        svg.add(format_args!(
            "<path class=\"ribbon\" d=\"{}\" fill=\"{}\" fill-opacity=\"0.75\" stroke=\"{}\" stroke-width=\"0.6\"><title>{} → {} {}</title></path>",
            ribbon.path,
            colors[ribbon.sender],
            paper,
            escape(name(ribbon.sender)),
            escape(name(ribbon.receiver)),
            number(ribbon.weight),
        ));
    }
    for (i, arc) in layout.arcs.iter().enumerate() {
        let color = colors[i];
        if arc.present {
            svg.add(format_args!("<path class=\"arc\" d=\"{}\" fill=\"{color}\"/>", arc.outgoing_path));
            svg.add(format_args!("<path d=\"{}\" fill=\"{color}\" fill-opacity=\"0.45\"/>", arc.incoming_path));
        } else {
            svg.add(format_args!("<path d=\"{}\" stroke=\"{ink}\" stroke-opacity=\"0.5\"/>", arc.outgoing_path));
        }
        svg.add(format_args!(
            "<path d=\"{}\" fill=\"none\" stroke=\"{ink}\" stroke-opacity=\"0.35\"/>",
            arc.label.leader
        ));
        svg.add(format_args!(
            "<text x=\"{:.1}\" y=\"{:.1}\" dy=\"4\" text-anchor=\"{}\" fill=\"{ink}\">{} <tspan fill=\"{quiet}\">{}</tspan></text>",
            arc.label.x,
            arc.label.y,
            if arc.label.left { "end" } else { "start" },
            escape(&shorten(name(i), 16)),
            arc.cells,
        ));
    }
    svg.add(format_args!("</g>"));

    // How an arc is read.
    let [x, y] = [left, bottom - 8.0];
    for (at, opacity, word) in [(0.0, 1.0, "sends"), (66.0, 0.45, "receives")] {
        svg.add(format_args!(
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"14\" height=\"10\" fill=\"{quiet}\" fill-opacity=\"{opacity}\"/>",
            x + at,
            y - 5.0
        ));
        svg.text([x + at + 20.0, y], word, Anchor::Start);
    }
    svg.finish()
}

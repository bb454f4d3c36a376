//! A chord diagram as an SVG document.

use super::{ChordInput, ChordOptions, ScaleBar, layout, total};
use crate::figure::evidence::{LEGEND, PALE};
use crate::figure::labels::{number, numbered, shorten};
use crate::figure::links::among;
use crate::figure::pairs::Pairs;
use crate::figure::quantity::Quantity;
use crate::figure::svg::{Anchor, Format, Svg, escape};
use crate::protocol::{Communication, DatasetSummary};

/// Room beside the circle for names.
const BESIDE: f64 = 150.0;
/// Room above and below it.
const AROUND: f64 = 30.0;
/// Opacity of what is not beyond a twin.
const WITHIN: f64 = 0.25;

/// Who listens to whom at one time point. Of the enrichment only what is above zero has a width.
///
/// # Panics
/// If the answer is not about the types of this dataset.
#[must_use]
pub fn to_svg(dataset: &DatasetSummary, answer: &Communication, pairs: &Pairs, format: &Format) -> String {
    let quantity = pairs.quantity;
    let (cells, weights) = among(answer, quantity, &pairs.types);
    let input = ChordInput { cells: &cells, weights: &weights };
    let above = if quantity == Quantity::Enrichment { " Only pairs above 0 are drawn." } else { "" };
    let listens = if quantity.told().is_some() { "" } else { " that listens to it" };
    let strongest = if pairs.least > 0.0 { " Only the strongest links are drawn." } else { "" };
    let caption = format!(
        "Arrows go from the sender to the receiver{listens}. Width: {}, on the scale of the bar. {}{}{above}{strongest}{} \
         Small numbers: cells of each type; a line stands for a type with fewer than {} cells.",
        quantity.name(answer),
        quantity.meaning(answer),
        pairs.caveat(),
        pairs.omissions(dataset),
        answer.query.minimum_cells,
    );
    let mut svg = Svg::new(format, &caption);
    let (paper, ink, quiet) = (svg.theme.paper, svg.theme.ink, svg.theme.quiet);
    let [left, top, right, bottom] = svg.area;
    let radius = ((right - left) / 2.0 - BESIDE).min((bottom - top) / 2.0 - AROUND).max(60.0);
    let spacing = (radius * 2.0 / (cells.len().max(2) as f64 / 2.0)).clamp(13.0, 28.0);
    let score = answer.query.score;
    let sum = total(&input, pairs.hide_self);
    let circle = pairs.circle.unwrap_or_else(|| quantity.circle(score, cells.len(), pairs.hide_self, sum));
    let options = ChordOptions {
        scale: Some(circle),
        radius,
        thickness: 0.095 * radius,
        label_spacing: spacing,
        hide_self: pairs.hide_self,
        ..ChordOptions::default()
    };
    let layout = layout(&input, &options);
    // The layout counts the drawn types, everything else all of them.
    let kind = |drawn: usize| pairs.types[drawn];
    let color = |drawn: usize| pairs.colors.get(kind(drawn)).copied().unwrap_or(quiet);
    let name = |drawn: usize| dataset.cell_types[kind(drawn)].name.as_str();

    if pairs.determined.is_some() {
        svg.hatching("open", paper);
    }
    svg.add(format_args!("<g transform=\"translate({:.1},{:.1})\">", (left + right) / 2.0, (top + bottom) / 2.0));
    for ribbon in layout.ribbons.iter().filter(|ribbon| ribbon.weight >= pairs.least) {
        let open = pairs.is_open(ribbon.receiver, ribbon.sender);
        let beyond = pairs.beyond(ribbon.receiver, ribbon.sender);
        let solid = if open { 0.5 } else { 0.75 };
        svg.add(format_args!(
            "<path class=\"ribbon\" d=\"{}\" fill=\"{}\" fill-opacity=\"{}\" stroke=\"{}\" stroke-width=\"0.6\"><title>{} → {} {}</title></path>",
            ribbon.path,
            color(ribbon.sender),
            if beyond.is_some() { WITHIN } else { solid },
            if open { quiet } else { paper },
            escape(name(ribbon.sender)),
            escape(name(ribbon.receiver)),
            number(ribbon.weight),
        ));
        if let Some(path) = beyond.and_then(|share| ribbon.middle(share, &options)) {
            let color = color(ribbon.sender);
            svg.add(format_args!("<path class=\"beyond\" d=\"{path}\" fill=\"{color}\" fill-opacity=\"{solid}\"/>"));
        }
        if open {
            svg.add(format_args!("<path class=\"open\" d=\"{}\" fill=\"url(#open)\"/>", ribbon.path));
        }
        if pairs.is_planted(ribbon.receiver, ribbon.sender) {
            svg.add(format_args!(
                "<path class=\"planted\" d=\"{}\" fill=\"none\" stroke=\"{ink}\" stroke-width=\"2\"/>",
                ribbon.path
            ));
        }
    }
    for (i, arc) in layout.arcs.iter().enumerate() {
        let color = color(i);
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
            "<text x=\"{:.1}\" y=\"{:.1}\" dy=\"4\" text-anchor=\"{}\" fill=\"{ink}\">{} <tspan fill=\"{quiet}\" font-size=\"10\">{}</tspan></text>",
            arc.label.x,
            arc.label.y,
            if arc.label.left { "end" } else { "start" },
            escape(&numbered(kind(i), &shorten(name(i), 16))),
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
    if pairs.determined.is_some() {
        svg.legend_of_hatching("open", [right, y], LEGEND, Anchor::End);
    }
    if pairs.beyond.is_some() {
        let y = y - 18.0;
        svg.text([right - 28.0, y], PALE, Anchor::End);
        svg.add(format_args!(
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"22\" height=\"12\" fill=\"{quiet}\" fill-opacity=\"{WITHIN}\"/>",
            right - 22.0,
            y - 6.0
        ));
    }
    // How wide a link is.
    if let Some(bar) = ScaleBar::of(&layout, &options, quantity.unit(score)) {
        let [x, y] = [left, bottom - 28.0];
        svg.add(format_args!(
            "<path class=\"scale\" d=\"M{x:.1},{:.1} v8 m0,-4 h{:.1} m0,-4 v8\" fill=\"none\" stroke=\"{ink}\"/>",
            y - 4.0,
            bar.length,
        ));
        svg.text([x + bar.length + 8.0, y], &quantity.scale_words(score, bar.value), Anchor::Start);
    }
    svg.finish()
}

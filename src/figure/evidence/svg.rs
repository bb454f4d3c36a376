//! Evidence as a matrix for a paper: receivers in rows, senders in columns, the best number there is with its spread.

use super::beyond::{Beyond, PALE};
use super::determined::{Determined, LEGEND};
use super::number::Number;
use super::planted::Planted;
use super::words::{headline, interval};
use crate::figure::heatmap::{PALENESS, Scale, key};
use crate::figure::labels::{numbered, shorten, width};
use crate::figure::svg::{Anchor, Format, Svg, TEXT, escape};
use crate::protocol::{DETERMINED, DatasetSummary, Evidence, Link, Verdict};

/// Room for the colour key at the right.
const KEY: f64 = 74.0;
/// A cell must be this wide and high to hold its numbers.
const NUMBERED: [f64; 2] = [34.0, 24.0];

/// What stands below the number in a cell, in a sentence.
fn below(number: Number) -> &'static str {
    match number {
        Number::Effect => {
            " Below it its bootstrap interval of 95 % over trainings and cells, or its standard deviation over fits."
        }
        Number::Contrast => " Below it the t value of the linear estimate.",
        Number::Linear | Number::Determinability => "",
    }
}

/// What stands in a cell: two lines.
fn lines(number: Number, link: &Link) -> [String; 2] {
    let value = number.value(link);
    let second = match number {
        Number::Effect => link.effect.map_or_else(String::new, interval),
        Number::Contrast => link.linear.map_or_else(String::new, |it| format!("t {:.1}", it.t).replace('-', "−")),
        Number::Linear | Number::Determinability => String::new(),
    };
    let first = match number {
        Number::Effect | Number::Contrast | Number::Linear if value.is_finite() => format!("{value:.1}"),
        _ => number.words(value),
    };
    [first, second]
}

/// A matrix of all ordered pairs of types: hatched where the data cannot tell, framed where a link is supported.
#[must_use]
pub fn to_svg(evidence: &Evidence, dataset: &DatasetSummary, format: &Format) -> String {
    let number = Number::best(evidence);
    let planted = Planted::of(dataset);
    let beyond = Beyond::of(evidence, number);
    let caption = format!(
        "{}{}{} Hatched: these data cannot tell (determinability below {DETERMINED}). Framed: supported.{} {}",
        number.meaning(),
        below(number),
        if beyond.is_some() { " Pale: not beyond the effect in twins, in which nothing interacts." } else { "" },
        if planted.is_some() { " Dot: planted in this simulated tissue." } else { "" },
        headline(evidence, dataset).join(" "),
    );
    let mut svg = Svg::new(format, &caption);
    let n = dataset.cell_types.len();
    let determined = Determined::of(evidence);
    let values: Vec<f32> = evidence.links.iter().map(|link| number.value(link) as f32).collect();
    let scale = Scale::of(&values, false);
    let name = |kind: usize| dataset.cell_types[kind].name.as_str();
    let names: Vec<String> = (0..n).map(|kind| numbered(kind, &shorten(name(kind), 22))).collect();
    let longest = names.iter().map(|name| width(name, TEXT)).fold(width("receiver ↓", TEXT), f64::max) + 12.0;
    let [left, top, right, bottom] = svg.area;
    let lean = longest * std::f64::consts::FRAC_1_SQRT_2 + 10.0;
    let (x0, y0) = (left + longest, top + lean);
    let rows = ((bottom - 24.0 - y0) / n.max(1) as f64).max(4.0);
    let columns = ((right - KEY - x0) / n.max(1) as f64).clamp(4.0, 2.2 * rows);
    let (quiet, ink, line, paper) = (svg.theme.quiet, svg.theme.ink, svg.theme.line, svg.theme.paper);

    svg.hatching("open", paper);
    svg.text_of([x0 - 10.0, y0 - 24.0], "sender →", Anchor::End, quiet, TEXT);
    svg.text_of([x0 - 10.0, y0 - 8.0], "receiver ↓", Anchor::End, quiet, TEXT);
    for (kind, name) in names.iter().enumerate() {
        let [x, y] = [columns, rows].map(|size| (kind as f64 + 0.5) * size);
        svg.text([x0 - 10.0, y0 + y], name, Anchor::End);
        svg.add(format_args!(
            "<text transform=\"translate({:.1},{:.1}) rotate(-45)\" dy=\"4\" fill=\"{ink}\">{}</text>",
            x0 + x,
            y0 - 8.0,
            escape(name),
        ));
    }
    for link in &evidence.links {
        let [x, y] = [x0 + link.sender as f64 * columns, y0 + link.receiver as f64 * rows];
        let (w, h) = (columns - 1.0, rows - 1.0);
        let within = beyond.as_ref().is_some_and(|it| it.is_within(link.receiver, link.sender));
        let color = scale.color(number.value(link));
        let (color, lines) = (color.map(|it| if within { it.mix(paper, PALENESS) } else { it }), lines(number, link));
        let place = format!("x=\"{x:.1}\" y=\"{y:.1}\" width=\"{w:.1}\" height=\"{h:.1}\"");
        svg.add(format_args!(
            "<rect class=\"cell\" {place} fill=\"{}\"><title>{} → {}: {}</title></rect>",
            color.unwrap_or(line),
            escape(name(link.sender)),
            escape(name(link.receiver)),
            escape(link.verdict.words()),
        ));
        if determined.is_open(link.receiver, link.sender) {
            svg.add(format_args!("<rect class=\"open\" {place} fill=\"url(#open)\"/>"));
        }
        if link.verdict == Verdict::Supported {
            svg.add(format_args!(
                "<rect class=\"supported\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"none\" stroke=\"{ink}\" \
                 stroke-width=\"2.5\"/>",
                x + 1.25,
                y + 1.25,
                w - 2.5,
                h - 2.5
            ));
        }
        if planted.as_ref().is_some_and(|it| it.is_planted(link.receiver, link.sender)) {
            let ink = color.map_or(quiet, |color| color.ink());
            svg.add(format_args!(
                "<circle class=\"planted\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"2.6\" fill=\"{ink}\"/>",
                x + w - 7.0,
                y + 7.0,
            ));
        }
        if columns >= NUMBERED[0] && rows >= NUMBERED[1] {
            let ink = color.map_or(quiet, |color| color.ink());
            let size = |text: &str| (w / width(text, 1.0).max(3.0) * 0.86).min(h * 0.36).min(TEXT);
            let (middle, apart) = (y + h / 2.0, if lines[1].is_empty() { 0.0 } else { 0.2 * h });
            let ground = color.unwrap_or(line);
            svg.text_on([x + w / 2.0, middle - apart], &lines[0], Anchor::Middle, ink, size(&lines[0]), ground);
            svg.text_on([x + w / 2.0, middle + apart], &lines[1], Anchor::Middle, ink, 0.9 * size(&lines[1]), ground);
        }
    }
    let height = (rows * n as f64 - 1.0).clamp(60.0, 320.0);
    key(&mut svg, scale, [x0 + columns * n as f64 + 20.0, y0], height, number.name());
    let legend = if beyond.is_some() { format!("{LEGEND}; {PALE}") } else { LEGEND.into() };
    svg.legend_of_hatching("open", [x0, bottom - 8.0], &legend, Anchor::Start);
    svg.finish()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{dataset, evidence};
    use super::*;

    #[test]
    fn open_links_are_hatched_and_supported_ones_framed() {
        let format = Format { size: [720.0, 560.0], dark: false, title: "evidence".into() };
        let drawn = to_svg(&evidence(), &dataset(true), &format);
        assert_eq!(drawn.matches("class=\"open\"").count(), 4);
        assert_eq!(drawn.matches("class=\"supported\"").count(), 1);
        assert!(
            drawn.contains(">20.0</text>") && drawn.contains(">18.0–23.0</text>") && drawn.contains(LEGEND),
            "{drawn}"
        );
        let mut none = evidence();
        none.links[2].twin = none.links[2].effect;
        let pale = to_svg(&none, &dataset(true), &format);
        let strong = |drawn: &str| drawn.matches("#fde725").count();
        assert!(pale.contains(PALE) && strong(&pale) < strong(&drawn), "{pale}");
        let mut alone = evidence();
        alone.links.iter_mut().for_each(|link| (link.effect, link.contrast, link.linear) = (None, None, None));
        assert!(to_svg(&alone, &dataset(false), &format).contains(">0.310</text>"));
    }
}

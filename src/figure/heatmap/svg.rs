//! A matrix of cell types as an SVG document.

use super::Scale;
use crate::figure::evidence::LEGEND;
use crate::figure::labels::{number, numbered, shorten, width};
use crate::figure::links::among;
use crate::figure::pairs::Pairs;
use crate::figure::palette::Rgb;
use crate::figure::quantity::Quantity;
use crate::figure::svg::{Anchor, Format, Svg, TEXT, escape};
use crate::figure::ticks;
use crate::protocol::{Communication, DatasetSummary};

/// Room for the colour key at the right: bar and numbers.
const KEY: f64 = 74.0;
/// A cell must be this wide to hold its number.
const NUMBERED: f64 = 27.0;
/// A cell may be this much wider than high.
const WIDER: f64 = 1.5;

/// Who listens to whom at one time point, a cell for each pair of types.
///
/// # Panics
/// If the answer is not about the types of this dataset.
#[must_use]
pub fn to_svg(dataset: &DatasetSummary, answer: &Communication, pairs: &Pairs, format: &Format) -> String {
    let quantity = pairs.quantity;
    let caption = format!(
        "{}{} Types with fewer than {} cells are left out (–).{}",
        quantity.meaning(answer),
        pairs.caveat(),
        answer.query.minimum_cells,
        pairs.omissions(dataset),
    );
    let values = among(answer, quantity, &pairs.types).1;
    let number = Number { signed: quantity == Quantity::Enrichment, two_digits: quantity == Quantity::Enrichment };
    draw(dataset, &values, pairs, number, quantity.name(answer), Svg::new(format, &caption))
}

/// What changes from one time point to another, a cell for each pair of types.
///
/// # Panics
/// If the answers are not about the types of this dataset.
#[must_use]
pub fn change_to_svg(
    dataset: &DatasetSummary,
    [before, after]: [&Communication; 2],
    pairs: &Pairs,
    format: &Format,
) -> String {
    let quantity = pairs.quantity;
    let samples = before.query.sample != after.query.sample;
    let name = |answer: &Communication| match answer.query.sample {
        Some(sample) if samples => dataset.samples.get(sample).map_or("", |sample| sample.name.as_str()).to_owned(),
        None if samples => "all samples".to_owned(),
        _ => dataset.time_points.get(answer.query.time).map_or("", |point| point.label.as_str()).to_owned(),
    };
    let caption = format!(
        "{} less {}. {}{} Pairs with too few cells at one of them are left out (–).{}",
        name(after),
        name(before),
        quantity.meaning(after),
        pairs.caveat(),
        pairs.omissions(dataset),
    );
    let [before, now] = [before, after].map(|answer| among(answer, quantity, &pairs.types).1);
    let values: Vec<f32> = now.iter().zip(&before).map(|(now, before)| now - before).collect();
    let name = format!("change of {}", quantity.name(after));
    let number = Number { signed: true, two_digits: quantity == Quantity::Enrichment };
    draw(dataset, &values, pairs, number, &name, Svg::new(format, &caption))
}

/// How much of the paper there is in the colour of an effect that is not beyond its twin's.
pub(in crate::figure) const PALENESS: f64 = 0.75;

/// How numbers are written.
#[derive(Clone, Copy)]
struct Number {
    signed: bool,
    two_digits: bool,
}

fn draw(dataset: &DatasetSummary, values: &[f32], pairs: &Pairs, number: Number, what: &str, mut svg: Svg) -> String {
    let n = pairs.types.len();
    assert_eq!(values.len(), n * n, "a row and a column for each of the {n} types");
    let name = |drawn: usize| dataset.cell_types[pairs.types[drawn]].name.as_str();
    let mut values = values.to_vec();
    if pairs.hide_self {
        (0..n).for_each(|i| values[i * n + i] = f32::NAN);
    }
    let scale = Scale::of(&values, number.signed);
    let names: Vec<String> = (0..n).map(|i| numbered(pairs.types[i], &shorten(name(i), 22))).collect();
    let longest = names.iter().map(|name| width(name, TEXT)).fold(width("receiver ↓", TEXT), f64::max) + 12.0;
    let [left, top, right, bottom] = svg.area;
    // Names of columns lean by 45 degrees; the last one leans out over the colour key.
    let lean = longest * std::f64::consts::FRAC_1_SQRT_2 + 10.0;
    let (x0, y0) = (left + longest, top + lean);
    let legend = if pairs.determined.is_some() { 24.0 } else { 0.0 };
    let rows = ((bottom - legend - y0) / n.max(1) as f64).max(4.0);
    let columns = ((right - KEY - x0) / n.max(1) as f64).clamp(4.0, WIDER * rows);
    let rows = rows.min(columns);
    let (quiet, ink, line, paper) = (svg.theme.quiet, svg.theme.ink, svg.theme.line, svg.theme.paper);

    if pairs.determined.is_some() {
        svg.hatching("open", paper);
        svg.legend_of_hatching("open", [x0, bottom - 8.0], LEGEND, Anchor::Start);
    }
    svg.text_of([x0 - 10.0, y0 - 24.0], "sender →", Anchor::End, quiet, TEXT);
    svg.text_of([x0 - 10.0, y0 - 8.0], "receiver ↓", Anchor::End, quiet, TEXT);
    for (i, name) in names.iter().enumerate() {
        let [x, y] = [columns, rows].map(|size| (i as f64 + 0.5) * size);
        svg.text([x0 - 10.0, y0 + y], name, Anchor::End);
        svg.add(format_args!(
            "<text transform=\"translate({:.1},{:.1}) rotate(-45)\" dy=\"4\" fill=\"{ink}\">{}</text>",
            x0 + x,
            y0 - 8.0,
            escape(name),
        ));
    }
    for (i, &value) in values.iter().enumerate() {
        let (receiver, sender) = (i / n, i % n);
        let [x, y] = [x0 + sender as f64 * columns, y0 + receiver as f64 * rows];
        let within = pairs.beyond(receiver, sender) == Some(0.0);
        let color = scale.color(value.into()).map(|color| if within { color.mix(paper, PALENESS) } else { color });
        let text = label(value.into(), number);
        svg.add(format_args!(
            "<rect class=\"cell\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"{}\"><title>{} → {}: {text}</title></rect>",
            x,
            y,
            columns - 1.0,
            rows - 1.0,
            color.unwrap_or(line),
            escape(name(sender)),
            escape(name(receiver)),
        ));
        let open = pairs.is_open(receiver, sender);
        if open {
            svg.add(format_args!(
                "<rect class=\"open\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"url(#open)\"/>",
                columns - 1.0,
                rows - 1.0,
            ));
        }
        if pairs.is_planted(receiver, sender) {
            svg.add(format_args!(
                "<rect class=\"planted\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"none\" stroke=\"{ink}\" stroke-width=\"2.5\"/>",
                x + 1.25,
                y + 1.25,
                columns - 3.5,
                rows - 3.5,
            ));
        }
        if columns >= NUMBERED {
            let ink = color.map_or(quiet, |color| color.ink());
            let size = (columns / width(&text, 1.0).max(3.4) * 0.86).min(rows * 0.7).min(TEXT);
            let at = [x + (columns - 1.0) / 2.0, y + rows / 2.0];
            if open {
                svg.text_on(at, &text, Anchor::Middle, ink, size, color.unwrap_or(line));
            } else {
                svg.text_of(at, &text, Anchor::Middle, ink, size);
            }
        }
    }
    let height = (rows * n as f64 - 1.0).clamp(60.0, 320.0);
    key(&mut svg, scale, [x0 + columns * n as f64 + 20.0, y0], height, what);
    svg.finish()
}

/// A value with its sign where the sign matters.
fn label(value: f64, Number { signed, two_digits }: Number) -> String {
    match (signed, two_digits) {
        _ if !value.is_finite() => number(value),
        (_, true) if value.abs() < 0.005 => "0.00".to_owned(),
        (_, true) => format!("{value:+.2}").replace('-', "−"),
        (true, false) if value < 0.0 => format!("−{}", number(-value)),
        (true, false) => format!("+{}", number(value)),
        (false, false) => number(value),
    }
}

/// A bar of all colours with its numbers and its name below.
pub(in crate::figure) fn key(svg: &mut Svg, scale: Scale, [x, y]: [f64; 2], height: f64, name: &str) {
    const STEPS: usize = 16;
    let [low, high] = scale.range();
    let place = |value: f64| y + height * (1.0 - (value - low) / (high - low));
    let color = |step: usize| scale.color(high - (high - low) * step as f64 / STEPS as f64);
    let colors: Vec<Rgb> = (0..=STEPS).filter_map(color).collect();
    svg.gradient("values", [x, y], [12.0, height], &colors);
    for value in ticks::linear(low, high, 5) {
        let sign = if low < 0.0 && value > 0.0 { "+" } else { "" };
        svg.text_of(
            [x + 18.0, place(value)],
            &format!("{sign}{}", ticks::label(value)),
            Anchor::Start,
            svg.theme.quiet,
            11.0,
        );
    }
    // Along the bar, read from below: there is no room beside it.
    let quiet = svg.theme.quiet;
    svg.add(format_args!(
        "<text transform=\"translate({:.1},{:.1}) rotate(-90)\" text-anchor=\"middle\" font-size=\"11\" fill=\"{quiet}\">{}</text>",
        x - 5.0,
        y + height / 2.0,
        escape(name),
    ));
}

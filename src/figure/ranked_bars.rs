//! Signed numbers as ranked bars: to the right pushes up, to the left pushes down.

use super::drawing::{Drawing, Shape, document, longest, rectangle};
use super::labels::shorten;
use super::operator::signed;
use super::palette::diverging;
use super::svg::{Anchor, Format, line_through};
use super::theme::Theme;

/// Height of a bar with its space.
pub const LINE: f64 = 20.0;
/// Room for the axis' words.
const FOOT: f64 = 18.0;
/// Size of the text.
const TEXT: f64 = 12.0;

/// A bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// What it stands for.
    pub name: String,
    /// Its length with its sign.
    pub value: f64,
}

/// Height of so many bars.
#[must_use]
pub fn height(bars: usize) -> f64 {
    bars as f64 * LINE + FOOT
}

/// Bars from top to bottom as they come. `control`, if there is one, is a size up to which a bar says nothing: a band around zero.
#[must_use]
pub fn draw(bars: &[Bar], control: Option<f64>, size: [f64; 2], theme: Theme) -> Drawing {
    let mut drawing = Drawing::new(size);
    let names: Vec<String> = bars.iter().map(|bar| shorten(&bar.name, 18)).collect();
    let left = longest(names.iter().map(String::as_str), TEXT) + 10.0;
    let values = longest(bars.iter().map(|bar| signed(bar.value)).collect::<Vec<_>>().iter().map(String::as_str), TEXT);
    let [low, high] = [left + values + 8.0, (size[0] - values - 10.0).max(left + values + 40.0)];
    let control = control.filter(|it| it.is_finite() && *it > 0.0);
    let most =
        bars.iter().map(|bar| bar.value.abs()).filter(|it| it.is_finite()).fold(control.unwrap_or(0.0), f64::max);
    let most = most.max(f64::MIN_POSITIVE);
    let place = |value: f64| low + (value / most + 1.0) / 2.0 * (high - low);
    let bottom = bars.len() as f64 * LINE;
    if let Some(control) = control {
        let [from, to] = [place(-control), place(control)];
        drawing
            .shape(Shape::area(rectangle([from, 0.0], [to - from, bottom]), theme.line).class("control").opacity(0.55));
        for x in [from, to] {
            drawing.shape(Shape::line(line_through([[x, 0.0], [x, bottom]]), theme.quiet, 1.0).dashes("3 3"));
        }
        let words = "within the band: no more than random operators";
        drawing.label([(low + high) / 2.0, bottom + 10.0], words, Anchor::Middle, theme.quiet, 11.0);
    }
    for (i, (bar, name)) in bars.iter().zip(names).enumerate() {
        let y = (i as f64 + 0.5) * LINE;
        drawing.label([left - 8.0, y], name, Anchor::End, theme.ink, TEXT);
        if !bar.value.is_finite() {
            continue;
        }
        let [zero, end] = [place(0.0), place(bar.value)];
        let color = diverging(if bar.value > 0.0 { 0.7 } else { -0.7 });
        let path = rectangle([zero.min(end), y - 6.0], [(end - zero).abs(), 12.0]);
        let shape = Shape { stroke: Some((theme.ink, 0.6)), ..Shape::area(path, color) };
        drawing.shape(shape.class("bar").title(format!("{}: {}", bar.name, signed(bar.value))));
        let (at, anchor) = if bar.value > 0.0 { (end + 5.0, Anchor::Start) } else { (end - 5.0, Anchor::End) };
        drawing.label([at, y], signed(bar.value), anchor, theme.ink, TEXT);
    }
    drawing.shape(Shape::line(line_through([[place(0.0), 0.0], [place(0.0), bottom]]), theme.ink, 1.0));
    drawing
}

/// The bars as a document.
#[must_use]
pub fn to_svg(bars: &[Bar], control: Option<f64>, caption: &str, format: &Format) -> String {
    document(format, caption, |size, theme| draw(bars, control, size, theme))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bars() -> Vec<Bar> {
        [("Shh", 2.0), ("Wnt1", 0.5), ("a<b", -1.0)].map(|(name, value)| Bar { name: name.into(), value }).to_vec()
    }

    #[test]
    fn lengths_are_values_and_sides_are_signs() {
        let drawing = draw(&bars(), Some(0.6), [400.0, height(3)], Theme::new(false));
        let paths: Vec<&Shape> = drawing.shapes("bar").collect();
        let number = |path: &str, from: char| -> f64 {
            let rest = path.split_once(from).unwrap().1;
            rest.split(|c: char| !(c.is_ascii_digit() || c == '.')).next().unwrap().parse().unwrap()
        };
        let widths: Vec<f64> = paths.iter().map(|shape| number(&shape.path, 'h')).collect();
        assert!((widths[0] / widths[2] - 2.0).abs() < 0.02 && (widths[0] / widths[1] - 4.0).abs() < 0.05, "{widths:?}");
        let starts: Vec<f64> = paths.iter().map(|shape| number(&shape.path, 'M')).collect();
        assert!(starts[2] < starts[0] && (starts[0] - starts[1]).abs() < 1e-9);
        assert_eq!(drawing.shapes("control").count(), 1);
    }

    #[test]
    fn values_carry_their_sign() {
        let drawing = draw(&bars(), None, [400.0, height(3)], Theme::new(true));
        let texts: Vec<&str> = drawing.texts().map(|text| text.text.as_str()).collect();
        assert!(texts.contains(&"+2.00") && texts.contains(&"\u{2212}1.00"), "{texts:?}");
        assert_eq!(drawing.shapes("control").count(), 0);
    }

    #[test]
    fn nothing_or_broken_numbers_are_no_panic() {
        let format = Format { size: [300.0, 200.0], dark: false, title: String::new() };
        assert!(to_svg(&[], None, "", &format).contains("</svg>"));
        let broken = [Bar { name: "x".into(), value: f64::NAN }, Bar { name: "y".into(), value: 0.0 }];
        assert!(!to_svg(&broken, Some(f64::NAN), "", &format).contains("NaN"));
    }
}

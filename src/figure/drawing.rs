//! Small drawings as a list of marks: a page draws them with its own means, and the same list becomes an SVG document.
//!
//! Coordinates are pixels from the top left corner. Texts are text, never markup.

use super::labels::width;
use super::palette::Rgb;
use super::svg::{Anchor, Format, Svg, escape};
use super::theme::Theme;

/// Marks from back to front.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    /// Width and height.
    pub size: [f64; 2],
    /// The marks.
    pub marks: Vec<Mark>,
}

/// One thing that is drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// A filled or stroked path.
    Shape(Shape),
    /// A text.
    Label(Label),
}

/// A path.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// As the `d` of an SVG path.
    pub path: String,
    /// Colour of its inside.
    pub fill: Option<Rgb>,
    /// Colour and width of its line.
    pub stroke: Option<(Rgb, f64)>,
    /// Lengths of dashes and gaps; empty for a full line.
    pub dashes: &'static str,
    /// 1 hides what is below.
    pub opacity: f64,
    /// What it is, for a pointer that rests on it; empty for nothing.
    pub title: String,
    /// What it is, for tests and style sheets.
    pub class: &'static str,
}

/// A text, vertically centred at its point.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Its point.
    pub at: [f64; 2],
    /// What it says.
    pub text: String,
    /// Which part of it is at the point.
    pub anchor: Anchor,
    /// Its colour.
    pub color: Rgb,
    /// Its size.
    pub size: f64,
    /// Bold, with a halo of this colour so that it can be read over marks.
    pub halo: Option<Rgb>,
    /// Turned by so many degrees around its point.
    pub turn: f64,
}

impl Shape {
    /// A line.
    #[must_use]
    pub fn line(path: String, color: Rgb, width: f64) -> Self {
        Self { stroke: Some((color, width)), ..Self::filled(path, None) }
    }

    /// An area.
    #[must_use]
    pub fn area(path: String, color: Rgb) -> Self {
        Self::filled(path, Some(color))
    }

    fn filled(path: String, fill: Option<Rgb>) -> Self {
        Self { path, fill, stroke: None, dashes: "", opacity: 1.0, title: String::new(), class: "" }
    }

    /// With a class.
    #[must_use]
    pub fn class(self, class: &'static str) -> Self {
        Self { class, ..self }
    }

    /// With a title.
    #[must_use]
    pub fn title(self, title: String) -> Self {
        Self { title, ..self }
    }

    /// With dashes.
    #[must_use]
    pub fn dashes(self, dashes: &'static str) -> Self {
        Self { dashes, ..self }
    }

    /// With an opacity.
    #[must_use]
    pub fn opacity(self, opacity: f64) -> Self {
        Self { opacity, ..self }
    }
}

impl Drawing {
    /// An empty drawing.
    #[must_use]
    pub const fn new(size: [f64; 2]) -> Self {
        Self { size, marks: Vec::new() }
    }

    /// Puts a shape in front.
    pub fn shape(&mut self, shape: Shape) {
        self.marks.push(Mark::Shape(shape));
    }

    /// Puts a text in front.
    pub fn label(&mut self, at: [f64; 2], text: impl Into<String>, anchor: Anchor, color: Rgb, size: f64) {
        let (text, halo, turn) = (text.into(), None, 0.0);
        self.marks.push(Mark::Label(Label { at, text, anchor, color, size, halo, turn }));
    }

    /// Puts a bold text with a halo in front.
    pub fn named(&mut self, at: [f64; 2], text: impl Into<String>, anchor: Anchor, theme: Theme, size: f64) {
        let (text, halo, turn) = (text.into(), Some(theme.paper), 0.0);
        self.marks.push(Mark::Label(Label { at, text, anchor, color: theme.ink, size, halo, turn }));
    }

    /// Puts a turned text in front.
    pub fn turned(&mut self, at: [f64; 2], turn: f64, text: impl Into<String>, anchor: Anchor, color: Rgb, size: f64) {
        let text = text.into();
        self.marks.push(Mark::Label(Label { at, text, anchor, color, size, halo: None, turn }));
    }

    /// The shapes of a class.
    pub fn shapes(&self, class: &str) -> impl Iterator<Item = &Shape> {
        self.marks.iter().filter_map(move |mark| match mark {
            Mark::Shape(shape) if shape.class == class => Some(shape),
            _ => None,
        })
    }

    /// All texts.
    pub fn texts(&self) -> impl Iterator<Item = &Label> {
        self.marks.iter().filter_map(|mark| match mark {
            Mark::Label(label) => Some(label),
            Mark::Shape(_) => None,
        })
    }
}

/// A document with title and caption around what `draw` makes of the room that they leave.
#[must_use]
pub fn document(format: &Format, caption: &str, draw: impl FnOnce([f64; 2], Theme) -> Drawing) -> String {
    let mut svg = Svg::new(format, caption);
    let [left, top, right, bottom] = svg.area;
    let drawing = draw([right - left, bottom - top], svg.theme);
    svg.add(format_args!("<g transform=\"translate({left:.1},{top:.1})\">"));
    for mark in &drawing.marks {
        match mark {
            Mark::Shape(shape) => add_shape(&mut svg, shape),
            Mark::Label(label) => add_label(&mut svg, label),
        }
    }
    svg.add(format_args!("</g>"));
    svg.finish()
}

fn add_shape(svg: &mut Svg, shape: &Shape) {
    let fill = shape.fill.map_or_else(|| "none".to_owned(), |fill| fill.to_string());
    let stroke = shape.stroke.map_or_else(String::new, |(color, width)| {
        format!(" stroke=\"{color}\" stroke-width=\"{width}\" stroke-linecap=\"round\" stroke-linejoin=\"round\"")
    });
    let dashes =
        if shape.dashes.is_empty() { String::new() } else { format!(" stroke-dasharray=\"{}\"", shape.dashes) };
    let opacity = if shape.opacity < 1.0 { format!(" opacity=\"{:.2}\"", shape.opacity) } else { String::new() };
    let title = if shape.title.is_empty() { String::new() } else { format!("<title>{}</title>", escape(&shape.title)) };
    svg.add(format_args!(
        "<path class=\"{}\" d=\"{}\" fill=\"{fill}\"{stroke}{dashes}{opacity}>{title}</path>",
        shape.class, shape.path
    ));
}

fn add_label(svg: &mut Svg, label: &Label) {
    if label.turn != 0.0 {
        let [x, y] = label.at;
        svg.add(format_args!("<g transform=\"translate({x:.1},{y:.1}) rotate({})\">", label.turn));
        svg.text_of([0.0, 0.0], &label.text, label.anchor, label.color, label.size);
        svg.add(format_args!("</g>"));
    } else if label.halo.is_some() {
        svg.halo(label.at, &label.text, label.anchor);
    } else {
        svg.text_of(label.at, &label.text, label.anchor, label.color, label.size);
    }
}

/// A rectangle as a path.
#[must_use]
pub fn rectangle([x, y]: [f64; 2], [width, height]: [f64; 2]) -> String {
    format!("M{x:.1},{y:.1}h{width:.1}v{height:.1}h{:.1}Z", -width)
}

/// Discs as one path.
#[must_use]
pub fn discs(points: impl IntoIterator<Item = [f64; 2]>, radius: f64) -> String {
    let disc = |[x, y]: [f64; 2]| {
        let (r, d) = (radius, 2.0 * radius);
        format!("M{:.1},{y:.1}a{r},{r} 0 1 0 {d},0a{r},{r} 0 1 0 {:.1},0", x - r, -d)
    };
    points.into_iter().map(disc).collect()
}

/// The room that the longest of some texts needs.
#[must_use]
pub fn longest<'a>(texts: impl IntoIterator<Item = &'a str>, size: f64) -> f64 {
    texts.into_iter().map(|text| width(text, size)).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_has_every_mark_and_texts_are_text() {
        let format = Format { size: [400.0, 300.0], dark: false, title: "<t>".into() };
        let text = document(&format, "caption", |size, theme| {
            let mut drawing = Drawing::new(size);
            drawing.shape(Shape::area(discs([[10.0, 10.0], [20.0, 20.0]], 3.0), theme.accent).class("dots"));
            let line = Shape::line(rectangle([0.0, 0.0], [5.0, 5.0]), theme.ink, 1.0).dashes("3 2").opacity(0.5);
            drawing.shape(line.title("a<b".into()));
            drawing.label([1.0, 1.0], "<plain>", Anchor::Start, theme.ink, 11.0);
            drawing.named([1.0, 1.0], "named", Anchor::Middle, theme, 12.0);
            drawing.turned([1.0, 1.0], -90.0, "turned", Anchor::End, theme.quiet, 11.0);
            drawing
        });
        let document = roxmltree::Document::parse(&text).unwrap();
        let words = |words: &str| document.descendants().any(|node| node.text() == Some(words));
        assert!(["<plain>", "named", "turned", "a<b", "<t>"].iter().all(|text| words(text)), "{text}");
        assert_eq!(document.descendants().filter(|node| node.attribute("class") == Some("dots")).count(), 1);
    }
}

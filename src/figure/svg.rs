//! SVG documents: paper, title, caption, and text that is never markup.

use super::labels::{shorten, width, wrap};
use super::palette::Rgb;
use super::theme::Theme;
use std::fmt::{self, Write};

/// Fonts of the page; where there is none of them, the one that is embedded for pictures.
pub const FONTS: &str = "system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";
/// Size of text that names things, in pixels.
pub const TEXT: f64 = 12.0;
/// Size of the caption.
const CAPTION: f64 = 11.0;
/// Height of a line of the caption.
const LINE: f64 = 15.0;
/// Space around everything.
pub const MARGIN: f64 = 16.0;

/// What every figure can be asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Format {
    /// Width and height in pixels.
    pub size: [f64; 2],
    /// Light on dark.
    pub dark: bool,
    /// What stands above it; nothing if empty.
    pub title: String,
}

/// Which part of a text is at its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Its beginning.
    Start,
    /// Its middle.
    Middle,
    /// Its end.
    End,
}

/// A document that grows line by line.
#[derive(Clone, Debug)]
pub struct Svg {
    text: String,
    /// Its colours.
    pub theme: Theme,
    /// Left, top, right and bottom of what title and caption leave to the figure.
    pub area: [f64; 4],
}

impl Svg {
    /// Paper with the format's title and, at its foot, a caption.
    #[must_use]
    pub fn new(format: &Format, caption: &str) -> Self {
        let [w, h] = format.size;
        let theme = Theme::new(format.dark);
        let mut svg = Self { text: String::new(), theme, area: [MARGIN, MARGIN, w - MARGIN, h - MARGIN] };
        svg.add(format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" font-family=\"{FONTS}\" \
             font-size=\"{TEXT}\" role=\"img\">"
        ));
        if !format.title.is_empty() {
            svg.add(format_args!("<title>{}</title>", escape(&format.title)));
        }
        if !caption.is_empty() {
            svg.add(format_args!("<desc>{}</desc>", escape(caption)));
        }
        svg.add(format_args!("<rect width=\"{w}\" height=\"{h}\" fill=\"{}\"/>", theme.paper));
        if !format.title.is_empty() {
            let mut title = format.title.clone();
            while width(&title, 16.0) > w - 2.0 * MARGIN && title.chars().count() > 8 {
                title = shorten(&title, title.chars().count() - 1);
            }
            svg.add(format_args!(
                "<text x=\"{MARGIN}\" y=\"{:.1}\" font-size=\"16\" font-weight=\"600\" fill=\"{}\">{}</text>",
                MARGIN + 13.0,
                theme.ink,
                escape(&title),
            ));
            svg.area[1] += 28.0;
        }
        let lines = wrap(caption, CAPTION, w - 2.0 * MARGIN);
        if !lines.is_empty() {
            svg.area[3] -= lines.len() as f64 * LINE + 6.0;
        }
        for (i, line) in lines.iter().enumerate() {
            let y = svg.area[3] + 6.0 + (i as f64 + 0.5) * LINE;
            svg.text_of([MARGIN, y], line, Anchor::Start, theme.quiet, CAPTION);
        }
        svg
    }

    /// Puts a line of markup at the end. Texts in it must be [`escape`]d.
    pub fn add(&mut self, markup: fmt::Arguments) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{markup}");
    }

    /// Text in ink, vertically centred at its point.
    pub fn text(&mut self, at: [f64; 2], text: &str, anchor: Anchor) {
        self.text_of(at, text, anchor, self.theme.ink, TEXT);
    }

    /// Text in a colour and size, vertically centred at its point.
    pub fn text_of(&mut self, at: [f64; 2], text: &str, anchor: Anchor, color: Rgb, size: f64) {
        self.write(at, text, anchor, color, size, "");
    }

    /// Bold text.
    pub fn bold(&mut self, at: [f64; 2], text: &str, anchor: Anchor) {
        self.write(at, text, anchor, self.theme.ink, TEXT, " font-weight=\"600\"");
    }

    /// Text in a colour and size with a halo of another, so that it can be read over stripes.
    pub fn text_on(&mut self, at: [f64; 2], text: &str, anchor: Anchor, color: Rgb, size: f64, ground: Rgb) {
        let more = format!(" stroke=\"{ground}\" stroke-width=\"4\" stroke-linejoin=\"round\" paint-order=\"stroke\"");
        self.write(at, text, anchor, color, size, &more);
    }

    /// Bold text with a halo, so that it can be read over cells.
    pub fn halo(&mut self, at: [f64; 2], text: &str, anchor: Anchor) {
        let more = format!(
            " font-weight=\"600\" stroke=\"{}\" stroke-width=\"3.5\" stroke-linejoin=\"round\" paint-order=\"stroke\"",
            self.theme.paper
        );
        self.write(at, text, anchor, self.theme.ink, TEXT, &more);
    }

    /// A bar whose colours go from the first at its top to the last at its foot; no other bar has this id.
    pub fn gradient(&mut self, id: &str, [x, y]: [f64; 2], [width, height]: [f64; 2], colors: &[Rgb]) {
        let last = colors.len().saturating_sub(1).max(1) as f64;
        let stop =
            |(i, color): (usize, &Rgb)| format!("<stop offset=\"{:.3}\" stop-color=\"{color}\"/>", i as f64 / last);
        let stops: String = colors.iter().enumerate().map(stop).collect();
        self.add(format_args!(
            "<linearGradient id=\"{id}\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"1\">{stops}</linearGradient>"
        ));
        self.add(format_args!(
            "<rect class=\"key\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"url(#{id})\"/>"
        ));
    }

    /// Slanting stripes of a colour, to be laid over what is there as `fill="url(#id)"`.
    pub fn hatching(&mut self, id: &str, color: Rgb) {
        self.add(format_args!(
            "<defs><pattern id=\"{id}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
             <path d=\"M1.5,0v6\" stroke=\"{color}\" stroke-opacity=\"0.8\" stroke-width=\"2.6\"/></pattern></defs>"
        ));
    }

    /// What stripes mean, in words beside a sample of them; `at` is the vertical centre of its beginning or end.
    pub fn legend_of_hatching(&mut self, id: &str, [x, y]: [f64; 2], words: &str, anchor: Anchor) {
        let (quiet, swatch) = (self.theme.quiet, if anchor == Anchor::End { x - 22.0 } else { x });
        for fill in [quiet.to_string(), format!("url(#{id})")] {
            self.add(format_args!(
                "<rect x=\"{swatch:.1}\" y=\"{:.1}\" width=\"22\" height=\"12\" fill=\"{fill}\"/>",
                y - 6.0
            ));
        }
        self.text([if anchor == Anchor::End { x - 28.0 } else { x + 28.0 }, y], words, anchor);
    }

    fn write(&mut self, [x, y]: [f64; 2], text: &str, anchor: Anchor, color: Rgb, size: f64, more: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        // Capitals are about 0.7 em high; `dominant-baseline` is read differently by different programs.
        let y = y + 0.35 * size;
        self.add(format_args!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" font-size=\"{size}\" fill=\"{color}\"{more}>{}</text>",
            escape(text)
        ));
    }

    /// The whole document.
    #[must_use]
    pub fn finish(mut self) -> String {
        self.text.push_str("</svg>\n");
        self.text
    }
}

/// The text as XML shows it; characters that XML does not allow become `�`.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\t' | '\n' | '\r' => safe.push(' '),
            '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}' => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}

/// What a finished document says of itself: its caption, as plain text.
#[must_use]
pub fn description(document: &str) -> Option<String> {
    let (_, rest) = document.split_once("<desc>")?;
    let (text, _) = rest.split_once("</desc>")?;
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    Some(text.replace("&amp;", "&"))
}

/// Points as the `d` of a path: one line through all of them.
#[must_use]
pub fn line_through(points: impl IntoIterator<Item = [f64; 2]>) -> String {
    let mut path = String::new();
    for (i, [x, y]) in points.into_iter().enumerate() {
        let _ = write!(path, "{}{x:.1},{y:.1}", if i == 0 { "M" } else { " " });
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_never_markup() {
        let format = Format { size: [300.0, 200.0], dark: false, title: "<b>&\"x\"".into() };
        let mut svg = Svg::new(&format, "a caption that needs more than one line of this small figure, < & >");
        svg.text([1.0, 2.0], "<script>\u{1}", Anchor::Middle);
        let area = svg.area;
        let text = svg.finish();
        let caption = "a caption that needs more than one line of this small figure, < & >";
        assert_eq!(description(&text).as_deref(), Some(caption));
        let document = roxmltree::Document::parse(&text).unwrap();
        let words: Vec<_> =
            document.descendants().filter(|n| n.has_tag_name("text")).filter_map(|n| n.text()).collect();
        assert_eq!(words.first(), Some(&"<b>&\"x\""));
        assert_eq!(words.last(), Some(&"<script>\u{fffd}"));
        assert!(words.len() > 3, "the caption is wrapped: {words:?}");
        assert!(area[1] > MARGIN && area[3] < 200.0 - MARGIN - 2.0 * LINE);
    }
}

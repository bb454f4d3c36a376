//! A chord diagram as an SVG file.

use super::ChordLayout;
use crate::figure::labels::{number, shorten};
use crate::figure::palette::Rgb;
use std::fmt::Write;

/// Room beside the circle for names.
const MARGIN: f64 = 150.0;

/// A standalone SVG of a layout; `names` and `colors` have one entry a type.
///
/// # Panics
/// If there are fewer names or colours than arcs.
#[must_use]
pub fn to_svg(layout: &ChordLayout, radius: f64, names: &[&str], colors: &[Rgb], dark: bool) -> String {
    let (paper, ink) = if dark { (Rgb::new(0x11_181c), Rgb::WHITE) } else { (Rgb::WHITE, Rgb::INK) };
    let (width, height) = (2.0 * (radius + MARGIN), 2.0 * (radius + 44.0));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{} {} {width} {height}\" width=\"{width}\" height=\"{height}\" \
         font-family=\"system-ui, sans-serif\" font-size=\"13\">\n<rect x=\"{}\" y=\"{}\" width=\"100%\" height=\"100%\" fill=\"{paper}\"/>\n",
        -width / 2.0,
        -height / 2.0,
        -width / 2.0,
        -height / 2.0,
    );
    let mut line = |text: std::fmt::Arguments| {
        // Writing to a string cannot fail.
        let _ = writeln!(svg, "{text}");
    };
    for ribbon in &layout.ribbons {
        line(format_args!(
            "<path d=\"{}\" fill=\"{}\" fill-opacity=\"0.75\"><title>{} → {} {}</title></path>",
            ribbon.path,
            colors[ribbon.sender],
            escape(names[ribbon.sender]),
            escape(names[ribbon.receiver]),
            number(ribbon.weight),
        ));
    }
    for (i, arc) in layout.arcs.iter().enumerate() {
        let (color, name) = (colors[i], names[i]);
        if arc.present {
            line(format_args!("<path d=\"{}\" fill=\"{color}\"/>", arc.outgoing_path));
            line(format_args!("<path d=\"{}\" fill=\"{color}\" fill-opacity=\"0.45\"/>", arc.incoming_path));
        } else {
            line(format_args!("<path d=\"{}\" stroke=\"{ink}\" stroke-opacity=\"0.5\"/>", arc.outgoing_path));
        }
        line(format_args!("<path d=\"{}\" fill=\"none\" stroke=\"{ink}\" stroke-opacity=\"0.35\"/>", arc.label.leader));
        line(format_args!(
            "<text x=\"{:.2}\" y=\"{:.2}\" dy=\"0.35em\" text-anchor=\"{}\" fill=\"{ink}\">{} <tspan fill-opacity=\"0.65\">{}</tspan></text>",
            arc.label.x,
            arc.label.y,
            if arc.label.left { "end" } else { "start" },
            escape(&shorten(name, 16)),
            arc.cells,
        ));
    }
    svg.push_str("</svg>\n");
    svg
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::super::{ChordInput, ChordOptions, layout};
    use super::*;
    use crate::figure::palette::categorical;

    #[test]
    fn everything_is_in_the_file() {
        let options = ChordOptions::default();
        let weights = [0.1, f32::NAN, 0.3, f32::NAN, f32::NAN, f32::NAN, 0.2, f32::NAN, 0.4];
        let layout = layout(&ChordInput { cells: &[10, 0, 30], weights: &weights }, &options);
        let svg = to_svg(&layout, options.radius, &["A & <B>", "gone", "C"], &categorical(3), false);
        assert!(svg.starts_with("<svg") && svg.ends_with("</svg>\n"));
        assert!(svg.contains("A &amp; &lt;B&gt;") && !svg.contains("<B>"));
        assert_eq!(svg.matches("<title>").count(), layout.ribbons.len());
        assert!(layout.ribbons.iter().all(|ribbon| svg.contains(&ribbon.path)));
        assert!(svg.contains(">C <tspan") && svg.contains("→"));
    }
}

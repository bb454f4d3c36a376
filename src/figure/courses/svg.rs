//! Courses of genes as an SVG document.

use super::{CourseLayout, TEXT, layout};
use crate::figure::svg::{Anchor, Format, Svg, line_through};
use crate::protocol::GeneCourse;

/// Height of a panel's title.
const TITLE: f64 = 22.0;
/// Width that a panel should have.
const PANEL: f64 = 260.0;

/// A panel for each gene; frames are at `times`, `labels` name the time points and `names` the genes.
#[must_use]
pub fn to_svg(courses: &[GeneCourse], times: &[f32], labels: &[String], names: &[String], format: &Format) -> String {
    let caption = "Expression in simulated cells, decoded through the loadings. Line: mean; band: 10th to 90th percentile. Every gene has a scale \
                   of its own; beyond a dashed line there is no data.";
    let mut svg = Svg::new(format, caption);
    let [left, top, right, bottom] = svg.area;
    let columns = (((right - left) / PANEL) as usize).clamp(1, courses.len().max(1));
    let rows = courses.len().div_ceil(columns).max(1);
    let size = [(right - left) / columns as f64, (bottom - top) / rows as f64 - TITLE];
    for (n, course) in courses.iter().enumerate() {
        let at = [left + (n % columns) as f64 * size[0], top + (n / columns) as f64 * (size[1] + TITLE)];
        let name = names.get(course.gene).map_or("", String::as_str);
        svg.bold([at[0], at[1] + TITLE / 2.0], name, Anchor::Start);
        svg.add(format_args!("<g transform=\"translate({:.1},{:.1})\">", at[0], at[1] + TITLE));
        draw(&mut svg, layout(course, times, labels, size));
        svg.add(format_args!("</g>"));
    }
    svg.finish()
}

fn draw(svg: &mut Svg, layout: CourseLayout) {
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
    if !layout.mean.is_empty() {
        let (band, mean) = (line_through(layout.band), line_through(layout.mean));
        svg.add(format_args!("<path class=\"band\" d=\"{band}Z\" fill=\"{}\" fill-opacity=\"0.2\"/>", theme.accent));
        svg.add(format_args!(
            "<path class=\"mean\" d=\"{mean}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\"/>",
            theme.accent
        ));
    }
    if let Some(x) = layout.data_end {
        let line = line_through([[x, top], [x, bottom]]);
        svg.add(format_args!(
            "<path d=\"{line}\" stroke=\"{}\" stroke-width=\"1.4\" stroke-dasharray=\"5 4\"/>",
            theme.ink
        ));
    }
}

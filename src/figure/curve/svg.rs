//! The training loss as an SVG document.

use super::{LossCurve, draw};
use crate::Result;
use crate::figure::labels::number;
use crate::figure::svg::{Format, Svg};
use plotters::drawing::IntoDrawingArea;
use plotters_svg::SVGBackend;

/// The loss over the updates with what its lines mean; the format decides about light and dark.
///
/// # Errors
/// A fault of the drawing library.
pub fn to_svg(curve: &LossCurve, format: &Format) -> Result<String> {
    let card = curve.model.card();
    let last = curve.updates.last().map_or(String::new(), |last| {
        format!(" After {} {}: total {}.", card.step, last.update, number(last.loss.total.into()))
    });
    let caption = format!("{}{last}", card.loss);
    let mut svg = Svg::new(format, &caption);
    let [left, top, right, bottom] = svg.area;
    let size = [right - left, bottom - top].map(|side| side.max(60.0).round() as u32);
    let mut inner = String::new();
    {
        let area = SVGBackend::with_string(&mut inner, (size[0], size[1])).into_drawing_area();
        draw(&area, &LossCurve { dark: format.dark, ..*curve })?;
    }
    svg.add(format_args!("<g transform=\"translate({left},{top})\">\n{inner}</g>"));
    Ok(svg.finish())
}

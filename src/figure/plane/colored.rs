//! Cells coloured by a value for each.

use super::{LINE, Plane, Sheet};
use crate::Result;
use crate::figure::cells::{ColorBy, Style};
use crate::figure::labels::{number, shorten, width, wrap};
use crate::figure::palette::{Rgb, value};
use crate::figure::shades::{Scale, Shades};
use crate::figure::svg::{Anchor, Format, Svg, TEXT};
use std::sync::Arc;

/// Observed cells in the colours of their values; those of `time` stand out. `color_by` says where the values come from.
///
/// # Errors
/// The picture is too large for the memory.
pub fn colored(
    plane: &Plane,
    color_by: ColorBy,
    shades: Arc<Shades>,
    time: Option<usize>,
    format: &Format,
) -> Result<String> {
    let label = time.and_then(|time| plane.dataset.time_points.get(time));
    let chosen = label.map_or_else(String::new, |point| format!("; those at {} stand out", point.label));
    let missing = match shades.missing() {
        0 => String::new(),
        some => format!(" {some} cells without a value are grey."),
    };
    let caption = format!(
        "{} observed cells, coloured by {}{chosen}.{missing} {}",
        plane.dataset.cells,
        shades.title,
        plane.notes(true)
    );
    let mut svg = Svg::new(format, &caption);
    legend(&mut svg, &shades);
    let style = Style { radius: 0.0, shades: Some(shades), ..Style::new(plane.dataset, color_by, time, format.dark) };
    let mut sheet = Sheet::new(&mut svg, plane, &style, false);
    sheet.cells(plane.cells, &style, 0.8)?;
    sheet.axes(plane);
    sheet.close();
    Ok(svg.finish())
}

/// The scale of the values or the names of the levels, at the right of the document's area, which gets smaller by it.
fn legend(svg: &mut Svg, shades: &Shades) {
    const ROOM: f64 = 130.0;
    let [left, top, right, bottom] = svg.area;
    let room = ROOM.min(0.35 * (right - left));
    let x = right - room + 8.0;
    svg.area[2] = right - room;
    let mut y = top + 0.5 * LINE;
    for line in wrap(&shades.title, TEXT, room - 8.0) {
        svg.text([x, y], &line, Anchor::Start);
        y += LINE;
    }
    match &shades.scale {
        Scale::Range { low, high, beyond, dark } => {
            const STEPS: usize = 64;
            let height = (bottom - y - LINE).clamp(20.0, 180.0);
            for step in 0..STEPS {
                let color = value(1.0 - (step as f64 + 0.5) / STEPS as f64, *dark);
                swatch(svg, [x, y + height * step as f64 / STEPS as f64], [12.0, height / STEPS as f64 + 0.3], color);
            }
            let ends = [(beyond[1], "≥ ", *high, y + 5.0), (beyond[0], "≤ ", *low, y + height - 5.0)];
            for (more, sign, end, y) in ends {
                let text = format!("{}{}", if more { sign } else { "" }, number(end.into()));
                svg.text_of([x + 18.0, y], &text, Anchor::Start, svg.theme.quiet, TEXT);
            }
        }
        Scale::Levels(levels) => {
            let counts = shades.counts();
            let lines = (((bottom - y) / LINE) as usize).max(1);
            let shown = if levels.len() > lines { lines - 1 } else { levels.len() };
            let quiet = svg.theme.quiet;
            for ((name, color), count) in levels.iter().zip(&counts).take(shown) {
                swatch(svg, [x, y - 5.0], [10.0, 10.0], *color);
                let count = count.to_string();
                let letters = ((room - 30.0 - width(&count, TEXT)) / (0.58 * TEXT)) as usize;
                svg.text([x + 16.0, y], &shorten(name, letters.max(3)), Anchor::Start);
                svg.text_of([right, y], &count, Anchor::End, quiet, TEXT);
                y += LINE;
            }
            if shown < levels.len() {
                let more = format!("and {} more", levels.len() - shown);
                svg.text_of([x + 16.0, y], &more, Anchor::Start, quiet, TEXT);
            }
        }
    }
}

fn swatch(svg: &mut Svg, [x, y]: [f64; 2], [width, height]: [f64; 2], color: Rgb) {
    svg.add(format_args!(
        "<rect class=\"swatch\" x=\"{x:.1}\" y=\"{y:.2}\" width=\"{width:.1}\" height=\"{height:.2}\" fill=\"{color}\"/>"
    ));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{CellType, Cells, DatasetSummary, SpaceId, TimePoint};

    #[test]
    fn every_cell_has_its_colour_and_the_legend_its_names() {
        let dataset = DatasetSummary {
            name: "three".into(),
            cells: 3,
            dimensions: 2,
            axis: "PC".into(),
            genes: 1,
            measured: None,
            time_points: vec![TimePoint { label: "day 0".into(), value: Some(0.0), cells: 3 }],
            cell_types: vec![CellType { name: "all".into(), color: None, cells: 3 }],
            spaces: Vec::new(),
            simulated: false,
            held_out: Vec::new(),
            preparation: None,
            columns: Vec::new(),
            notes: Vec::new(),
        };
        let cells = Cells {
            positions: vec![0.0, 0.0, 1.0, 0.0, 1.0, 1.0].into(),
            times: vec![0; 3].into(),
            cell_types: vec![0; 3].into(),
        };
        let plane = Plane { dataset: &dataset, cells: &cells, space: SpaceId::default() };
        let format = Format { size: [480.0, 320.0], dark: false, title: "title".into() };
        let draw =
            |color_by, shades: &Shades| colored(&plane, color_by, Arc::new(shades.clone()), Some(0), &format).unwrap();
        let numbers = Shades::numbers("Sox2, decoded expression", vec![0.0, 2.0, f32::NAN], false).unwrap();
        let svg = draw(ColorBy::Gene(0), &numbers);
        for text in ["Sox2", "1 cells without a value", "2.000"] {
            assert!(svg.contains(text), "{text} in {svg}");
        }
        for cell in 0..2 {
            assert!(svg.contains(&format!("fill=\"{}\" fill-opacity", numbers.color(cell).unwrap())));
        }
        let levels = Shades::levels("batch", vec![0.0, 1.0, 1.0], &["a <b>".into(), "c".into()]);
        let svg = draw(ColorBy::Column(0), &levels);
        assert!(svg.contains("a &lt;b&gt;") && svg.contains(">2</text>"), "{svg}");
    }
}

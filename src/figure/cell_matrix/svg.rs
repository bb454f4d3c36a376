//! The attention between single cells as an SVG document.

use super::{bands, limit, raster};
use crate::Result;
use crate::figure::embed::data_address;
use crate::figure::labels::{number, numbered, shorten, spread, width};
use crate::figure::palette::{Rgb, sequential};
use crate::figure::points::Image;
use crate::figure::svg::{Anchor, Format, Svg, TEXT};
use crate::protocol::{CellMatrix, DatasetSummary, Score};

/// Pixels of the picture a pixel of the document.
const SHARPNESS: f64 = 2.0;
/// Thickness of the bands of types.
const BAND: f64 = 10.0;
/// Height of a name.
const LINE: f64 = 15.0;
/// Room for the colour key at the right.
const KEY: f64 = 84.0;

/// Attention between sampled cells of one time point; `kinds` are their types, `colors` those of all types.
///
/// # Errors
/// There are no cells, or the picture is too large for the memory.
pub fn to_svg(
    dataset: &DatasetSummary,
    answer: &CellMatrix,
    kinds: &[usize],
    colors: &[Rgb],
    format: &Format,
) -> Result<String> {
    let n = answer.cells.len();
    let what = match answer.query.score {
        Score::Attention => "attention weight, mean over heads",
        Score::Influence => "attention weight times length of the sender's value vector, mean over heads",
    };
    let caption = format!(
        "Rows: receivers, columns: senders; {n} sampled cells of one time point, sorted by type. Colour: {what}; one in a hundred values is \
         above the last colour."
    );
    let mut svg = Svg::new(format, &caption);
    let bands = bands(kinds.iter().copied());
    let name = |kind: usize| {
        let name = dataset.cell_types.get(kind).map_or("", |kind| kind.name.as_str());
        numbered(kind, &shorten(name, 18))
    };
    let longest = bands.iter().map(|band| width(&name(band.kind), TEXT)).fold(0.0, f64::max);
    let [left, top, right, bottom] = svg.area;
    let (x, y) = (left + longest + BAND + 12.0, top + BAND + 4.0);
    let side = (right - KEY - x).min(bottom - y).max(20.0);
    let pixels = (side * SHARPNESS).round() as usize;
    let most = limit(&answer.values);
    let picture = Image::of([pixels, pixels], raster(&answer.values, n, [pixels, pixels], most));
    svg.add(format_args!(
        "<image x=\"{x:.1}\" y=\"{y:.1}\" width=\"{side:.1}\" height=\"{side:.1}\" href=\"{}\"/>",
        data_address(&picture)?
    ));
    let place = |cell: usize| cell as f64 / n.max(1) as f64 * side;
    let middles: Vec<f64> = bands.iter().map(|band| y + (place(band.start) + place(band.end)) / 2.0).collect();
    let lines = spread(&middles, LINE, y + LINE / 2.0, y + side - LINE / 2.0);
    let named = bands.len() as f64 * LINE <= side;
    for (band, line) in bands.iter().zip(lines) {
        let color = colors.get(band.kind).copied().unwrap_or(svg.theme.pale);
        let (from, length) = (place(band.start), (place(band.end) - place(band.start) - 0.8).max(0.4));
        for [x, y, w, h] in [[x - BAND - 3.0, y + from, BAND, length], [x + from, y - BAND - 3.0, length, BAND]] {
            svg.add(format_args!(
                "<rect class=\"band\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{w:.1}\" height=\"{h:.1}\" fill=\"{color}\"/>"
            ));
        }
        if named || length >= LINE {
            svg.text([x - BAND - 9.0, line], &name(band.kind), Anchor::End);
        }
    }
    const STEPS: usize = 16;
    let (key, height) = (x + side + 16.0, side.min(220.0));
    let colors: Vec<Rgb> = (0..=STEPS).map(|step| sequential(1.0 - step as f64 / STEPS as f64)).collect();
    svg.gradient("values", [key, y], [12.0, height], &colors);
    for (at, text) in [(y + 5.0, format!("≥ {}", number(most.into()))), (y + height - 5.0, "0".to_owned())] {
        svg.text_of([key + 18.0, at], &text, Anchor::Start, svg.theme.quiet, 11.0);
    }
    Ok(svg.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{CellMatrixQuery, CellType};

    #[test]
    fn every_type_has_its_bands_and_its_name() {
        let kind = |name: &str| CellType { name: name.into(), color: None, cells: 2 };
        let dataset = DatasetSummary { cell_types: vec![kind("a <b>"), kind("c")], ..DatasetSummary::default() };
        let answer = CellMatrix {
            query: CellMatrixQuery { time: 0, score: Score::Attention, cells: 4, sample: None },
            cells: vec![0, 1, 2, 3].into(),
            values: vec![0.1; 16].into(),
        };
        let colors = crate::figure::palette::cell_types(&dataset.cell_types);
        let format = Format { size: [400.0, 300.0], dark: false, title: "title".into() };
        let svg = to_svg(&dataset, &answer, &[0, 0, 0, 1], &colors, &format).unwrap();
        assert_eq!(svg.matches("class=\"band\"").count(), 4, "two bands a type");
        assert!(svg.contains("1 a &lt;b&gt;") && svg.contains("2 c") && svg.contains("data:image/png"), "{svg}");
        let document = roxmltree::Document::parse(&svg).unwrap();
        assert!(document.descendants().any(|node| node.has_tag_name("image")));
    }
}

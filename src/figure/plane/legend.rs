//! What the colours mean, at the right of the document's area, which gets smaller by it.

use super::{Plane, groups};
use crate::figure::cells::{ColorBy, Style};
use crate::figure::labels::{number, numbered, shorten, width, wrap};
use crate::figure::palette::{Rgb, value};
use crate::figure::shades::{Scale, Shades};
use crate::figure::svg::{Anchor, Svg, TEXT};

/// Height of a line.
const LINE: f64 = 19.0;

/// Colours with their names and numbers of cells; types have the numbers that they have everywhere.
pub(super) fn of_groups(svg: &mut Svg, plane: &Plane, style: &Style) {
    let all = groups(plane, style.color_by);
    let mut counts = vec![0_usize; all.len()];
    for (&time, &kind) in plane.cells.times.iter().zip(plane.cells.cell_types.iter()) {
        let counted = match style.color_by {
            ColorBy::Time => time,
            _ if style.time.is_none_or(|chosen| chosen == time as usize) => kind,
            _ => continue,
        };
        if let Some(count) = counts.get_mut(counted as usize) {
            *count += 1;
        }
    }
    let (colors, of_types) = match style.color_by {
        ColorBy::Time => (&style.times, false),
        _ => (&style.types, true),
    };
    let name = |(i, name): (usize, &&str)| {
        let name = shorten(name, 22);
        if of_types { numbered(i, &name) } else { name }
    };
    let rows: Vec<Row> = all
        .iter()
        .enumerate()
        .map(name)
        .zip(counts)
        .enumerate()
        .map(|(i, (name, count))| Row { color: colors.get(i).copied().unwrap_or(style.pale), name, count })
        .collect();
    let longest = rows.iter().map(|it| width(&format!("{} {}", it.name, it.count), TEXT)).fold(0.0, f64::max);
    let [left, top, right, _] = svg.area;
    let room = (longest + 30.0).min(0.35 * (right - left));
    svg.area[2] = right - room;
    list(svg, &rows, room, top + 0.5 * LINE, right);
}

/// The scale of the values or the names of the levels.
pub(super) fn of_shades(svg: &mut Svg, shades: &Shades) {
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
            const STEPS: usize = 16;
            let height = (bottom - y - LINE).clamp(20.0, 180.0);
            let colors: Vec<Rgb> = (0..=STEPS).map(|step| value(1.0 - step as f64 / STEPS as f64, *dark)).collect();
            svg.gradient("values", [x, y], [12.0, height], &colors);
            let ends = [(beyond[1], "≥ ", *high, y + 5.0), (beyond[0], "≤ ", *low, y + height - 5.0)];
            for (more, sign, end, y) in ends {
                let text = format!("{}{}", if more { sign } else { "" }, number(end.into()));
                svg.text_of([x + 18.0, y], &text, Anchor::Start, svg.theme.quiet, TEXT);
            }
        }
        Scale::Levels(levels) => {
            let counts = shades.counts();
            let row =
                |((name, color), count): (&(String, Rgb), usize)| Row { color: *color, name: name.clone(), count };
            let rows: Vec<Row> = levels.iter().zip(counts).map(row).collect();
            list(svg, &rows, room, y, right);
        }
    }
}

/// A line of a legend.
struct Row {
    color: Rgb,
    name: String,
    count: usize,
}

/// As many lines as there is room for, from `y` down.
fn list(svg: &mut Svg, rows: &[Row], room: f64, mut y: f64, right: f64) {
    let x = right - room + 8.0;
    let lines = (((svg.area[3] - y) / LINE + 0.5) as usize).max(1);
    let shown = if rows.len() > lines { lines - 1 } else { rows.len() };
    let quiet = svg.theme.quiet;
    for Row { color, name, count } in rows.iter().take(shown) {
        swatch(svg, [x, y - 5.0], [10.0, 10.0], *color);
        let count = count.to_string();
        let mut name = name.clone();
        while width(&name, TEXT) > room - 30.0 - width(&count, TEXT) && name.chars().count() > 4 {
            name = shorten(&name, name.chars().count() - 1);
        }
        svg.text([x + 16.0, y], &name, Anchor::Start);
        svg.text_of([right, y], &count, Anchor::End, quiet, TEXT);
        y += LINE;
    }
    if shown < rows.len() {
        svg.text_of([x + 16.0, y], &format!("and {} more", rows.len() - shown), Anchor::Start, quiet, TEXT);
    }
}

fn swatch(svg: &mut Svg, [x, y]: [f64; 2], [width, height]: [f64; 2], color: Rgb) {
    svg.add(format_args!(
        "<rect class=\"swatch\" x=\"{x:.1}\" y=\"{y:.2}\" width=\"{width:.1}\" height=\"{height:.2}\" fill=\"{color}\"/>"
    ));
}

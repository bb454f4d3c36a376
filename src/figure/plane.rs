//! Cells in a plane as an SVG document: with simulated paths, with velocity, or with predictions over what was observed.

mod colored;

pub use colored::colored;

use super::arrows::{self, Shape};
use super::cells::{ColorBy, Style, dots, names, radius};
use super::embed::data_address;
use super::field;
use super::labels::{shorten, width};
use super::palette::Rgb;
use super::points::Image;
use super::scatter::{Bounds, Viewport, pairs};
use super::svg::{Anchor, Format, Svg, TEXT, line_through};
use crate::protocol::{Cells, DatasetSummary, Simulation, SpaceId, VelocityField};
use crate::{Error, Result};

/// More cells than this become pixels within the document.
pub const CIRCLES: usize = 20_000;
/// Pixels of such a picture a pixel of the document.
const SHARPNESS: f64 = 2.0;
/// Space between the outermost cells and the edge.
const PADDING: f64 = 24.0;
/// Height of a line of the legend.
const LINE: f64 = 19.0;

/// A dataset in one of its planes.
#[derive(Clone, Copy, Debug)]
pub struct Plane<'a> {
    /// What is in the dataset.
    pub dataset: &'a DatasetSummary,
    /// Its cells, with their positions in `space`.
    pub cells: &'a Cells,
    /// Which space.
    pub space: SpaceId,
}

/// Observed cells; coloured by type, those of `time` stand out.
///
/// # Errors
/// The picture is too large for the memory.
pub fn observed(plane: &Plane, color_by: ColorBy, time: usize, format: &Format) -> Result<String> {
    let label = plane.dataset.time_points.get(time).map_or("", |point| point.label.as_str());
    let (chosen, colors) = match color_by {
        ColorBy::Time => (None, "time point".to_owned()),
        _ => (Some(time), format!("cell type; in colour: those at {label}")),
    };
    let caption = format!("{} observed cells, coloured by {colors}. {}", plane.dataset.cells, plane.notes(true));
    let mut svg = Svg::new(format, &caption);
    let style = Style { radius: 0.0, ..Style::new(plane.dataset, color_by, chosen, format.dark) };
    let mut sheet = Sheet::new(&mut svg, plane, &style, true);
    sheet.cells(plane.cells, &style, 0.8)?;
    sheet.names(plane, &style);
    sheet.axes(plane);
    sheet.close();
    Ok(svg.finish())
}

/// Observed cells of all time points with the paths of simulated cells over them.
///
/// # Errors
/// The colours are to come from values, or the picture is too large for the memory.
pub fn trajectories(plane: &Plane, color_by: ColorBy, simulation: &Simulation, format: &Format) -> Result<String> {
    if color_by.is_value() {
        return Err(Error::request("Paths are drawn over cells coloured by type or time"));
    }
    let labels = &plane.dataset.time_points;
    let label = |at: Option<&f32>| {
        at.and_then(|&t| labels.get(t.round() as usize)).map_or("the end", |point| point.label.as_str()).to_owned()
    };
    let (first, last) = (label(simulation.times.first()), label(simulation.times.last()));
    let caption = format!(
        "{} observed cells, coloured by {}. Lines: {} simulated cells from {first} (rings) to {last} (dots). {}",
        plane.dataset.cells,
        match color_by {
            ColorBy::Time => "time point",
            _ => "cell type",
        },
        simulated_cells(simulation),
        plane.notes(simulation.exact),
    );
    let mut svg = Svg::new(format, &caption);
    let style = Style { radius: 0.0, ..Style::new(plane.dataset, color_by, None, format.dark) };
    let mut sheet = Sheet::new(&mut svg, plane, &style, true);
    sheet.cells(plane.cells, &style, 0.6)?;
    sheet.paths(simulation);
    sheet.names(plane, &style);
    sheet.axes(plane);
    sheet.close();
    Ok(svg.finish())
}

/// Observed cells with the velocity of those of one time point as arrows on a grid.
///
/// # Errors
/// The velocity is not of this dataset, or the picture is too large for the memory.
pub fn velocity(plane: &Plane, velocity: &VelocityField, format: &Format) -> Result<String> {
    let all = pairs(&plane.cells.positions);
    let at: Option<Vec<[f32; 2]>> = velocity.cells.iter().map(|&i| all.get(i as usize).copied()).collect();
    let vectors = pairs(&velocity.vectors);
    let at = at.filter(|at| at.len() == vectors.len());
    let at = at.ok_or_else(|| Error::request("The velocity is not of these cells"))?;
    let time = velocity.query.time;
    let label = plane.dataset.time_points.get(time).map_or("", |point| point.label.as_str());
    let caption = format!(
        "Arrows: mean velocity of the {} cells at {label} (in colour), per sampling interval; other cells are grey. {}",
        at.len(),
        plane.notes(velocity.exact),
    );
    let mut svg = Svg::new(format, &caption);
    let style = Style { radius: 0.0, ..Style::new(plane.dataset, ColorBy::Type, Some(time), format.dark) };
    let mut sheet = Sheet::new(&mut svg, plane, &style, true);
    sheet.cells(plane.cells, &style, 0.55)?;
    let (bounds, whole) = (sheet.bounds, sheet.viewport);
    let grid = field::grid(&at, vectors, bounds, &arrows::grid_options(bounds, &whole));
    if let Some(drawn) = arrows::drawn(&grid, &whole, &whole) {
        sheet.arrows(&drawn.shapes, "velocity");
        let (right, y) = (whole.size[0] - 4.0, whole.size[1] - 10.0);
        let key = arrows::shape([right - drawn.key_length, y], [drawn.key_length, 0.0]);
        sheet.arrows(key.as_slice(), "key");
        let note = format!("{} per interval", drawn.key);
        sheet.svg.halo([right - drawn.key_length - 8.0, y], &note, Anchor::End);
    }
    sheet.names(plane, &style);
    sheet.axes(plane);
    sheet.close();
    Ok(svg.finish())
}

/// Predicted cells (crosses) over the observed cells of their time point (discs) within `area` (left, top, right, bottom) of a document.
///
/// # Errors
/// The picture is too large for the memory.
pub(super) fn predicted_over_observed(
    svg: &mut Svg,
    area: [f64; 4],
    plane: &Plane,
    time: usize,
    predicted: &[[f32; 2]],
) -> Result<()> {
    let here = (0..plane.cells.times.len()).filter(|&i| plane.cells.times[i] as usize == time);
    let all = pairs(&plane.cells.positions);
    let here: Vec<[f32; 2]> = here.filter_map(|i| all.get(i).copied()).collect();
    let count = here.len();
    let observed = Cells {
        positions: here.into_iter().flatten().collect::<Vec<_>>().into(),
        times: vec![0; count].into(),
        cell_types: vec![0; count].into(),
    };
    let theme = svg.theme;
    let style = Style {
        color_by: ColorBy::Type,
        types: vec![theme.pale],
        times: Vec::new(),
        pale: theme.pale,
        time: None,
        focus: None,
        shades: None,
        selected: None,
        radius: 0.0,
    };
    let before = std::mem::replace(&mut svg.area, area);
    let mut sheet = Sheet::new(svg, plane, &style, false);
    sheet.cells(&observed, &style, 0.8)?;
    sheet.crosses(predicted, theme.accent);
    sheet.close();
    svg.area = before;
    Ok(())
}

/// Number of simulated cells.
fn simulated_cells(simulation: &Simulation) -> usize {
    pairs(&simulation.positions).len() / simulation.times.len().max(1)
}

impl Plane<'_> {
    /// What a reader must know of the plane and the data.
    fn notes(&self, exact: bool) -> String {
        let name = self.dataset.space(self.space).map_or_else(String::new, |space| space.name);
        let mut notes = if exact || self.space.is_exact() {
            format!("Plane: {name}.")
        } else {
            format!("Plane: {name}; what the model computes is projected through neighbours and approximate.")
        };
        if self.dataset.simulated {
            notes.push_str(" Simulated tissue, no measured data.");
        }
        notes
    }
}

/// The part of a document that shows a plane; coordinates within it start at its corner.
struct Sheet<'a> {
    svg: &'a mut Svg,
    bounds: Bounds,
    viewport: Viewport,
}

impl<'a> Sheet<'a> {
    /// Puts the legend beside the plane if wanted, and opens the group of the plane.
    fn new(svg: &'a mut Svg, plane: &Plane, style: &Style, legend: bool) -> Self {
        if legend {
            self::legend(svg, plane, style);
        }
        let [left, top, right, bottom] = svg.area;
        let size = [(right - left).max(40.0), (bottom - top).max(40.0)];
        let bounds = Bounds::around(pairs(&plane.cells.positions), 0.01);
        let viewport = Viewport::fit(bounds, size, PADDING.min(0.1 * size[0].min(size[1])));
        svg.add(format_args!("<g transform=\"translate({left:.1},{top:.1})\">"));
        Self { svg, bounds, viewport }
    }

    fn close(self) {
        self.svg.add(format_args!("</g>"));
    }

    fn place(&self, point: [f32; 2]) -> [f64; 2] {
        self.viewport.project(point.map(f64::from))
    }

    /// The cells as circles, or as pixels where they are many. A `radius` of zero in the style is replaced by one that suits the picture.
    fn cells(&mut self, cells: &Cells, style: &Style, opacity: f64) -> Result<()> {
        let points = pairs(&cells.positions);
        let loud = cells.times.iter().filter(|&&t| style.time.is_none_or(|time| time == t as usize)).count();
        let style = Style { radius: radius(self.viewport.size, loud), ..style.clone() };
        let finite = |i: usize| points.get(i).copied().filter(|point| point.iter().all(|c| c.is_finite()));
        self.svg.add(format_args!("<g class=\"cells\" opacity=\"{opacity}\">"));
        if points.len() > CIRCLES {
            let [width, height] = self.viewport.size;
            let mut image = Image::new((width * SHARPNESS).ceil() as usize, (height * SHARPNESS).ceil() as usize);
            dots(cells, &style, |i, mut dot| {
                if let Some(point) = finite(i) {
                    dot.radius *= SHARPNESS as f32;
                    image.dot(self.place(point).map(|c| (c * SHARPNESS) as f32), dot);
                }
            });
            self.svg.add(format_args!(
                "<image width=\"{}\" height=\"{}\" href=\"{}\"/>",
                image.width() as f64 / SHARPNESS,
                image.height() as f64 / SHARPNESS,
                data_address(&image)?,
            ));
        } else {
            dots(cells, &style, |i, dot| {
                if let Some(point) = finite(i) {
                    let [x, y] = self.place(point);
                    self.svg.add(format_args!(
                        "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{:.2}\" fill=\"{}\" fill-opacity=\"{}\"/>",
                        dot.radius, dot.color, dot.alpha
                    ));
                }
            });
        }
        self.svg.add(format_args!("</g>"));
        Ok(())
    }

    /// Simulated cells: a line through the frames of each, a ring at its first and a dot at its last.
    fn paths(&mut self, simulation: &Simulation) {
        let (ink, paper) = (self.svg.theme.ink, self.svg.theme.paper);
        let frames = simulation.times.len();
        let cells = simulated_cells(simulation);
        let points = pairs(&simulation.positions);
        let path = |cell: usize| -> Vec<[f64; 2]> {
            let frames = (0..frames).map(|frame| points[frame * cells + cell]);
            frames.filter(|p| p.iter().all(|c| c.is_finite())).map(|point| self.place(point)).collect()
        };
        let paths: Vec<Vec<[f64; 2]>> = (0..cells).map(path).filter(|path| !path.is_empty()).collect();
        self.svg.add(format_args!(
            "<g class=\"paths\" fill=\"none\" stroke=\"{ink}\" stroke-width=\"0.9\" stroke-opacity=\"0.45\" stroke-linejoin=\"round\">"
        ));
        for path in &paths {
            self.svg.add(format_args!("<path d=\"{}\"/>", line_through(path.iter().copied())));
        }
        self.svg.add(format_args!("</g>"));
        for path in &paths {
            let [x, y] = path[0];
            self.svg.add(format_args!(
                "<circle class=\"start\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"1.9\" fill=\"{paper}\" stroke=\"{ink}\" stroke-width=\"0.8\"/>"
            ));
        }
        for path in &paths {
            let [x, y] = path[path.len() - 1];
            self.svg.add(format_args!(
                "<circle class=\"end\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2.6\" fill=\"{ink}\" stroke=\"{paper}\" stroke-width=\"0.8\"/>"
            ));
        }
    }

    /// Arrows with a halo, as one path.
    fn arrows(&mut self, shapes: &[Shape], class: &str) {
        let lines = shapes.iter().flat_map(|s| [line_through(s.shaft), line_through(s.head)]);
        let path = lines.collect::<Vec<_>>().concat();
        let (ink, paper) = (self.svg.theme.ink, self.svg.theme.paper);
        for (color, width, opacity) in [(paper, 3.2, 0.75), (ink, 1.3, 0.9)] {
            self.svg.add(format_args!(
                "<path class=\"{class}\" d=\"{path}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{width}\" stroke-opacity=\"{opacity}\" \
                 stroke-linecap=\"round\" stroke-linejoin=\"round\"/>"
            ));
        }
    }

    fn crosses(&mut self, points: &[[f32; 2]], color: Rgb) {
        self.svg.add(format_args!(
            "<g class=\"predicted\" fill=\"none\" stroke=\"{color}\" stroke-width=\"1\" stroke-opacity=\"0.7\">"
        ));
        for point in points.iter().filter(|p| p.iter().all(|c| c.is_finite())) {
            let [x, y] = self.place(*point);
            self.svg.add(format_args!("<path d=\"M{:.1},{:.1}l4,4m0,-4l-4,4\"/>", x - 2.0, y - 2.0));
        }
        self.svg.add(format_args!("</g>"));
    }

    /// Names of types (of the chosen time point, if there is one) or of time points, at the middle of their cells.
    fn names(&mut self, plane: &Plane, style: &Style) {
        let cells = plane.cells;
        let all = groups(plane, style.color_by);
        let group = |i: usize| {
            let time = *cells.times.get(i)? as usize;
            let kind = *cells.cell_types.get(i)? as usize;
            match style.color_by {
                ColorBy::Time => Some(time),
                _ => style.time.is_none_or(|chosen| chosen == time).then_some(kind),
            }
        };
        for name in names(cells, &all, &self.viewport, None, group, |text| width(text, TEXT)) {
            self.svg.halo(name.at, &name.text, Anchor::Middle);
        }
    }

    /// A small corner with the names of the axes.
    fn axes(&mut self, plane: &Plane) {
        let Some(space) = plane.dataset.space(plane.space) else { return };
        let (x, y) = (6.0, self.viewport.size[1] - 10.0);
        let corner = [[34.0, 0.0], [0.0, -34.0]].into_iter().filter_map(|vector| arrows::shape([x, y], vector));
        self.arrows(&corner.collect::<Vec<_>>(), "axes");
        self.svg.halo([x + 40.0, y], &shorten(&space.axes[0], 18), Anchor::Start);
        self.svg.halo([x - 4.0, y - 44.0], &shorten(&space.axes[1], 18), Anchor::Start);
    }
}

/// Names of what the colours stand for.
fn groups<'a>(plane: &Plane<'a>, color_by: ColorBy) -> Vec<&'a str> {
    match color_by {
        ColorBy::Time => plane.dataset.time_points.iter().map(|point| point.label.as_str()).collect(),
        _ => plane.dataset.cell_types.iter().map(|kind| kind.name.as_str()).collect(),
    }
}

/// Colours with their names and numbers of cells, at the right of the document's area, which gets smaller by it.
fn legend(svg: &mut Svg, plane: &Plane, style: &Style) {
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
    let colors = match style.color_by {
        ColorBy::Time => &style.times,
        _ => &style.types,
    };
    let names: Vec<String> = all.iter().map(|name| shorten(name, 22)).collect();
    let longest =
        names.iter().zip(&counts).map(|(name, count)| width(&format!("{name} {count}"), TEXT)).fold(0.0, f64::max);
    let [left, top, right, bottom] = svg.area;
    let room = (longest + 30.0).min(0.35 * (right - left));
    let x = right - room + 8.0;
    svg.area[2] = right - room;
    let lines = (((bottom - top) / LINE) as usize).max(1);
    let shown = if names.len() > lines { lines - 1 } else { names.len() };
    let quiet = svg.theme.quiet;
    for (i, name) in names.iter().enumerate().take(shown) {
        let y = top + (i as f64 + 0.5) * LINE;
        let color = colors.get(i).copied().unwrap_or(style.pale);
        svg.add(format_args!(
            "<rect class=\"swatch\" x=\"{x:.1}\" y=\"{:.1}\" width=\"10\" height=\"10\" rx=\"2\" fill=\"{color}\"/>",
            y - 5.0
        ));
        svg.text([x + 16.0, y], name, Anchor::Start);
        svg.text_of([right, y], &counts[i].to_string(), Anchor::End, quiet, TEXT);
    }
    if shown < names.len() {
        let y = top + (shown as f64 + 0.5) * LINE;
        svg.text_of([x + 16.0, y], &format!("and {} more", names.len() - shown), Anchor::Start, quiet, TEXT);
    }
}

//! Cells in a plane as an SVG document: with simulated paths, with velocity, or with predictions over what was observed.

mod legend;
mod overlay;
mod shown;

pub use shown::{Joined, Over, Shown, shown};

use super::arrows::{self, Shape};
use super::cells::{self, ColorBy, Ink, Style, dots, names, radius};
use super::embed::data_address;
use super::flow::Flow;
use super::labels::{shorten, width};
use super::palette::Rgb;
use super::points::{Dot, Image};
use super::scatter::{Bounds, Camera, Viewport, pairs};
use super::svg::{Anchor, Format, Svg, TEXT, line_through};
use crate::protocol::{Cells, DatasetSummary, Simulation, SpaceId, VelocityField};
use crate::{Error, Result};

/// More cells than this become pixels within the document.
pub const CIRCLES: usize = 20_000;
/// Pixels of such a picture a pixel of the document.
const SHARPNESS: f64 = 2.0;
/// Space between the outermost cells and the edge.
const PADDING: f64 = 24.0;
/// Width of the outline of selected cells.
const OUTLINE: f32 = 0.6;
/// How much larger they are than others.
const LARGER: f32 = 1.3;

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
    let time = (color_by != ColorBy::Time).then_some(time);
    shown(plane, &Shown::new(Style::new(plane.dataset, color_by, time, format.dark)), format)
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
    legend::of_groups(&mut svg, plane, &style);
    let mut sheet = Sheet::new(&mut svg, plane, None);
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
    let style = Style::new(plane.dataset, ColorBy::Type, Some(velocity.query.time), format.dark);
    shown(plane, &Shown { over: Over::Velocity(velocity, Flow::Grid), ..Shown::new(style) }, format)
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
        ..Cells::default()
    };
    let theme = svg.theme;
    let style = Style {
        color_by: ColorBy::Type,
        types: vec![theme.pale],
        times: Vec::new(),
        pale: theme.pale,
        time: None,
        sample: None,
        focus: None,
        hidden: Vec::new(),
        shades: None,
        selected: None,
        radius: 0.0,
        ink: Ink::default(),
    };
    let before = std::mem::replace(&mut svg.area, area);
    let mut sheet = Sheet::new(svg, plane, None);
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
    /// The viewport that shows everything.
    whole: Viewport,
}

impl<'a> Sheet<'a> {
    /// Opens the group of the plane: all of it, or the part that the camera sees.
    fn new(svg: &'a mut Svg, plane: &Plane, camera: Option<Camera>) -> Self {
        let [left, top, right, bottom] = svg.area;
        let size = [(right - left).max(40.0), (bottom - top).max(40.0)];
        let bounds = Bounds::around(pairs(&plane.cells.positions), 0.01);
        let whole = Viewport::fit(bounds, size, PADDING.min(0.1 * size[0].min(size[1])));
        let viewport = camera.map_or(whole, |camera| camera.viewport(whole));
        let [width, height] = size;
        let clip = if camera.is_some() { " clip-path=\"url(#plane)\"" } else { "" };
        if camera.is_some() {
            svg.add(format_args!(
                "<clipPath id=\"plane\"><rect width=\"{width:.1}\" height=\"{height:.1}\"/></clipPath>"
            ));
        }
        svg.add(format_args!("<g transform=\"translate({left:.1},{top:.1})\"{clip}>"));
        Self { svg, bounds, viewport, whole }
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
        // Larger as one looks closer.
        let closer = (self.viewport.scale / self.whole.scale).max(1.0).powf(0.4);
        let style = Style { radius: closer * radius(self.viewport.size, loud), ..style.clone() };
        let [width, height] = self.viewport.size;
        let (near, viewport) = (4.0 * style.radius, self.viewport);
        let seen = |i: usize| {
            let [x, y] = viewport.project(points.get(i)?.map(f64::from));
            ((-near..=width + near).contains(&x) && (-near..=height + near).contains(&y)).then_some([x, y])
        };
        let selected = |i: usize| style.selected.as_ref().is_some_and(|all| all.get(i) == Some(&true));
        let ink = self.svg.theme.ink;
        self.svg.add(format_args!("<g class=\"cells\" opacity=\"{opacity}\">"));
        if points.len() > CIRCLES {
            let mut image = Image::new((width * SHARPNESS).ceil() as usize, (height * SHARPNESS).ceil() as usize);
            dots(cells, &style, |i, mut dot| {
                let Some(at) = seen(i) else { return };
                let at = at.map(|c| (c * SHARPNESS) as f32);
                if selected(i) {
                    dot.radius *= LARGER;
                    image.dot(at, Dot { radius: (dot.radius + OUTLINE) * SHARPNESS as f32, color: ink, alpha: 1.0 });
                }
                dot.radius *= SHARPNESS as f32;
                image.dot(at, dot);
            });
            self.svg.add(format_args!(
                "<image width=\"{}\" height=\"{}\" href=\"{}\"/>",
                image.width() as f64 / SHARPNESS,
                image.height() as f64 / SHARPNESS,
                data_address(&image)?,
            ));
        } else {
            dots(cells, &style, |i, mut dot| {
                let Some([x, y]) = seen(i) else { return };
                let mut outline = String::new();
                if selected(i) {
                    dot.radius *= LARGER;
                    outline = format!(" stroke=\"{ink}\" stroke-width=\"{OUTLINE}\"");
                }
                self.svg.add(format_args!(
                    "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{:.2}\" fill=\"{}\" fill-opacity=\"{}\"{outline}/>",
                    dot.radius, dot.color, dot.alpha
                ));
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
        let [right, bottom] = self.viewport.size;
        let seen = |name: &cells::Name| (0.0..=right).contains(&name.at[0]) && (0.0..=bottom).contains(&name.at[1]);
        let all = names(cells, &all, &self.viewport, None, group, |text| width(text, TEXT));
        for name in all.into_iter().filter(seen) {
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

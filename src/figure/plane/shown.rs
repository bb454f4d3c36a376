//! Cells with everything that a page shows over them.

use super::{Plane, Sheet, legend};
use crate::figure::cells::{ColorBy, Style};
use crate::figure::field::Grid;
use crate::figure::flow::Flow;
use crate::figure::hearing::Listening;
use crate::figure::moving::Marker;
use crate::figure::path::group_words;
use crate::figure::scatter::{Camera, pairs};
use crate::figure::svg::{Format, Svg};
use crate::figure::{arrows, time_axis};
use crate::protocol::{DriftPart, LeastActionPath, Simulation, VelocityField};
use crate::{Error, Result};

/// What is drawn.
#[derive(Clone, Debug)]
pub struct Shown<'a> {
    /// How the cells look: colours, the time point that stands out, the selection. Its radius does not count.
    pub style: Style,
    /// The part of the plane that is seen; none: all of it.
    pub camera: Option<Camera>,
    /// What lies over the cells.
    pub over: Over<'a>,
    /// A cell with those that it is joined with.
    pub joined: Option<Joined<'a>>,
    /// A path between two groups of cells.
    pub path: Option<&'a LeastActionPath>,
}

/// What lies over the cells.
#[derive(Clone, Debug)]
pub enum Over<'a> {
    /// Nothing.
    Nothing,
    /// The velocity of a time point, drawn in this way; particles are drawn as the lines along which they drift.
    Velocity(&'a VelocityField, Flow),
    /// Simulated cells at a time in index units.
    Moving(Vec<(Marker, &'a Simulation)>, f64),
}

/// A cell, who it listens to and who listens to it.
#[derive(Clone, Copy, Debug)]
pub struct Joined<'a> {
    /// The cell.
    pub cell: u32,
    /// Its senders.
    pub listens_to: &'a Listening,
    /// Its receivers.
    pub heard_by: &'a Listening,
}

impl Shown<'_> {
    /// Only the cells.
    #[must_use]
    pub fn new(style: Style) -> Self {
        Self { style, camera: None, over: Over::Nothing, joined: None, path: None }
    }
}

/// Cells as a page shows them.
///
/// # Errors
/// The velocity is not of this dataset, or the picture is too large for the memory.
pub fn shown(plane: &Plane, shown: &Shown, format: &Format) -> Result<String> {
    let Shown { style, camera, over, joined, path } = shown;
    let all = pairs(&plane.cells.positions);
    let mut svg = Svg::new(format, &caption(plane, shown));
    match (&style.shades, style.color_by.is_value()) {
        (Some(shades), true) => legend::of_shades(&mut svg, shades),
        (None, true) => {}
        _ => legend::of_groups(&mut svg, plane, style),
    }
    let mut sheet = Sheet::new(&mut svg, plane, *camera);
    let style = Style { radius: 0.0, ..style.clone() };
    sheet.cells(plane.cells, &style, if matches!(over, Over::Nothing) { 0.8 } else { 0.65 })?;
    sheet.density(&style.density(plane.cells));
    match over {
        Over::Nothing => {}
        Over::Velocity(field, flow) => {
            let at: Option<Vec<[f32; 2]>> = field.cells.iter().map(|&i| all.get(i as usize).copied()).collect();
            let vectors = pairs(&field.vectors);
            let at = at.filter(|at| at.len() == vectors.len());
            let at = at.ok_or_else(|| Error::request("The velocity is not of these cells"))?;
            let grid = Grid::new(&at, vectors, sheet.bounds, &arrows::grid_options(sheet.bounds, &sheet.whole));
            sheet.flow(*flow, &grid, &at, vectors);
        }
        Over::Moving(played, time) => sheet.moving(played, *time, &style),
    }
    if let Some(path) = path {
        sheet.path(path);
    }
    if let Some(joined) = joined {
        sheet.joined(joined, all);
    }
    if !style.color_by.is_value() {
        sheet.names(plane, &style);
    }
    sheet.axes(plane);
    sheet.close();
    Ok(svg.finish())
}

/// The document in words.
fn caption(plane: &Plane, shown: &Shown) -> String {
    let style = &shown.style;
    let time = style.time.and_then(|time| plane.dataset.time_points.get(time)).map(|point| point.label.as_str());
    let (what, missing) = match (&style.shades, style.color_by) {
        (Some(shades), color_by) if color_by.is_value() => (shades.title.clone(), shades.missing()),
        (_, ColorBy::Time) => ("time point".into(), 0),
        _ => ("cell type".into(), 0),
    };
    let mut words = format!("{} observed cells, coloured by {what}", plane.dataset.cells);
    match (time, style.color_by) {
        (Some(time), ColorBy::Type) => words += &format!("; in colour: those at {time}"),
        (Some(time), _) => words += &format!("; those at {time} stand out"),
        _ => {}
    }
    words.push('.');
    if missing > 0 {
        words += &format!(" {missing} cells without a value are grey.");
    }
    if let Some(selected) = &style.selected {
        let count = selected.iter().filter(|selected| **selected).count();
        words += &format!(" {count} selected cells are outlined.");
    }
    if let Some(kind) = style.focus.and_then(|kind| plane.dataset.cell_types.get(kind)) {
        words += &format!(" All types but {} are faint.", kind.name);
    }
    if style.ink.contours {
        words += " Closed lines hold 25, 50, 75 and 90 % of the cells that stand out, where they are densest.";
    }
    if let Some(path) = shown.path {
        words += &path_words(plane, path);
    }
    let exact = match &shown.over {
        Over::Nothing => true,
        Over::Velocity(field, flow) => {
            words += &velocity_words(plane, field, *flow);
            field.exact || *flow == Flow::Off
        }
        Over::Moving(played, time) => {
            words += &moving_words(plane, played, *time);
            played.iter().all(|(_, simulation)| simulation.exact)
        }
    };
    if let Some(joined) = &shown.joined {
        words += &format!(
            " Whole lines come from the cells that the ringed cell listens to most ({}), dashed lines go to those that listen to it most ({}).",
            joined.listens_to.cells.len(),
            joined.heard_by.cells.len()
        );
    }
    if shown.camera.is_some() {
        words += " A part of the plane.";
    }
    words.push(' ');
    words + &plane.notes(exact && shown.path.is_none_or(|path| path.exact))
}

fn path_words(plane: &Plane, path: &LeastActionPath) -> String {
    let types: Vec<String> = plane.dataset.cell_types.iter().map(|kind| kind.name.clone()).collect();
    let labels: Vec<String> = plane.dataset.time_points.iter().map(|point| point.label.clone()).collect();
    let [from, to] = [&path.query.from, &path.query.to].map(|group| group_words(group, &types, &labels));
    format!(
        " Line with heads: the path of least action of {} from {from} to {to}; dashed: the straight line between their means.",
        path.query.model.name()
    )
}

fn velocity_words(plane: &Plane, field: &VelocityField, flow: Flow) -> String {
    let label = plane.dataset.time_points.get(field.query.time).map_or("", |point| point.label.as_str());
    let part = match field.query.part {
        DriftPart::Total => "velocity",
        DriftPart::Intrinsic => "intrinsic velocity",
        DriftPart::Interaction => "velocity from interaction",
        DriftPart::Differing => "velocity from interaction without its wind",
    };
    let wind = field.wind_words().unwrap_or_default();
    let count = field.cells.len();
    let drawn = match flow {
        Flow::Off => return String::new(),
        Flow::Grid => format!(" Arrows: mean {part} of the {count} cells at {label}, per sampling interval."),
        Flow::Cells => format!(" Arrows: {part} of single cells among the {count} at {label}, per sampling interval."),
        Flow::Lines | Flow::Particles => {
            format!(" Lines: along the mean {part} of the {count} cells at {label}; wider is faster.")
        }
    };
    format!("{drawn} {wind}").trim_end().to_owned()
}

fn moving_words(plane: &Plane, played: &[(Marker, &Simulation)], time: f64) -> String {
    let labels: Vec<String> = plane.dataset.time_points.iter().map(|point| point.label.clone()).collect();
    let at = time_axis::words(&labels, time);
    let count = |simulation: &Simulation| super::simulated_cells(simulation);
    if let [(Marker::Floor, _), others @ ..] = played {
        return moving_words(plane, others, time) + " Grey ground: where noise alone takes cells, under other seeds.";
    }
    match played {
        [] => String::new(),
        [(Marker::Plain, one)] => format!(" Dots with trails: {} simulated cells at {at}.", count(one)),
        [(marker, one)] => format!(" {}: {} simulated cells, {}, at {at}.", mark(*marker), count(one), marker.name()),
        [(first, one), (second, _), ..] => format!(
            " {} simulated cells at {at}: {} {}, {} {}.",
            count(one),
            mark(*first).to_lowercase(),
            first.name(),
            mark(*second).to_lowercase(),
            second.name()
        ),
    }
}

/// How a marker is called.
const fn mark(marker: Marker) -> &'static str {
    match marker {
        Marker::Plain => "Dots",
        Marker::Unchanged => "Rings",
        Marker::Changed => "Diamonds",
        Marker::Floor => "Grey ground",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::hearing::Listening;
    use crate::figure::scatter::Bounds;
    use crate::figure::shades::Shades;
    use crate::protocol::{CellType, Cells, DatasetSummary, SpaceId, TimePoint};
    use std::sync::Arc;

    fn three() -> (DatasetSummary, Cells) {
        let dataset = DatasetSummary {
            name: "three".into(),
            cells: 3,
            dimensions: 2,
            axis: "PC".into(),
            genes: 1,
            time_points: vec![TimePoint { label: "day 0".into(), value: Some(0.0), cells: 3 }],
            cell_types: vec![CellType { name: "all".into(), color: None, cells: 3 }],
            ..DatasetSummary::default()
        };
        let cells = Cells {
            positions: vec![0.0, 0.0, 1.0, 0.0, 1.0, 1.0].into(),
            times: vec![0; 3].into(),
            cell_types: vec![0; 3].into(),
            ..Cells::default()
        };
        (dataset, cells)
    }

    #[test]
    fn every_cell_has_its_colour_and_the_legend_its_names() {
        let (dataset, cells) = three();
        let plane = Plane { dataset: &dataset, cells: &cells, space: SpaceId::default() };
        let format = Format { size: [480.0, 320.0], dark: false, title: "title".into() };
        let draw = |color_by, shades: &Shades| {
            let style =
                Style { shades: Some(Arc::new(shades.clone())), ..Style::new(&dataset, color_by, Some(0), false) };
            shown(&plane, &Shown::new(style), &format).unwrap()
        };
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

    #[test]
    fn what_lies_over_the_cells_is_drawn_and_told() {
        let (dataset, cells) = three();
        let plane = Plane { dataset: &dataset, cells: &cells, space: SpaceId::default() };
        let format = Format { size: [480.0, 320.0], dark: false, title: String::new() };
        let plain = Shown::new(Style::new(&dataset, ColorBy::Type, Some(0), false));
        let draw = |it: &Shown| shown(&plane, it, &format).unwrap();
        assert!(draw(&plain).contains(">1 all</text>"), "a type has its number");

        let selected = Some(Arc::new(vec![true, false, true]));
        let chosen = draw(&Shown { style: Style { selected, ..plain.style.clone() }, ..plain.clone() });
        assert_eq!(chosen.matches("stroke-width=\"0.6\"").count(), 2, "{chosen}");
        assert!(chosen.contains("2 selected cells are outlined"));

        let simulation = Simulation {
            times: vec![0.0, 1.0].into(),
            positions: vec![0.0, 0.0, 1.0, 1.0].into(),
            exact: true,
            ..Simulation::default()
        };
        let over = Over::Moving(vec![(Marker::Unchanged, &simulation), (Marker::Changed, &simulation)], 0.5);
        let moving = draw(&Shown { over, ..plain.clone() });
        assert!(moving.contains("class=\"moving changed\"") && moving.contains("1 simulated cells at"), "{moving}");
        let over = vec![(Marker::Floor, &simulation), (Marker::Unchanged, &simulation), (Marker::Changed, &simulation)];
        let moving = draw(&Shown { over: Over::Moving(over, 1.0), ..plain.clone() });
        assert!(
            moving.contains("class=\"floor\"") && moving.contains("rings unchanged, diamonds changed. Grey ground:"),
            "{moving}"
        );

        let path = LeastActionPath {
            positions: vec![0.0, 0.0, 0.2, 1.0, 1.0, 1.0].into(),
            straight: vec![0.0, 0.0, 0.5, 0.5, 1.0, 1.0].into(),
            exact: false,
            ..LeastActionPath::default()
        };
        let between = draw(&Shown { path: Some(&path), ..plain.clone() });
        assert!(
            between.contains("class=\"least-action\"") && between.contains("from all cells to all cells; dashed"),
            "{between}"
        );

        let heard = Listening { types: Vec::new(), cells: vec![(2, 1.0)] };
        let joined = Some(Joined { cell: 0, listens_to: &heard, heard_by: &heard });
        let lines = draw(&Shown { joined, ..plain.clone() });
        assert_eq!(lines.matches("stroke-dasharray").count(), 1, "{lines}");

        let bounds = Bounds::around(pairs(&cells.positions), 0.01);
        let camera = Some(Camera { bounds, center: [1.0, 1.0], zoom: 8.0 });
        let part = draw(&Shown { camera, ..plain.clone() });
        assert!(part.contains("clip-path") && part.contains("A part of the plane."));
        assert_eq!(part.matches("<circle").count(), 1, "only one cell is in sight: {part}");
    }

    #[test]
    fn velocity_is_drawn_as_it_is_chosen() {
        let (dataset, _) = three();
        let count = 400;
        let at = |i: usize| [(i % 20) as f32, (i / 20) as f32];
        let cells = Cells {
            positions: (0..count).flat_map(at).collect::<Vec<_>>().into(),
            times: vec![0; count].into(),
            cell_types: vec![0; count].into(),
            ..Cells::default()
        };
        let plane = Plane { dataset: &dataset, cells: &cells, space: SpaceId::default() };
        let format = Format { size: [480.0, 320.0], dark: true, title: String::new() };
        let field = VelocityField {
            query: crate::protocol::VelocityQuery {
                time: 0,
                space: SpaceId::default(),
                part: DriftPart::Intrinsic,
                model: crate::protocol::ModelKind::default(),
                sample: None,
            },
            cells: (0..count as u32).collect::<Vec<_>>().into(),
            vectors: [1.0, 0.5].repeat(count).into(),
            speeds: vec![1.0; count].into(),
            mean_speed: 1.0,
            wind: None,
            exact: true,
        };
        let style = Style::new(&dataset, ColorBy::Type, Some(0), true);
        let draw = |flow| {
            let shown_now = Shown { over: Over::Velocity(&field, flow), ..Shown::new(style.clone()) };
            shown(&plane, &shown_now, &format).unwrap()
        };
        for (flow, class, words) in [
            (Flow::Grid, "velocity", "mean intrinsic velocity"),
            (Flow::Cells, "velocity", "single cells"),
            (Flow::Lines, "stream", "wider is faster"),
            (Flow::Particles, "stream", "wider is faster"),
        ] {
            let svg = draw(flow);
            assert!(svg.contains(&format!("class=\"{class}\"")) && svg.contains(words), "{flow:?}: {svg}");
        }
        let query = crate::protocol::VelocityQuery { part: DriftPart::Interaction, ..field.query };
        let blown = VelocityField { query, wind: Some(0.9), ..field.clone() };
        let shown_now = Shown { over: Over::Velocity(&blown, Flow::Grid), ..Shown::new(style.clone()) };
        assert!(shown(&plane, &shown_now, &format).unwrap().contains("90 % of the interaction is one wind"));
        let off = draw(Flow::Off);
        assert!(!off.contains("class=\"velocity\"") && !off.contains("Arrows"), "{off}");
    }
}

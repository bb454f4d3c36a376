//! The cells as the page shows them, and the whole paths of simulated ones.

use super::Document;
use crate::{
    shown::{
        cells::{heard, selected},
        shades::shades,
    },
    state::{Flow, State},
};
use scimf::figure::cells::Style;
use scimf::figure::plane::{self, Joined, Over, Plane, Shown};
use scimf::figure::scatter::{Bounds, pairs};
use scimf::figure::shades::Scale;
use scimf::figure::svg::Format;
use scimf::protocol::{Simulation, VelocityField};
use std::sync::Arc;

/// Colours, part of the plane, selection, velocity or simulated cells, and the picked cell, all as they are seen now.
pub fn cells(state: State, format: &Format) -> Document {
    cells_at(state, state.playhead.get(), format)
}

/// The same with the simulated cells at a time, in index units; none for the observed ones.
pub fn cells_at(state: State, time: Option<f64>, format: &Format) -> Document {
    let dataset = state.dataset.get()?;
    let cells = &dataset.cells;
    let style = Style {
        types: state.type_colors(),
        shades: shades(state).map(|mut it| {
            if let Scale::Range { dark, .. } = &mut it.scale {
                *dark = format.dark;
            }
            Arc::new(it)
        }),
        selected: selected(state).map(Arc::new),
        ink: state.cells.ink.get(),
        hidden: state.attention.hidden.get(),
        sample: state.samples.chosen.get(),
        ..Style::new(&dataset.summary, state.color_by.get(), Some(state.time.get()), format.dark)
    };
    let played = time.map(|time| (simulations(state), time)).filter(|(played, _)| !played.is_empty());
    let field = if played.is_some() { None } else { velocity(state) };
    let over = match (&played, &field) {
        (Some((played, time)), _) => Over::Moving(played.iter().map(|(mark, it)| (*mark, &**it)).collect(), *time),
        (None, Some(field)) => Over::Velocity(field, state.cells.flow.get()),
        (None, None) => Over::Nothing,
    };
    let heard = heard(state);
    let joined = heard.as_ref().map(|it| Joined { cell: it.cell, listens_to: &it.listens_to, heard_by: &it.heard_by });
    let bounds = Bounds::around(pairs(&cells.positions), 0.01);
    let camera = state.cells.camera.get().filter(|camera| camera.bounds == bounds);
    let plane = Plane { dataset: &dataset.summary, cells, space: state.space.get() };
    let path = state.drawn_path();
    let shown = Shown { style, camera, over, joined, path: path.as_deref() };
    Some(plane::shown(&plane, &shown, format).map_err(|error| error.to_string()))
}

/// Observed cells with the whole paths of simulated ones; coloured by values, their types stand for them.
pub fn trajectories(state: State, format: &Format) -> Document {
    let (dataset, simulation) = (state.dataset.get()?, current_simulation(state)?);
    let color_by = Some(state.color_by.get()).filter(|color_by| !color_by.is_value()).unwrap_or_default();
    let plane = Plane { dataset: &dataset.summary, cells: &dataset.cells, space: state.space.get() };
    Some(plane::trajectories(&plane, color_by, &simulation, format).map_err(|error| error.to_string()))
}

/// What lies over the cells, for the title.
pub fn words(state: State) -> &'static str {
    use scimf::protocol::DriftPart;
    if state.playhead.with(Option::is_some) && !simulations(state).is_empty() {
        return "simulated cells";
    }
    match (velocity(state).filter(|_| state.cells.flow.get() != Flow::Off), state.part.get()) {
        (None, _) => "cells",
        (Some(_), DriftPart::Total) => "velocity",
        (Some(_), DriftPart::Intrinsic) => "intrinsic velocity",
        (Some(_), DriftPart::Interaction) => "velocity by interaction",
        (Some(_), DriftPart::Differing) => "velocity by interaction without its wind",
    }
}

/// The simulation, if it is in the plane that is shown.
pub fn current_simulation(state: State) -> Option<Arc<Simulation>> {
    let space = state.space.get();
    state.simulation.get().filter(|it| it.query.space == space)
}

/// Cells can be played in the plane that is shown.
pub fn is_moving(state: State) -> bool {
    !simulations(state).is_empty()
}

/// The simulated cells that are played in the plane that is shown.
fn simulations(state: State) -> Vec<(crate::state::Marker, Arc<Simulation>)> {
    let space = state.space.get();
    state.drawn().into_iter().filter(|(_, it)| it.query.space == space).collect()
}

fn velocity(state: State) -> Option<Arc<VelocityField>> {
    let (time, space) = (state.time.get(), state.space.get());
    crate::shown::velocity::drawn(state).filter(|it| it.query.time == time && it.query.space == space)
}

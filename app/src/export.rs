//! Figures that leave the page.

mod cell_mnn;
mod picture;

pub use picture::{address, png, revoke};

use crate::state::{ColorBy, State};
use crate::view::scatter::shades::shades;
use leptos::prelude::*;
use scimf::figure::plane::{self, Plane};
use scimf::figure::quantity::Quantity;
use scimf::figure::svg::Format;
use scimf::figure::{chord, comparison, composition, courses, curve, experiment, heatmap};
use scimf::protocol::DriftPart;
use std::sync::Arc;

/// A figure as a document: none while there is nothing to draw, or why it could not be drawn.
type Document = Option<Result<String, String>>;

/// A figure that can be saved.
pub struct Figure {
    /// How panels and file names call it.
    pub key: &'static str,
    /// Its name in the list.
    pub name: &'static str,
    /// What stands above it unless the user writes something else.
    title: fn(State) -> String,
    there: fn(State) -> bool,
    draw: fn(State, &Format) -> Document,
}

/// All of them, in the order of the list. A new figure is one entry here and a button in its panel.
pub const FIGURES: &[Figure] = &[
    Figure {
        key: "cells",
        name: "Cells",
        there: |state| state.dataset.with(Option::is_some),
        title: |state| titled(state, |_, time| format!("cells at {time}")),
        draw: cells,
    },
    Figure {
        key: "velocity",
        name: "Cells with velocity",
        there: |state| current_velocity(state).is_some(),
        title: |state| titled(state, |state, time| format!("{} at {time}", part(state))),
        draw: velocity,
    },
    Figure {
        key: "trajectories",
        name: "Cells with simulated trajectories",
        there: |state| current_simulation(state).is_some(),
        title: |state| titled(state, |_, _| "simulated trajectories".into()),
        draw: trajectories,
    },
    Figure {
        key: "chord",
        name: "Who listens to whom: chord",
        there: |state| current_communication(state).is_some(),
        title: |state| titled(state, |_, time| format!("who listens to whom at {time}")),
        draw: |state, format| pairs(state, |dataset, answer| chord::to_svg(dataset, answer, Quantity::Mean, format)),
    },
    Figure {
        key: "matrix",
        name: "Who listens to whom: matrix",
        there: |state| current_communication(state).is_some(),
        title: |state| titled(state, |_, time| format!("who listens to whom at {time}")),
        draw: |state, format| pairs(state, |dataset, answer| heatmap::to_svg(dataset, answer, Quantity::Mean, format)),
    },
    Figure {
        key: "enrichment",
        name: "Who listens to whom: enrichment",
        there: |state| current_communication(state).is_some(),
        title: |state| titled(state, |_, time| format!("who listens to whom at {time}, beyond abundance")),
        draw: |state, format| {
            pairs(state, |dataset, answer| heatmap::to_svg(dataset, answer, Quantity::Enrichment, format))
        },
    },
    Figure {
        key: "composition",
        name: "Composition of cell types over time",
        there: |state| fates(state).is_some(),
        title: |state| titled(state, |_, _| "composition of simulated and observed cells".into()),
        draw: |state, format| {
            fates(state)?;
            let dataset = state.dataset.get()?;
            let (simulated, observed) = (state.simulated_composition(), state.observed_composition());
            let confidence = state.label_confidence();
            Some(Ok(composition::to_svg(&simulated, &observed, &confidence, &dataset.summary, format)))
        },
    },
    Figure {
        key: "genes",
        name: "Genes along the simulation",
        there: |state| state.simulation.with(|it| it.as_ref().is_some_and(|it| !it.genes.is_empty())),
        title: |state| titled(state, |_, _| "genes in simulated cells".into()),
        draw: |state, format| {
            let simulation = state.simulation.get().filter(|it| !it.genes.is_empty())?;
            let names: Vec<String> = simulation.genes.iter().map(|course| state.genes.name(course.gene)).collect();
            Some(Ok(courses::to_svg(&simulation.genes, &simulation.times, &state.time_labels(), &names, format)))
        },
    },
    Figure {
        key: "experiment",
        name: "Experiment",
        there: |state| state.experiments.found.with(Option::is_some),
        title: |state| titled(state, |_, _| "experiment".into()),
        draw: |state, format| {
            let found = state.experiments.found.get()?;
            let names = state.genes.names.get();
            Some(Ok(experiment::to_svg(&found.experiment, &state.type_names(), &names, format)))
        },
    },
    Figure {
        key: "loss",
        name: "Training loss",
        there: |state| !state.shown().updates.with(Vec::is_empty),
        title: |state| titled(state, |_, _| "training loss".into()),
        draw: loss,
    },
    Figure {
        key: "evaluation",
        name: "Held-out evaluation",
        there: evaluated,
        title: |state| {
            let components = state.evaluation.with(|it| it.as_ref().and_then(|it| it.settings.components));
            let measure = components.map_or_else(String::new, |count| format!(", first {count} components"));
            titled(state, |_, _| format!("held-out evaluation{measure}"))
        },
        draw: evaluation,
    },
    cell_mnn::OPERATOR,
    cell_mnn::EIGENVALUES,
    cell_mnn::OPERATORS,
    cell_mnn::GENE_NETWORK,
    cell_mnn::WHY,
    cell_mnn::LINEARISATION,
    cell_mnn::WAYS,
    cell_mnn::PERTURBATION,
    cell_mnn::PERTURBED_GENES,
];

impl Figure {
    /// The figure of this key, or the first.
    pub fn of(key: &str) -> &'static Self {
        FIGURES.iter().find(|figure| figure.key == key).unwrap_or(&FIGURES[0])
    }

    /// What stands above it unless the user writes something else.
    pub fn title(&self, state: State) -> String {
        (self.title)(state)
    }

    /// The figure of what the page shows now; follows the signals that it reads.
    pub fn draw(&self, state: State, format: &Format) -> Document {
        (self.draw)(state, format)
    }

    /// Whether there is something to draw.
    pub fn available(&self, state: State) -> bool {
        (self.there)(state)
    }
}

/// The drawing of the cells that the page shows now.
pub fn cells_as_shown(state: State) -> &'static str {
    if state.playhead.with(Option::is_some) && current_simulation(state).is_some() {
        "trajectories"
    } else if current_velocity(state).is_some() {
        "velocity"
    } else {
        "cells"
    }
}

fn titled(state: State, words: impl Fn(State, &str) -> String) -> String {
    state.dataset.with(|dataset| {
        let Some(dataset) = dataset else { return String::new() };
        let time = dataset.summary.time_points.get(state.time.get()).map_or("", |time| time.label.as_str());
        format!("{}: {}", dataset.summary.name, words(state, time))
    })
}

fn part(state: State) -> &'static str {
    match state.part.get() {
        DriftPart::Total => "velocity",
        DriftPart::Intrinsic => "intrinsic velocity",
        DriftPart::Interaction => "velocity by interaction",
    }
}

fn current_velocity(state: State) -> Option<Arc<scimf::protocol::VelocityField>> {
    let (time, space) = (state.time.get(), state.space.get());
    state.velocity.get().filter(|it| it.query.time == time && it.query.space == space)
}

fn current_simulation(state: State) -> Option<Arc<scimf::protocol::Simulation>> {
    let space = state.space.get();
    state.simulation.get().filter(|it| it.query.space == space)
}

fn current_communication(state: State) -> Option<Arc<scimf::protocol::Communication>> {
    let types = state.dataset.with(|it| it.as_ref().map(|it| it.summary.cell_types.len()))?;
    let time = state.time.get();
    state.communication.get().filter(|it| it.query.time == time && it.cells.len() == types)
}

/// What the cells of a document are coloured by: their values are not drawn there, so their types stand for them.
fn by_group(state: State) -> ColorBy {
    Some(state.color_by.get()).filter(|color_by| !color_by.is_value()).unwrap_or_default()
}

fn fates(state: State) -> Option<()> {
    state.simulation.with(|it| it.as_ref().and_then(|it| it.fates.as_ref()).map(|_| ()))
}

/// Draws in the plane of the page.
fn in_plane(state: State, draw: impl FnOnce(&Plane) -> Result<String, String>) -> Document {
    let dataset = state.dataset.get()?;
    Some(draw(&Plane { dataset: &dataset.summary, cells: &dataset.cells, space: state.space.get() }))
}

fn cells(state: State, format: &Format) -> Document {
    let (color_by, time) = (state.color_by.get(), state.time.get());
    let shades = color_by.is_value().then(|| shades(state)).flatten();
    in_plane(state, |plane| {
        let drawn = match shades {
            Some(shades) => plane::colored(plane, color_by, Arc::new(shades), Some(time), format),
            None => plane::observed(plane, by_group(state), time, format),
        };
        drawn.map_err(|error| error.to_string())
    })
}

fn velocity(state: State, format: &Format) -> Document {
    let field = current_velocity(state)?;
    in_plane(state, |plane| plane::velocity(plane, &field, format).map_err(|error| error.to_string()))
}

fn trajectories(state: State, format: &Format) -> Document {
    let (simulation, color_by) = (current_simulation(state)?, by_group(state));
    in_plane(state, |plane| {
        plane::trajectories(plane, color_by, &simulation, format).map_err(|error| error.to_string())
    })
}

fn pairs(
    state: State,
    draw: impl FnOnce(&scimf::protocol::DatasetSummary, &scimf::protocol::Communication) -> String,
) -> Document {
    let (dataset, answer) = (state.dataset.get()?, current_communication(state)?);
    Some(Ok(draw(&dataset.summary, &answer)))
}

fn loss(state: State, format: &Format) -> Document {
    let labels = state.time_labels();
    let name = |time: &usize| labels.get(*time).cloned().unwrap_or_else(|| format!("time {}", time + 1));
    let times: Vec<String> = state.shown().training_times.with(|times| times.iter().map(name).collect());
    let model = state.models.chosen.get();
    state.shown().updates.with(|updates| {
        (!updates.is_empty()).then(|| {
            let curve = curve::LossCurve { updates, times: &times, model, dark: format.dark };
            curve::to_svg(&curve, format).map_err(|error| error.to_string())
        })
    })
}

fn evaluated(state: State) -> bool {
    state.evaluation.with(|it| it.as_ref().is_some_and(|it| !it.table.held_out.is_empty()))
}

fn evaluation(state: State, format: &Format) -> Document {
    state.evaluation.with(|it| {
        let it = it.as_ref().filter(|it| !it.table.held_out.is_empty())?;
        // The plane in which its predictions came; it stays as it was then.
        let plane = Plane { dataset: &it.dataset.summary, cells: &it.dataset.cells, space: it.settings.space };
        let over = (&plane, it.predictions.as_slice());
        Some(comparison::to_svg(&it.table, Some(over), format).map_err(|error| error.to_string()))
    })
}

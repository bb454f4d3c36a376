//! Figures that leave the page.

mod attention;
mod film;
mod operators;
mod picture;
mod plane;
mod report;

pub use attention::as_shown;
pub use film::{PICTURES, film};
pub use picture::{address, film_address, png, revoke};
pub use plane::is_moving;
pub use report::report;

use crate::{shown, state::State};
use scimf::figure::plane::Plane;
use scimf::figure::svg::Format;
use scimf::figure::{comparison, composition, courses, curve, evidence, experiment, landscape, type_flow};

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

/// The landscape of a model with a potential.
const LANDSCAPE: Figure = Figure {
    key: "landscape",
    name: "Landscape",
    there: |state| shown::landscape::terrain(state).is_some(),
    title: |state| {
        titled(state, |state, time| format!("{} at {time}", shown::landscape::name(shown::landscape::view(state))))
    },
    draw: |state, format| {
        let terrain = shown::landscape::terrain(state)?;
        Some(Ok(landscape::to_svg(&terrain.figure(format.dark), &shown::landscape::sentence(state), format)))
    },
};

/// All of them, in the order of the list. A new figure is one entry here and a button in its panel.
pub const FIGURES: &[Figure] = &[
    Figure {
        key: "cells",
        name: "Cells as shown",
        there: |state| state.dataset.with(Option::is_some),
        title: |state| titled(state, |state, time| format!("{} at {time}", plane::words(state))),
        draw: plane::cells,
    },
    Figure {
        key: "trajectories",
        name: "Whole paths of simulated cells",
        there: |state| plane::current_simulation(state).is_some(),
        title: |state| titled(state, |_, _| "simulated trajectories".into()),
        draw: plane::trajectories,
    },
    Figure {
        key: "chord",
        name: "Who listens to whom: chord",
        there: |state| attention::seen(state).is_some(),
        title: acting,
        draw: attention::chord,
    },
    Figure {
        key: "matrix",
        name: "Who listens to whom: matrix",
        there: |state| attention::seen(state).is_some(),
        title: acting,
        draw: attention::matrix,
    },
    Figure {
        key: "enrichment",
        name: "Who listens to whom: enrichment",
        there: |state| attention::heard(state).is_some(),
        title: |state| {
            titled(state, |state, time| {
                format!("who listens to whom at {}, beyond abundance", attention::moment(state, time))
            })
        },
        draw: attention::enrichment,
    },
    Figure {
        key: "change",
        name: "Who listens to whom: change between two time points",
        there: |state| attention::compared(state).is_some(),
        title: |state| {
            titled(state, |state, time| {
                if let Some(sample) = state.samples.compared.get() {
                    let name = state.sample_names().get(sample).cloned().unwrap_or_default();
                    return format!("what differs in {name} at {time}");
                }
                let with = state.attention.compare.get().and_then(|with| state.time_labels().get(with).cloned());
                format!("what changes from {time} to {}", with.unwrap_or_default())
            })
        },
        draw: attention::change,
    },
    Figure {
        key: "cell-matrix",
        name: "Who listens to whom: single cells",
        there: |state| attention::current_cells(state).is_some(),
        title: |state| titled(state, |_, time| format!("attention between cells at {time}")),
        draw: attention::cells,
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
        key: "flows",
        name: "Flows between cell types",
        there: |state| fates(state).is_some(),
        title: |state| titled(state, |_, _| "flows between types of simulated cells".into()),
        draw: |state, format| {
            let dataset = state.dataset.get()?;
            let through = state.simulate.through.get();
            state.simulation.with(|it| {
                let fates = it.as_ref()?.fates.as_ref()?;
                Some(Ok(type_flow::to_svg(fates, &dataset.summary, through, format)))
            })
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
        key: "evidence",
        name: "Evidence: who acts on whom",
        there: |state| state.evidence.found.with(Option::is_some),
        title: |state| titled(state, |_, _| "evidence of who acts on whom".into()),
        draw: |state, format| {
            let (found, dataset) = (state.evidence.found.get()?, state.dataset.get()?);
            Some(Ok(evidence::to_svg(&found, &dataset.summary, format)))
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
    LANDSCAPE,
    operators::OPERATOR,
    operators::EIGENVALUES,
    operators::OPERATORS,
    operators::GENE_NETWORK,
    operators::WHY,
    operators::LINEARISATION,
    operators::WAYS,
    operators::PERTURBATION,
    operators::PERTURBED_GENES,
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

fn titled(state: State, words: impl Fn(State, &str) -> String) -> String {
    state.dataset.with(|dataset| {
        let Some(dataset) = dataset else { return String::new() };
        let time = dataset.summary.time_points.get(state.time.get()).map_or("", |time| time.label.as_str());
        format!("{}: {}", dataset.summary.name, words(state, time))
    })
}

/// The title of a chord or a matrix: of evidence, or of attention at a time.
fn acting(state: State) -> String {
    titled(state, |state, time| match state.attention.quantity.get().told() {
        Some(number) => format!("who acts on whom, {}", number.name()),
        None => format!("who listens to whom at {}", attention::moment(state, time)),
    })
}

fn fates(state: State) -> Option<()> {
    state.simulation.with(|it| it.as_ref().and_then(|it| it.fates.as_ref()).map(|_| ()))
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

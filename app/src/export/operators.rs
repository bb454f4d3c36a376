//! Figures of what is read off operators.

use super::{Document, Figure, titled};
use crate::{
    shown::{linearisation, perturbation, why},
    state::State,
};
use scimf::figure::svg::Format;
use scimf::figure::trails::{self, Trails};
use scimf::figure::{eigenvalues, gene_network, lines, operator, operator_grid, ranked_bars};

/// The operator that the panel shows.
pub const OPERATOR: Figure = Figure {
    key: "operator",
    name: "Operators: one operator",
    there: |state| state.operators.operator.with(Option::is_some),
    title: |state| titled(state, |_, _| "operator".into()),
    draw: |state, format| {
        let found = state.operators.operator.get()?;
        let whose = state.operator_words(found.of, found.cells);
        let axis = state.dataset.get()?.summary.axis.clone();
        Some(Ok(operator::to_svg(&found, &axis, &whose, state.time_unit().as_ref(), format)))
    },
};

/// The eigenvalues of the time point.
pub const EIGENVALUES: Figure = Figure {
    key: "eigenvalues",
    name: "Operators: eigenvalues",
    there: |state| state.operators.spectrum.with(Option::is_some),
    title: |state| titled(state, |_, time| format!("eigenvalues of the cells' operators at {time}")),
    draw: spectrum,
};

/// Mean operators by type and time.
pub const OPERATORS: Figure = Figure {
    key: "operators",
    name: "Operators: operators over time",
    there: |state| state.operators.means.with(Option::is_some),
    title: |state| titled(state, |_, _| "mean operators by type and time".into()),
    draw: |state, format| {
        let (means, dataset) = (state.operators.means.get()?, state.dataset.get()?);
        Some(Ok(operator_grid::to_svg(&means, &dataset.summary, format)))
    },
};

/// The strongest gene interactions.
pub const GENE_NETWORK: Figure = Figure {
    key: "gene-network",
    name: "Operators: gene interactions",
    there: |state| state.operators.network.with(Option::is_some),
    title: |state| titled(state, |_, _| "gene interactions".into()),
    draw: |state, format| {
        let network = state.operators.network.get()?;
        let whose = state.operator_words(network.query.of, network.cells);
        Some(Ok(gene_network::to_svg(&network, &state.genes.names.get(), &whose, state.operator_components(), format)))
    },
};

/// Why the chosen gene rises or falls.
pub const WHY: Figure = Figure {
    key: "why",
    name: "Operators: why a gene changes",
    there: |state| state.operators.why.with(Option::is_some),
    title: |state| {
        let gene = state.operators.why.get().map_or_else(String::new, |why| state.genes.name(why.query.gene));
        titled(state, |_, _| format!("why {gene} changes"))
    },
    draw: |state, format| {
        let it = state.operators.why.get()?;
        let caption = format!("{} {}", why::sentence(state, &it), gene_network::mixture(state.operator_components()));
        Some(Ok(ranked_bars::to_svg(&why::bars(state, &it), Some(it.control.into()), &caption, format)))
    },
};

/// The gap between frozen and re-encoded trajectories.
pub const LINEARISATION: Figure = Figure {
    key: "linearisation",
    name: "Operators: frozen and re-encoded, gap",
    there: |state| state.operators.linearisation.with(Option::is_some),
    title: |state| titled(state, |_, _| "what freezing the operator costs".into()),
    draw: |state, format| {
        let it = state.operators.linearisation.get()?;
        let (caption, labels) = (linearisation::sentence(state, &it), state.time_labels());
        let curves = linearisation::curves(&it);
        Some(Ok(lines::to_svg(&curves, &it.times, &labels, linearisation::UNIT, &caption, format)))
    },
};

/// Frozen and re-encoded trajectories in the plane.
pub const WAYS: Figure = Figure {
    key: "ways",
    name: "Operators: frozen and re-encoded, trajectories",
    there: |state| state.operators.linearisation.with(Option::is_some),
    title: |state| titled(state, |_, _| "frozen and re-encoded trajectories".into()),
    draw: |state, format| {
        let (it, dataset) = (state.operators.linearisation.get()?, state.dataset.get()?);
        let ground = &dataset.cells.positions;
        let names = linearisation::WAYS;
        let trails = Trails { ground, cells: it.cells.len(), first: &it.frozen, second: &it.reencoded, names };
        Some(Ok(trails::to_svg(&trails, &linearisation::sentence(state, &it), format)))
    },
};

/// Trajectories with and without a gene set.
pub const PERTURBATION: Figure = Figure {
    key: "perturbation",
    name: "Operators: a gene set, trajectories",
    there: |state| state.operators.perturbation.with(Option::is_some),
    title: perturbed,
    draw: |state, format| {
        let (it, dataset) = (state.operators.perturbation.get()?, state.dataset.get()?);
        let ways = perturbation::ways(&it, &dataset.cells.positions);
        Some(Ok(trails::to_svg(&ways, &perturbation::sentence(state, &it), format)))
    },
};

/// The genes that a gene changes when it is set.
pub const PERTURBED_GENES: Figure = Figure {
    key: "perturbed-genes",
    name: "Operators: a gene set, changed genes",
    there: |state| state.operators.perturbation.with(|it| it.as_ref().is_some_and(|it| !it.genes.is_empty())),
    title: perturbed,
    draw: |state, format| {
        let it = state.operators.perturbation.get()?;
        let caption = perturbation::sentence(state, &it);
        Some(Ok(ranked_bars::to_svg(&perturbation::bars(state, &it), None, &caption, format)))
    },
};

fn perturbed(state: State) -> String {
    let gene = state.operators.perturbation.get().map_or_else(String::new, |it| state.genes.name(it.query.gene));
    titled(state, |_, _| format!("{gene} set, as operators predict it"))
}

fn spectrum(state: State, format: &Format) -> Document {
    let (spectrum, dataset) = (state.operators.spectrum.get()?, state.dataset.get()?);
    let label = state.time_labels().get(spectrum.time).cloned().unwrap_or_default();
    let kind = |cell: u32| Some(*dataset.cells.cell_types.get(cell as usize)? as usize);
    let note = "To the right grows, to the left decays; up and down turns. Numbers stand at the middle of a type's fastest growing eigenvalues.";
    let (names, colors) = (state.type_names(), state.type_colors());
    Some(Ok(eigenvalues::to_svg(&spectrum, &names, &colors, kind, [&label, note], format)))
}

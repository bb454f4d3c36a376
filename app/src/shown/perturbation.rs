//! What setting a gene does, as trails, bars and in a sentence.

use crate::{state::State, words};
use scimf::figure::ranked_bars::Bar;
use scimf::figure::time_axis;
use scimf::figure::trails::Trails;
use scimf::protocol::Perturbation;

/// Genes that are drawn as bars; all are in the file.
pub const DRAWN: usize = 20;
/// What the two ways are, on every drawing.
pub const WAYS: [&str; 2] = ["gene set", "as it is"];

/// What the line measures.
pub const UNIT: &str = "mean distance, standardised components";

/// Both ways over the observed cells.
pub fn ways<'a>(it: &'a Perturbation, ground: &'a [f32]) -> Trails<'a> {
    Trails { ground, cells: it.cells.len(), first: &it.perturbed, second: &it.unperturbed, names: WAYS }
}

/// The genes as bars, the greatest rise first.
pub fn bars(state: State, it: &Perturbation) -> Vec<Bar> {
    let one = |change: &scimf::protocol::GeneChange| Bar {
        name: state.genes.name(change.gene),
        value: change.difference.into(),
    };
    let mut bars: Vec<Bar> = it.genes.iter().take(DRAWN).map(one).collect();
    bars.sort_by(|a, b| b.value.total_cmp(&a.value));
    bars
}

/// What was set, and how far it leads.
pub fn sentence(state: State, it: &Perturbation) -> String {
    let name = state.genes.name(it.query.gene);
    let labels = state.time_labels();
    let end = time_axis::words(&labels, it.times.last().map_or(0.0, |&time| time.into()));
    let start = labels.get(it.query.start.time).cloned().unwrap_or_default();
    let what = if it.query.factor == 0.0 { "set to 0".into() } else { format!("multiplied by {}", it.query.factor) };
    let ends = [it.shift.first(), it.shift.last()].map(|shift| words::number(shift.copied().unwrap_or(0.0)));
    let most = it
        .genes
        .first()
        .map_or_else(String::new, |change| format!(" Of the genes, {} changes most.", state.genes.name(change.gene)));
    format!(
        "With {name} {what} at {start}, {} cells are shifted by {} at once and by {} at {end}.{most} Linear, not causal.",
        words::count(it.cells.len()),
        ends[0],
        ends[1]
    )
}

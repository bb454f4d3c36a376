//! Who listens to whom as the page shows it: its types, colours, number and links.

use super::Document;
use crate::{
    shown::links,
    state::{AttentionView, State},
};
use scimf::figure::links::among;
use scimf::figure::pairs::Pairs;
use scimf::figure::quantity::Quantity;
use scimf::figure::svg::Format;
use scimf::figure::{cell_matrix, chord, heatmap};
use scimf::protocol::{CellMatrix, Communication};
use std::sync::Arc;

/// The figure of what the panel shows.
pub fn as_shown(state: State) -> &'static str {
    let comparing = compared(state).is_some();
    let told = state.attention.quantity.get().told().is_some();
    match state.attention.view.get() {
        AttentionView::Cells | AttentionView::Links if told => "matrix",
        AttentionView::Cells => "cell-matrix",
        _ if comparing => "change",
        AttentionView::Matrix => "matrix",
        AttentionView::Chord | AttentionView::Links => "chord",
    }
}

/// The chord diagram.
pub fn chord(state: State, format: &Format) -> Document {
    let (dataset, answer) = (state.dataset.get()?, seen(state)?);
    let mut pairs = pairs(state, state.attention.quantity.get());
    pairs.least = links::least(&answer, &pairs.types, state.attention);
    pairs.circle = Some(circle(state, &pairs));
    Some(Ok(chord::to_svg(&dataset.summary, &answer, &pairs, format)))
}

/// The matrix of the chosen number.
pub fn matrix(state: State, format: &Format) -> Document {
    let (dataset, answer) = (state.dataset.get()?, seen(state)?);
    Some(Ok(heatmap::to_svg(&dataset.summary, &answer, &pairs(state, state.attention.quantity.get()), format)))
}

/// The matrix of the enrichment, whatever number is chosen.
pub fn enrichment(state: State, format: &Format) -> Document {
    let (dataset, answer) = (state.dataset.get()?, heard(state)?);
    Some(Ok(heatmap::to_svg(&dataset.summary, &answer, &pairs(state, Quantity::Enrichment), format)))
}

/// What changes from the chosen to the compared time point.
pub fn change(state: State, format: &Format) -> Document {
    let (dataset, before, after) = (state.dataset.get()?, current(state)?, compared(state)?);
    let pairs = pairs(state, state.attention.quantity.get());
    Some(Ok(heatmap::change_to_svg(&dataset.summary, [&before, &after], &pairs, format)))
}

/// Attention between single cells.
pub fn cells(state: State, format: &Format) -> Document {
    let (dataset, answer) = (state.dataset.get()?, current_cells(state)?);
    let kind = |cell: &u32| dataset.cells.cell_types.get(*cell as usize).map_or(0, |&kind| kind as usize);
    let kinds: Vec<usize> = answer.cells.iter().map(kind).collect();
    let drawn = cell_matrix::to_svg(&dataset.summary, &answer, &kinds, &state.type_colors(), format);
    Some(drawn.map_err(|error| error.to_string()))
}

/// What the views show: the evidence, or attention.
pub fn seen(state: State) -> Option<Arc<Communication>> {
    if state.attention.quantity.get().told().is_some() { state.told() } else { heard(state) }
}

/// Attention of simulated cells while they move, unless two populations stand beside each other; else of the chosen time point.
pub fn heard(state: State) -> Option<Arc<Communication>> {
    let living = state.living().filter(|_| compared(state).is_none());
    living.map_or_else(|| current(state), |(_, answer)| Some(answer))
}

/// When that is, at a time point of this name or among simulated cells.
pub fn moment(state: State, time: &str) -> String {
    seen(state).and_then(|answer| state.moment_of(&answer)).unwrap_or_else(|| time.to_owned())
}

/// The attention at the chosen time point.
pub fn current(state: State) -> Option<Arc<Communication>> {
    let types = state.dataset.with(|it| it.as_ref().map(|it| it.summary.cell_types.len()))?;
    state.attention.at(state.time.get()).filter(|it| it.cells.len() == types)
}

/// The answer about the compared time point.
pub fn compared(state: State) -> Option<Arc<Communication>> {
    if state.attention.quantity.get().told().is_some() {
        return None;
    }
    let current = current(state)?;
    if state.samples.compared.get().is_some() {
        return state.beside();
    }
    let with = state.attention.compare.get().filter(|&with| with != current.query.time)?;
    state.attention.at(with)
}

/// The attention between cells of the chosen time point.
pub fn current_cells(state: State) -> Option<Arc<CellMatrix>> {
    let (time, score) = (state.time.get(), state.score.get());
    state.attention.cells.get().filter(|it| {
        let n = it.cells.len();
        n > 0
            && it.values.len() == n * n
            && it.query.time == time
            && it.query.score == score
            && it.query.sample == state.samples.chosen.get()
    })
}

/// The sum of weights that fills a circle, as on the page: one for all time points.
fn circle(state: State, pairs: &Pairs) -> f64 {
    let sum = |answer: Arc<Communication>| {
        let (cells, weights) = among(&answer, pairs.quantity, &pairs.types);
        chord::total(&chord::ChordInput { cells: &cells, weights: &weights }, pairs.hide_self)
    };
    let told = pairs.quantity.told().is_some();
    let answers = if told { state.told().into_iter().collect() } else { state.heard_anywhere() };
    let greatest = answers.into_iter().map(sum).fold(0.0, f64::max);
    pairs.quantity.circle(state.score.get(), pairs.types.len(), pairs.hide_self || told, greatest)
}

fn pairs(state: State, quantity: Quantity) -> Pairs {
    let count = state.type_names().len();
    Pairs {
        types: state.attention.hidden.with(|hidden| (0..count).filter(|kind| !hidden.contains(kind)).collect()),
        colors: state.type_colors(),
        quantity,
        hide_self: state.attention.hide_self.get(),
        least: 0.0,
        circle: None,
        determined: state.evidence.determined(),
        beyond: quantity.told().and_then(|number| state.evidence.beyond(number)),
        planted: state.planted_shown(),
    }
}

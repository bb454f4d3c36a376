//! What is asked about Cell-MNN's operators, as far as somebody can see the answer.

use super::follow;
use crate::{
    engine::{Engine, GENE_NETWORK, LINEARISATION, MEAN_OPERATORS, OPERATOR, PERTURBATION, SPECTRUM, WHY, beside},
    signals::Memo,
    state::{OperatorView, State, Tab},
};
use leptos::prelude::*;
use scimf::protocol::{ModelKind, SimulationQuery};

/// Keeps the answers as new as the weights.
pub fn keep_asking(state: State, engine: Engine) {
    let asks = Memo::new(move |_| state.ready() && state.has_weights_of(ModelKind::CellMnn) && state.shows_operators());
    let shows = move |view: OperatorView| asks.get() && state.operators.view.get() == view;
    let open = move |tab: Tab| asks.get() && state.dialogs.drawer.get() == Some(tab);
    let decodes = move || state.dataset.with(|it| it.as_ref().is_some_and(|it| it.summary.genes > 0));
    follow(state, engine, &OPERATOR, move || shows(OperatorView::Operator).then(|| state.operator_of()));
    follow(state, engine, &SPECTRUM, move || shows(OperatorView::Eigenvalues).then(|| state.time.get()));
    follow(
        state,
        engine,
        &MEAN_OPERATORS,
        // The strip shows them too.
        move || asks.get().then_some(()),
    );
    follow(state, engine, &LINEARISATION, move || open(Tab::Simulate).then(|| state.linearisation_query()));
    // After the shown model has answered, ask the other one to simulate the same cells.
    let simulated = Memo::new(move |_| state.simulation.with(|it| it.as_ref().map(|it| it.query.clone())));
    for kind in [ModelKind::ScImf, ModelKind::CellMnn] {
        let wanted = Memo::new(move |_| {
            let open = state.dialogs.drawer.get() == Some(Tab::Simulate);
            open && state.ready() && state.models.chosen.get() != kind && state.has_weights_of(kind)
        });
        follow(state, engine, &beside(kind), move || {
            let query = wanted.get().then(|| state.beside_query(kind))?;
            let same = |shown: &SimulationQuery| {
                SimulationQuery { model: kind, fates: true, genes: Vec::new(), ..shown.clone() } == query
            };
            simulated.with(|shown| shown.as_ref().is_some_and(same)).then(|| query.clone())
        });
    }
    follow(state, engine, &GENE_NETWORK, move || (open(Tab::Genes) && decodes()).then(|| state.network_query()));
    follow(state, engine, &WHY, move || if open(Tab::Genes) && decodes() { state.why_query() } else { None });
    follow(state, engine, &PERTURBATION, move || {
        if open(Tab::Experiments) && decodes() { state.perturbation_query() } else { None }
    });
}

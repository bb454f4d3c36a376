//! What is asked about operators, as far as somebody can see the answer.

use super::follow;
use crate::{
    engine::{Engine, GENE_NETWORK, LINEARISATION, MEAN_OPERATORS, OPERATOR, PERTURBATION, SPECTRUM, WHY},
    signals::Memo,
    state::{OperatorView, State, Tab},
};

/// Keeps the answers as new as the weights.
pub fn keep_asking(state: State, engine: Engine) {
    let asks = Memo::new(move |_| state.ready() && state.has_weights() && state.can().operators);
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
    follow(state, engine, &GENE_NETWORK, move || (open(Tab::Genes) && decodes()).then(|| state.network_query()));
    follow(state, engine, &WHY, move || if open(Tab::Genes) && decodes() { state.why_query() } else { None });
    follow(state, engine, &PERTURBATION, move || {
        if open(Tab::Experiments) && decodes() { state.perturbation_query() } else { None }
    });
}

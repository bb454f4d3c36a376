//! What is asked about Cell-MNN's operators, as far as somebody can see the answer.

use super::follow;
use crate::{
    engine::{Engine, Question},
    signals::Memo,
    state::{OperatorView, State},
    view::drawer::Tab,
};
use leptos::prelude::*;
use scimf::protocol::{Command, ModelKind, SimulationQuery};

/// Keeps the answers as new as the weights.
pub fn keep_asking(state: State, engine: Engine) {
    let asks = Memo::new(move |_| state.ready() && state.has_weights_of(ModelKind::CellMnn) && state.shows_operators());
    let shows = move |view: OperatorView| asks.get() && state.operators.view.get() == view;
    let open = move |tab: Tab| asks.get() && state.dialogs.drawer.get() == Some(tab);
    let decodes = move || state.dataset.with(|it| it.as_ref().is_some_and(|it| it.summary.genes > 0));
    follow(
        state,
        engine,
        Question::Operator,
        1000.0,
        move || shows(OperatorView::Operator).then(|| state.operator_of()),
        move |of| engine.read(Question::Operator, Command::Operator { of }),
    );
    follow(
        state,
        engine,
        Question::Spectrum,
        2000.0,
        move || shows(OperatorView::Eigenvalues).then(|| state.time.get()),
        move |time| engine.read(Question::Spectrum, Command::Spectrum { time }),
    );
    follow(
        state,
        engine,
        Question::MeanOperators,
        5000.0,
        // The strip shows them too.
        move || asks.get().then_some(()),
        move |()| engine.read(Question::MeanOperators, Command::MeanOperators),
    );
    follow(
        state,
        engine,
        Question::Linearisation,
        5000.0,
        move || open(Tab::Simulate).then(|| state.linearisation_query()),
        move |query| engine.read(Question::Linearisation, Command::Linearisation(query)),
    );
    // What the model that is not shown says of the same cells, once the shown one's are there.
    let simulated = Memo::new(move |_| state.simulation.with(|it| it.as_ref().map(|it| it.query.clone())));
    for kind in [ModelKind::ScImf, ModelKind::CellMnn] {
        let wanted = Memo::new(move |_| {
            let open = state.dialogs.drawer.get() == Some(Tab::Simulate);
            open && state.ready() && state.models.chosen.get() != kind && state.has_weights_of(kind)
        });
        follow(
            state,
            engine,
            Question::Beside(kind),
            10_000.0,
            move || {
                let query = wanted.get().then(|| state.beside_query(kind))?;
                let same = |shown: &SimulationQuery| {
                    SimulationQuery { model: kind, fates: true, genes: Vec::new(), ..shown.clone() } == query
                };
                simulated.with(|shown| shown.as_ref().is_some_and(same)).then(|| query.clone())
            },
            move |query| engine.read(Question::Beside(kind), Command::Simulate(query)),
        );
    }
    follow(
        state,
        engine,
        Question::GeneNetwork,
        5000.0,
        move || (open(Tab::Genes) && decodes()).then(|| state.network_query()),
        move |query| engine.read(Question::GeneNetwork, Command::GeneNetwork(query)),
    );
    follow(
        state,
        engine,
        Question::Why,
        2000.0,
        move || if open(Tab::Genes) && decodes() { state.why_query() } else { None },
        move |query| engine.read(Question::Why, Command::Why(query)),
    );
    follow(
        state,
        engine,
        Question::Perturbation,
        5000.0,
        move || if open(Tab::Experiments) && decodes() { state.perturbation_query() } else { None },
        move |query| engine.read(Question::Perturbation, Command::Perturbation(query)),
    );
}

//! What the scatter plot asks about single cells.

use super::follow;
use crate::prelude::*;
use crate::{
    engine::{CELL_ATTENTION, Engine, GENES, GROWTH, RECEIVERS, VALUES},
    state::{ColorBy, State},
};
use scimf::protocol::{CellQuery, ReceiverQuery, ValuesQuery};

/// Asks for names of genes and for values when a dataset or a colour is chosen, and for what depends on the weights as often as they change.
pub fn keep_asking(state: State, engine: Engine, asks: Memo<bool>) {
    Effect::new(move |_| {
        state.cells.opened.track();
        if state
            .dataset
            .with_untracked(|it| it.as_ref().is_some_and(|it| it.summary.genes > 0 || it.summary.measured.is_some()))
        {
            engine.ask(&GENES, ());
        }
    });
    let colored = Memo::new(move |_| match state.color_by.get() {
        ColorBy::Column(column) => Some(ValuesQuery::Column(column)),
        ColorBy::Gene(gene) => Some(ValuesQuery::Gene(gene)),
        ColorBy::Measured(gene) => Some(ValuesQuery::Measured(gene)),
        _ => None,
    });
    follow(state, engine, &GROWTH, move || {
        let there = state.ready() && state.has_weights_able(|can| can.operators);
        (there && state.color_by.get() == ColorBy::Growth).then_some(())
    });
    Effect::new(move |_| {
        state.cells.opened.track();
        let known = state.cells.values.with_untracked(|it| it.as_ref().map(|it| it.query));
        if let Some(query) = colored.get().filter(|query| Some(*query) != known) {
            engine.ask(&VALUES, query);
        }
    });
    follow(state, engine, &RECEIVERS, move || match state.color_by.get() {
        ColorBy::Receivers(sender) if asks.get() => Some(ReceiverQuery {
            time: state.time.get(),
            sender,
            score: state.score.get(),
            sample: state.samples.chosen.get(),
        }),
        _ => None,
    });
    follow(state, engine, &CELL_ATTENTION, move || {
        let cell = state.cells.picked.get().filter(|_| asks.get())?;
        Some(CellQuery { cell, score: state.score.get() })
    });
}

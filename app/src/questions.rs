//! What the views ask the engine, and when. The only effects that ask.

mod cells;
mod operators;
mod others;

use crate::{
    engine::{Engine, Question},
    page,
    signals::{Memo, RwSignal},
    state::{AttentionView, Played, State},
};
use leptos::prelude::*;
use scimf::protocol::{CellMatrixQuery, CommunicationQuery, SimulationQuery, VelocityQuery};
use std::time::Duration;

/// Types with fewer cells at a time point are left out of the chord.
const MINIMUM_CELLS: usize = 10;
/// How long the settings of a simulation rest before it is asked for: numbers are typed digit by digit.
const SETTLED: Duration = Duration::from_millis(350);
/// Most cells of the sample between which attention is shown.
const SAMPLED_CELLS: usize = 2000;

/// Keeps the answers in [`State`] in step with what is chosen and with the weights.
pub fn keep_asking(state: State, engine: Engine) {
    let simulation = settled(state);
    let asks = Memo::new(move |_| state.ready() && state.has_weights());
    let attends = Memo::new(move |_| state.ready() && state.attends());
    cells::keep_asking(state, engine, attends);
    operators::keep_asking(state, engine);
    follow(
        state,
        engine,
        Question::Velocity,
        1000.0,
        move || {
            asks.get().then(|| VelocityQuery {
                time: state.time.get(),
                space: state.space.get(),
                part: state.part.get(),
                model: state.models.chosen.get(),
            })
        },
        move |query| engine.velocity(query),
    );
    follow(
        state,
        engine,
        Question::Communication,
        1000.0,
        move || {
            attends.get().then(|| CommunicationQuery {
                time: state.time.get(),
                score: state.score.get(),
                minimum_cells: MINIMUM_CELLS,
            })
        },
        move |query| engine.communication(query),
    );
    follow(
        state,
        engine,
        Question::Simulation,
        10_000.0,
        move || {
            let wanted = state.simulation_query();
            (asks.get() && simulation.with(|rested| *rested == wanted)).then_some(wanted)
        },
        move |query| engine.simulate(query),
    );
    follow(
        state,
        engine,
        Question::CellMatrix,
        5000.0,
        move || {
            (attends.get() && state.attention.view.get() == AttentionView::Cells).then(|| CellMatrixQuery {
                time: state.time.get(),
                score: state.score.get(),
                cells: SAMPLED_CELLS,
            })
        },
        move |query| engine.cell_matrix(query),
    );
    others::keep_asking(state, engine, attends);
}

/// The settings of the simulation once they rest.
fn settled(state: State) -> RwSignal<SimulationQuery> {
    let simulation = RwSignal::new(untrack(|| state.simulation_query()));
    let mut settle = debounce(SETTLED, move |query| {
        let before = simulation.get_untracked();
        if before != query {
            // What was set last is what is played; genes and the space change no cell.
            let same = SimulationQuery {
                genes: before.genes.clone(),
                space: before.space,
                fates: before.fates,
                ..query.clone()
            };
            if before != same {
                state.experiments.played.set(Played::Simulation);
            }
            simulation.set(query);
        }
    });
    Effect::new(move |_| settle(state.simulation_query()));
    simulation
}

/// What was asked last.
#[derive(Clone)]
struct Asked<Q> {
    query: Q,
    weights: u32,
    at: f64,
    answered: Option<f64>,
}

/// The count of the weights on which an answer depends.
fn weights_behind(state: State, question: Question) -> u32 {
    let model = match question {
        Question::Beside(kind) => state.models.of(kind),
        Question::Velocity | Question::Simulation => state.shown(),
        question if question.about_operators() => state.models.cell_mnn,
        _ => state.models.scimf,
    };
    model.weights.get()
}

/// Asks a new query at once and repeats an old one when the weights have changed: after the answer came, and in training not before `rest`
/// milliseconds or four times as long as the answer took, so that drawing never takes more than a fifth of the engine's time per question.
fn follow<Q: Clone + PartialEq + Send + Sync + 'static>(
    state: State,
    engine: Engine,
    question: Question,
    rest: f64,
    query: impl Fn() -> Option<Q> + Send + Sync + 'static,
    ask: impl Fn(Q) + 'static,
) {
    let query = Memo::new(move |_| query());
    let alarm = RwSignal::new(());
    let timer = StoredValue::new_local(None::<TimeoutHandle>);
    let last = StoredValue::new_local(None::<Asked<Q>>);
    Effect::new(move |_| {
        alarm.track();
        let (weights, pending, query) = (weights_behind(state, question), engine.pending(question), query.get());
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
        let now = page::now();
        let Some(query) = query else { return last.set_value(None) };
        let due = match last.get_value() {
            Some(mut asked) if asked.query == query => {
                if pending || asked.weights == weights {
                    if !pending && asked.answered.is_none() {
                        asked.answered = Some(now);
                        last.set_value(Some(asked));
                    }
                    return;
                }
                let answered = *asked.answered.get_or_insert(now);
                let rest = if untrack(|| state.in_training()) { rest.max(4.0 * (answered - asked.at)) } else { 0.0 };
                last.set_value(Some(asked));
                answered + rest
            }
            _ => now,
        };
        if due > now {
            let wait = Duration::from_millis((due - now).ceil() as u64);
            timer.set_value(set_timeout_with_handle(move || alarm.set(()), wait).ok());
        } else {
            last.set_value(Some(Asked { query: query.clone(), weights, at: now, answered: None }));
            ask(query);
        }
    });
}

//! What the views ask the engine, and when. The only effects that ask.

mod beside;
mod cells;
mod evidence;
mod landscape;
mod operators;
mod others;
mod pace;
mod strength;
mod typing;

use crate::prelude::*;
use crate::{
    engine::{BESIDE_COMMUNICATION, CELL_MATRIX, COMMUNICATION, Engine, Row, SIMULATION, VELOCITY, Whose},
    page,
    state::{AttentionView, MINIMUM_CELLS, Played, State},
};
use scimf::protocol::{CellMatrixQuery, CommunicationQuery, SimulationQuery, VelocityQuery};
use std::time::Duration;

/// How long the settings of a simulation rest before it is asked for: numbers are typed digit by digit.
const SETTLED: Duration = Duration::from_millis(350);
/// Most cells of the sample between which attention is shown.
const SAMPLED_CELLS: usize = 2000;

/// Keeps the answers in [`State`] in step with what is chosen and with the weights.
pub fn keep_asking(state: State, engine: Engine) {
    let simulation = settled(state);
    let asks = Memo::new(move |_| state.ready() && state.has_weights());
    let attends = Memo::new(move |_| state.ready() && state.attends());
    let populated = Memo::new(move |_| state.has_cells(state.time.get(), state.samples.chosen.get()));
    cells::keep_asking(state, engine, attends);
    operators::keep_asking(state, engine);
    beside::keep_asking(state, engine);
    pace::keep_asking(state, engine);
    strength::keep_asking(state, engine);
    typing::keep_asking(state, engine);
    landscape::keep_asking(state, engine);
    evidence::keep_asking(state, engine);
    follow(state, engine, &VELOCITY, move || {
        (asks.get() && populated.get()).then(|| VelocityQuery {
            time: state.time.get(),
            space: state.space.get(),
            part: state.part.get(),
            model: state.models.chosen.get(),
            sample: state.samples.chosen.get(),
        })
    });
    follow(state, engine, &COMMUNICATION, move || {
        (attends.get() && populated.get()).then(|| CommunicationQuery {
            time: state.time.get(),
            score: state.score.get(),
            minimum_cells: MINIMUM_CELLS,
            sample: state.samples.chosen.get(),
        })
    });
    follow(state, engine, &SIMULATION, move || {
        let wanted = state.simulation_query();
        let rests = simulation.with(|rested| *rested == wanted);
        (asks.get() && rests && state.has_cells(wanted.start.time, wanted.start.sample)).then_some(wanted)
    });
    follow(state, engine, &CELL_MATRIX, move || {
        (attends.get() && populated.get() && state.attention.view.get() == AttentionView::Cells).then(|| {
            CellMatrixQuery {
                time: state.time.get(),
                score: state.score.get(),
                cells: SAMPLED_CELLS,
                sample: state.samples.chosen.get(),
            }
        })
    });
    follow(state, engine, &BESIDE_COMMUNICATION, move || {
        let (time, sample) = (state.time.get(), Some(state.samples.compared.get()?));
        let query = CommunicationQuery { time, score: state.score.get(), minimum_cells: MINIMUM_CELLS, sample };
        (attends.get() && state.has_cells(time, sample)).then_some(query)
    });
    others::keep_asking(state, engine, attends);
}

/// The settings of the simulation once they rest.
fn settled(state: State) -> RwSignal<SimulationQuery> {
    let simulation = RwSignal::new(untrack(|| state.simulation_query()));
    let mut settle = debounce(SETTLED, move |query| {
        let before = simulation.get_untracked();
        if before != query {
            // What was set last is what is played; genes, the space and the score of the attention change no cell.
            let same = SimulationQuery {
                genes: before.genes.clone(),
                space: before.space,
                attention: before.attention,
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

/// The count of the weights on which an answer rests.
fn weights_behind(state: State, whose: Whose) -> u32 {
    match whose {
        Whose::Shown => state.shown().weights.get(),
        Whose::Of(model) => state.models.of(model).weights.get(),
        Whose::Able(ability) => state.models.weights_of_able(ability),
        Whose::Nobody => 0,
    }
}

/// Asks a new query at once and repeats an old one when the weights have changed: after the answer came, and in training not before the row's
/// `rest` in milliseconds or four times as long as the answer took, so that drawing never takes more than a fifth of the engine's time per question.
fn follow<Q: Clone + PartialEq + Send + Sync + 'static>(
    state: State,
    engine: Engine,
    row: &Row<Q>,
    query: impl Fn() -> Option<Q> + Send + Sync + 'static,
) {
    let Row { question, command, rest } = *row;
    let query = Memo::new(move |_| query());
    let alarm = RwSignal::new(());
    let timer = StoredValue::new_local(None::<TimeoutHandle>);
    let last = StoredValue::new_local(None::<Asked<Q>>);
    Effect::new(move |_| {
        alarm.track();
        let (weights, pending, query) =
            (weights_behind(state, question.whose()), engine.pending(question), query.get());
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
            engine.ask(&Row { question, command, rest }, query);
        }
    });
}

//! Run, with what it costs; while it runs, its progress.

use crate::prelude::*;
use crate::{engine::Engine, state::State, view::work::WorkProgress, words};
use scimf::protocol::Recipe;

/// The button, and what stands in its way.
#[component]
pub fn Actions() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let running = Memo::new(move |_| state.experiments.running.with(Option::is_some));
    let obstacle = Memo::new(move |_| obstacle(state));
    view! {
        <div class="buttons" role="group" aria-label="Experiment">
            <button
                type="button"
                class="primary"
                // While it runs it keeps the focus of who pressed it, and does nothing.
                disabled=move || obstacle.with(Option::is_some) && !running.get()
                aria-disabled=move || running.get().then_some("true")
                aria-describedby="experiment-cost"
                on:click=move |_| {
                    if !running.get_untracked() {
                        engine.experiment(untrack(|| state.experiment_query()));
                    }
                }
            >
                "Run experiment"
            </button>
        </div>
        {move || {
            if running.get() {
                view! {
                    <div class="running">
                        <WorkProgress label="Progress of the experiment" stage=state.experiments.running/>
                        <button type="button" disabled=move || state.cancelling.get() on:click=move |_| engine.cancel()>
                            "Cancel experiment"
                        </button>
                    </div>
                }
                    .into_any()
            } else {
                view! {
                    <p class="quiet small" id="experiment-cost">{move || obstacle.get().unwrap_or_else(|| cost(state))}</p>
                }
                    .into_any()
            }
        }}
    }
}

/// Why nothing can be run now.
pub fn obstacle(state: State) -> Option<String> {
    let [start, end] = span(state);
    let engine = state.engine_obstacle("experiment");
    if engine.is_some() {
        return engine;
    }
    let words = if !state.has_weights() {
        "An experiment needs a model: train one or load weights."
    } else if state.experiments.choice.with(|choice| choice.changes.is_empty()) {
        "Add at least one change."
    } else if end <= start {
        "Choose an end that is later than the start."
    } else {
        return None;
    };
    Some(words.into())
}

/// Start and end in index units.
fn span(state: State) -> [f64; 2] {
    let query = state.experiment_query().simulation;
    let last = state.time_labels().len().saturating_sub(1) as f64;
    [query.start.time as f64, query.until.unwrap_or(last)]
}

/// How much is simulated.
fn cost(state: State) -> String {
    let query = state.experiment_query();
    let [start, end] = span(state);
    let intervals = end - start;
    let last = state.time_labels().len().saturating_sub(1).max(1) as f64;
    // A simulation is about a quarter of an update: the way there, without loss and way back.
    let model = query.simulation.model;
    let time = state.budgets.pace(model).map_or_else(String::new, |pace| {
        let as_many = Recipe::new(model).with("cells", query.simulation.cells);
        let each = 0.25 * pace.step(&as_many) * intervals / last;
        format!(" About {}.", words::duration((2.0 * f64::from(query.seeds) * each).max(1.0)))
    });
    format!(
        "{} pairs of simulations: {} × {} cells over {intervals} {}, in the background.{time}",
        query.seeds,
        2 * query.seeds,
        words::count(query.simulation.cells),
        if intervals == 1.0 { "interval" } else { "intervals" }
    )
}

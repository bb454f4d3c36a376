//! Does the model predict time points that it has not seen?

mod actions;
mod choices;
mod comparison;
mod predictions;
mod result;
mod table;

use crate::state::{Standing, State};
use actions::Actions;
use choices::Choices;
use leptos::{html, prelude::*};
use result::Outcome;
use web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition};

/// A drawer below everything else: closed, a line that says how the evaluation stands.
#[component]
pub fn Evaluate() -> impl IntoView {
    let state = expect_context::<State>();
    let drawer = NodeRef::<html::Details>::new();
    let shown = Memo::new(move |_| state.evaluation.with(Option::is_some));
    let toggled = move |_| {
        if let Some(drawer) = drawer.get().filter(|drawer| drawer.open()) {
            let options = ScrollIntoViewOptions::new();
            options.set_block(ScrollLogicalPosition::Nearest);
            drawer.scroll_into_view_with_scroll_into_view_options(&options);
        }
    };
    view! {
        <section class="panel evaluate" aria-labelledby="evaluate-title">
            <details node_ref=drawer on:toggle=toggled>
                <summary>
                    <h2 id="evaluate-title">"Evaluate"</h2>
                    <span class="quiet">"Does the model predict time points that it has not seen?"</span>
                    <span class="quiet standing">{move || standing(state)}</span>
                </summary>
                <div class="evaluation">
                    <div class="choices">
                        <Choices/>
                        <Actions/>
                    </div>
                    <div class="outcome">
                        {move || if shown.get() { view! { <Outcome/> }.into_any() } else { view! { <Waiting/> }.into_any() }}
                    </div>
                </div>
            </details>
        </section>
    }
}

/// What stands where the result will be.
#[component]
fn Waiting() -> impl IntoView {
    view! {
        <div class="waiting">
            <p>
                "The table compares the model's prediction of each held-out time point with what needs no model, and with chance: two halves of the observed cells, the cells of the time before, optimal-transport interpolation, and the model without interaction."
            </p>
            <p class="quiet">"Distances are exact Wasserstein distances in the model space; smaller is better."</p>
        </div>
    }
}

/// How the evaluation stands, in a few words.
fn standing(state: State) -> String {
    if let Some(stage) = state.evaluating.get() {
        return format!("running, {:.0} %", (100.0 * stage.done.clamp(0.0, 1.0)).floor());
    }
    state
        .evaluation
        .with(|it| {
            it.as_ref().map_or("", |it| match it.standing {
                Standing::Running => "",
                Standing::Complete => "done",
                Standing::Cancelled => "cancelled",
                Standing::Interrupted => "interrupted",
            })
        })
        .into()
}

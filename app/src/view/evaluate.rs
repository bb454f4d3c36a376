//! Does the model predict time points that it has not seen?

mod actions;
mod choices;
mod comparison;
mod predictions;
mod result;
mod table;
mod units;

use super::verdict::VerdictCard;
use crate::prelude::*;
use crate::state::{Standing, State};
use actions::Actions;
use choices::Choices;
use result::Outcome;
use units::Units;

/// Choices beside their outcome.
#[component]
pub fn Evaluate() -> impl IntoView {
    let state = expect_context::<State>();
    let shown = Memo::new(move |_| state.evaluation.with(Option::is_some));
    view! {
        <section class="evaluate" aria-label="Evaluate">
            <div class="evaluation">
                <div class="choices">
                    <VerdictCard/>
                    <Choices/>
                    <Actions/>
                    <Units/>
                </div>
                <div class="outcome">
                    {move || if shown.get() { view! { <Outcome/> }.into_any() } else { view! { <Waiting/> }.into_any() }}
                </div>
            </div>
        </section>
    }
}

/// What stands where the result will be.
#[component]
fn Waiting() -> impl IntoView {
    view! {
        <div class="waiting">
            <p>
                "The table compares what each model predicts for each held-out time point with the other models, with what needs no model, and with chance: two halves of the observed cells, the cells of the time before, optimal-transport interpolation, and the same model without interaction."
            </p>
            <p class="quiet">"Smaller distances are better. The energy distance and the Sinkhorn divergence judge: W1 and W2 favour predictions that spread too little."</p>
        </div>
    }
}

/// How the evaluation stands, in a few words.
pub fn standing(state: State) -> String {
    if let Some(stage) = state.evaluating.get() {
        return format!("running, {:.0} %", (100.0 * stage.done.clamp(0.0, 1.0)).floor());
    }
    state
        .evaluation
        .with(|it| {
            it.as_ref().map_or("", |it| match it.standing {
                Standing::Running => "",
                Standing::Complete => "done",
                Standing::Stopped => "stopped",
                Standing::Interrupted => "interrupted",
            })
        })
        .into()
}

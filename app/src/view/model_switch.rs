//! Which model every view follows.

use crate::state::State;
use leptos::prelude::*;
use scimf::protocol::ModelKind;

const MODELS: [(ModelKind, &str); 2] = [
    (
        ModelKind::ScImf,
        "Every cell moves by its own drift and by what the other cells add, with noise; shows who listens to whom",
    ),
    (
        ModelKind::CellMnn,
        "Every cell moves by a linear equation of its own; shows operators, eigenvalues and gene interactions",
    ),
];

/// scIMF or Cell-MNN, in the header.
#[component]
pub fn ModelSwitch() -> impl IntoView {
    let state = expect_context::<State>();
    let button = |(kind, meaning): (ModelKind, &'static str)| {
        let there = move || state.has_weights_of(kind);
        view! {
            <button
                type="button"
                title=move || if there() { meaning.to_owned() } else { format!("{meaning}. Not trained yet.") }
                aria-pressed=move || (state.models.chosen.get() == kind).to_string()
                on:click=move |_| state.choose_model(kind)
            >
                {kind.name()}
                <span class="light" class:ready=there aria-hidden="true"></span>
            </button>
        }
    };
    view! {
        <div class="model-switch">
            <div class="choice" role="group" aria-label="Model">
                {MODELS.into_iter().map(button).collect_view()}
            </div>
        </div>
    }
}

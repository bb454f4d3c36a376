//! Which model every view follows.

use crate::{state::State, words};
use leptos::prelude::*;
use scimf::protocol::ModelKind;

/// One button for each model, in the header.
#[component]
pub fn ModelSwitch() -> impl IntoView {
    let state = expect_context::<State>();
    let button = |kind: ModelKind| {
        let meaning = kind.card().about;
        let there = move || state.has_weights_of(kind);
        view! {
            <button
                type="button"
                title=move || format!("{}{}", words::sentence(meaning), if there() { "" } else { ". Not trained yet." })
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
                {ModelKind::ALL.into_iter().map(button).collect_view()}
            </div>
        </div>
    }
}

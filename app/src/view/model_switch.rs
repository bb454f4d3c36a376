//! Which model every view follows.

use crate::prelude::*;
use crate::{state::State, words};
use leptos::html;
use scimf::protocol::ModelKind;

/// A button for the chosen model and for each that is trained, and a menu of the others, in the header.
#[component]
pub fn ModelSwitch() -> impl IntoView {
    let state = expect_context::<State>();
    let menu = NodeRef::<html::Details>::new();
    // The first model stays, so that the switch is never empty beside a menu.
    let at_hand = move |kind: ModelKind| {
        kind == ModelKind::default() || kind == state.models.chosen.get() || state.has_weights_of(kind)
    };
    let split = Memo::new(move |_| ModelKind::ALL.into_iter().partition::<Vec<_>, _>(|kind| at_hand(*kind)));
    let button = move |kind: ModelKind| {
        let meaning = kind.card().about;
        let there = move || state.has_weights_of(kind);
        view! {
            <button
                type="button"
                title=move || format!("{}{}", words::sentence(meaning), if there() { "" } else { ". Not trained yet." })
                aria-pressed=move || (state.models.chosen.get() == kind).to_string()
                on:click=move |_| {
                    if let Some(menu) = menu.get_untracked() {
                        menu.set_open(false);
                    }
                    state.choose_model(kind);
                }
            >
                {kind.name()}
                <span class="light" class:ready=there aria-hidden="true"></span>
            </button>
        }
    };
    let others = move || split.with(|(_, others)| others.len());
    view! {
        <div class="model-switch" role="group" aria-label="Model">
            <div class="choice">
                {move || split.get().0.into_iter().map(button).collect_view()}
            </div>
            <details node_ref=menu class="pick others" hidden=move || others() == 0>
                <summary title="Models that are not trained yet">{move || format!("{} more", others())}</summary>
                <div class="pop">{move || split.get().1.into_iter().map(button).collect_view()}</div>
            </details>
        </div>
    }
}

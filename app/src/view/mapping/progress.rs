//! A study on its way to a dataset.

use crate::prelude::*;
use crate::{engine::Engine, state::State, view::work::WorkProgress};
use leptos::html;

/// Stage, bar and a way back to the form.
#[component]
pub fn Progress() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let cancel = NodeRef::<html::Button>::new();
    // The form that had the focus is hidden now.
    Effect::new(move |_| {
        if let Some(cancel) = cancel.get() {
            cancel.focus().ok();
        }
    });
    view! {
        <div class="preparing">
            <WorkProgress label="Progress of the preparation" stage=state.preparing/>
            <p class="quiet">"The dataset that is open now stays until this one is ready. Cancel leads back to the choices."</p>
            <div class="actions">
                <button type="button" node_ref=cancel disabled=move || state.cancelling.get() on:click=move |_| engine.cancel()>
                    "Cancel"
                </button>
            </div>
        </div>
    }
}

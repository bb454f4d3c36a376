//! How a file's columns become a dataset.

mod form;
mod time_order;

use crate::{engine::Engine, state::State};
use form::Form;
use leptos::{html, prelude::*};

/// A dialog while a file waits for its mapping; Escape puts the file away.
#[component]
pub fn MappingDialog() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let dialog = NodeRef::<html::Dialog>::new();
    let waits = Memo::new(move |_| state.proposal.with(Option::is_some));
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        if waits.get() && !dialog.open() {
            dialog.show_modal().ok();
        } else if !waits.get() && dialog.open() {
            dialog.close();
        }
    });
    // The form is made anew for each file, not for each change of the choice in it.
    let file = Memo::new(move |_| state.proposal.with(|it| it.as_ref().map(|it| it.file.clone())));
    view! {
        <dialog
            node_ref=dialog
            class="mapping"
            aria-labelledby="mapping-title"
            on:cancel=move |event: web_sys::Event| {
                event.prevent_default();
                engine.discard_file();
            }
        >
            {move || {
                file.get()
                    .zip(state.proposal.get_untracked())
                    .map(|(file, proposal)| view! { <Form file proposed=proposal.mapping/> })
            }}
        </dialog>
    }
}

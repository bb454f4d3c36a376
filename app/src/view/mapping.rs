//! How a study's columns become a dataset.

mod display_space;
mod form;
mod model_space;
mod naming;
mod progress;
mod step;
mod steps;
mod time_order;
mod types;

pub use model_space::kind;
pub use naming::{NamingDialog, edit_types};

use super::problem::Problem;
use crate::prelude::*;
use crate::{engine::Engine, state::State};
use form::Form;
use leptos::html;
use progress::Progress;

/// A dialog while a study waits for its mapping, or is prepared. Escape ends the preparation, or puts the study away.
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
    let preparing = Memo::new(move |_| state.preparing.with(Option::is_some));
    let escape = move |event: web_sys::Event| {
        event.prevent_default();
        if preparing.get_untracked() { engine.cancel() } else { engine.discard_study() }
    };
    // The form is made anew for each study, not for each change of the choice in it; while the study is prepared it is only hidden.
    let file = Memo::new(move |_| state.proposal.with(|it| it.as_ref().map(|it| it.file.clone())));
    view! {
        <dialog node_ref=dialog class="mapping" aria-labelledby="mapping-title" on:cancel=escape>
            {move || {
                file.get()
                    .zip(state.proposal.get_untracked())
                    .map(|(file, proposal)| {
                        let name = file.name.clone();
                        view! {
                            <h2 id="mapping-title">{name}</h2>
                            <Problem/>
                            <div hidden=move || preparing.get()>
                                <Form file proposed=proposal.mapping questions=proposal.questions/>
                            </div>
                            <Show when=move || preparing.get()>
                                <Progress/>
                            </Show>
                        }
                    })
            }}
        </dialog>
    }
}

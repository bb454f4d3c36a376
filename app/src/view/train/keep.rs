//! Whether what is learned is kept on this computer.

use crate::prelude::*;
use crate::{engine::Engine, page, state::State, words};

/// The user's wish, what it means, and what has become of it.
#[component]
pub fn Keep() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let autosave = state.autosave;
    let outcome = move || {
        if !autosave.wanted.get() {
            return "Off: a closed tab loses what was learned unless you save it.".to_owned();
        }
        match (autosave.trouble.get(), autosave.written.get()) {
            (Some(why), _) => {
                format!("It cannot be kept: {why}. Training goes on; save the session or the weights yourself.")
            }
            (None, Some((kind, update))) => {
                let (model, step) = (kind.name(), kind.card().step);
                format!("Kept up to {step} {} of {model}.", words::count(update as usize))
            }
            (None, None) => "A closed tab or a crash then loses nothing.".into(),
        }
    };
    view! {
        <div class="keep">
            <label class="inline">
                <input
                    type="checkbox"
                    prop:checked=move || autosave.wanted.get()
                    on:change:target=move |event| engine.want_autosave(event.target().checked())
                />
                "Keep what is learned on this computer"
            </label>
            <label class="inline" title="A notice of your system when a training, an evaluation or an experiment ends while you look elsewhere">
                <input
                    type="checkbox"
                    disabled=!page::can_notify()
                    prop:checked=page::may_notify
                    on:change:target=move |event| {
                        if event.target().checked() {
                            page::ask_for_notices();
                        }
                    }
                />
                "Tell me when it is done"
            </label>
            <p class="quiet" title="Dataset, weights, training and view, in this browser's storage for this page. Nothing is sent anywhere.">
                "Dataset included, in this browser and nowhere else. " {move || outcome()}
            </p>
        </div>
    }
}

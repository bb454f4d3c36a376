//! Weights in and out.

use crate::{engine::Engine, state::State, view::file_button::FileButton};
use leptos::prelude::*;
use scimf::protocol::Command;

/// Save and load.
#[component]
pub fn Files() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let open = move || state.ready() && state.dataset.with(Option::is_some);
    let load = move |files: Vec<web_sys::File>| files.into_iter().for_each(|file| engine.load_weights(file));
    view! {
        <div class="files" role="group" aria-label="Files">
            <button
                type="button"
                title="The weights in use, with the model's shape, as a safetensors file"
                disabled=move || !open() || !state.has_weights()
                on:click=move |_| engine.save(Command::SaveWeights { model: state.models.chosen.get_untracked() })
            >
                "Save weights"
            </button>
            <FileButton
                label="Load weights"
                accept=".safetensors,.pt,.pth"
                disabled=Signal::derive(move || !open() || state.busy())
                chosen=load
            />
        </div>
    }
}

//! Weights in and out, and the study with what the model says of it.

use super::controls::recipe;
use crate::prelude::*;
use crate::{engine::Engine, files, state::State, view::file_button::FileButton};
use scimf::protocol::{Command, Recipe};

/// Hands over what repeats a training on the saved session of the open study.
pub fn save_settings(state: State, recipe: &Recipe) {
    let study = untrack(|| state.dataset.with(|it| it.as_ref().map(|it| it.summary.name.clone())));
    let text = recipe.to_settings_file(&study.unwrap_or_default());
    if let Err(problem) = files::hand_over("train.toml", text.as_bytes()) {
        state.problem.set(Some(problem));
    }
}

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
            <button
                type="button"
                title="AnnData for scanpy, scVelo and CellRank: the cells with velocity, attention between types and what else the model says of them"
                disabled=move || !open() || !state.has_weights() || state.busy()
                on:click=move |_| {
                    state.status.set("The model is asked about all cells.".into());
                    let (model, space) = untrack(|| (state.models.chosen.get(), state.space.get()));
                    engine.save(Command::SaveAnnData { model, space, copies: None });
                }
            >
                "Save as .h5ad"
            </button>
            <button
                type="button"
                title="The settings of the next training, to do it on the saved session: scimf train --config train.toml. Those of a training that was made are under Runs"
                disabled=move || !open()
                on:click=move |_| save_settings(state, &recipe(state))
            >
                "Save settings"
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

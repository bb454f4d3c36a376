//! What is open, and how to open something else.

use super::{
    file_button::FileButton,
    model_switch::ModelSwitch,
    preparation::PreparationFacts,
    recent::Recent,
    theme::{Lecture, Theme},
    train::Device,
};
use crate::prelude::*;
use crate::{
    engine::Engine,
    state::{State, Topic},
    view_state, words,
};
use scimf::protocol::{Command, formats};

/// Title, dataset and what belongs to the whole page.
#[component]
pub fn Header() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let summary = Memo::new(move |_| state.dataset.with(|dataset| dataset.as_ref().map(|it| it.summary.clone())));
    let dataset = move || match summary.get() {
        None => view! { <p class="dataset quiet">"No dataset is open yet"</p> }.into_any(),
        Some(summary) => {
            let (extent, notes) = (words::extent(&summary), summary.notes.clone());
            view! {
                <p class="dataset">
                    <strong title=summary.name.clone()>{summary.name.clone()}</strong>
                    {summary
                        .simulated
                        .then(|| {
                            view! {
                                <span class="badge" title="These cells were made by the program's generator, not measured.">
                                    "simulated"
                                </span>
                            }
                        })}
                    <span class="quiet" title=extent.clone()>{extent.clone()}</span>
                </p>
                {summary
                    .preparation
                    .clone()
                    .map(|preparation| view! { <PreparationFacts preparation summary=summary.clone()/> })}
                {(!notes.is_empty())
                    .then(|| {
                        view! {
                            <details class="notes">
                                <summary>{words::counted(notes.len(), "note")}</summary>
                                <ul>
                                    {notes.into_iter().map(|note| view! { <li>{note}</li> }).collect_view()}
                                    <Show when=move || state.dialogs.clustered.get()>
                                        <li>
                                            <button type="button" class="link" on:click=move |_| state.dialogs.naming.set(true)>
                                                "Name the clusters"
                                            </button>
                                        </li>
                                    </Show>
                                </ul>
                            </details>
                        }
                    })}
            }
                .into_any()
        }
    };
    view! {
        <header>
            <h1>"scIMF Explorer"</h1>
            {move || dataset()}
            <ModelSwitch/>
            <div class="actions">
                <FileButton
                    label="Open dataset"
                    accept=formats::offered()
                    multiple=true
                    chosen=move |files| engine.open(files)
                />
                <Recent/>
                <button
                    type="button"
                    title="Dataset, weights and what you see, as one file that opens here again"
                    disabled=move || !state.ready() || state.dataset.with(Option::is_none)
                    on:click=move |_| engine.save(Command::SaveBundle { view: view_state::write(state) })
                >
                    "Save session"
                </button>
                <button
                    type="button"
                    title="Save a figure as SVG or PNG"
                    aria-haspopup="dialog"
                    disabled=move || state.dataset.with(Option::is_none)
                    on:click=move |_| state.dialogs.export.set(Some("cells"))
                >
                    "Export"
                </button>
                <button
                    type="button"
                    class="icon"
                    title="Help: keys, and what everything is (?)"
                    aria-label="Help"
                    aria-haspopup="dialog"
                    on:click=move |_| state.dialogs.help.set(Some(Topic::Keys))
                >
                    "?"
                </button>
                <Device/>
                <Lecture/>
                <Theme/>
            </div>
        </header>
    }
}

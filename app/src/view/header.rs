//! What is open, and how to open something else.

use super::{file_button::FileButton, preparation::PreparationFacts, theme::Theme, train::Device};
use crate::{engine::Engine, state::State, words};
use leptos::prelude::*;

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
                    <span class="quiet">{extent}</span>
                </p>
                {summary
                    .preparation
                    .clone()
                    .map(|preparation| view! { <PreparationFacts preparation summary=summary.clone()/> })}
                {(!notes.is_empty())
                    .then(|| {
                        view! {
                            <details class="notes">
                                <summary>
                                    {if notes.len() == 1 { "1 note".into() } else { format!("{} notes", notes.len()) }}
                                </summary>
                                <ul>{notes.into_iter().map(|note| view! { <li>{note}</li> }).collect_view()}</ul>
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
            {dataset}
            <div class="actions">
                <FileButton
                    label="Open dataset"
                    accept=".h5ad,.h5,.mtx,.csv,.tsv,.txt,.gz,.npz,.zip,.safetensors,.pt,.pth"
                    multiple=true
                    chosen=move |files| engine.open(files)
                />
                <Device/>
                <Theme/>
            </div>
        </header>
    }
}

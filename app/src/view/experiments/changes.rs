//! What is changed.

use crate::{state::State, words};
use leptos::prelude::*;
use scimf::figure::experiment::signed;
use scimf::protocol::Change;

/// The changes so far, each with a button that takes it back.
#[component]
pub fn ChangeList() -> impl IntoView {
    let state = expect_context::<State>();
    let choice = state.experiments.choice;
    let running = move || state.experiments.running.with(Option::is_some);
    let items = move || {
        let changes = choice.with(|choice| choice.changes.clone());
        if changes.is_empty() {
            return view! { <li class="quiet">"No change yet: add one below."</li> }.into_any();
        }
        let item = |(at, change): (usize, &Change)| {
            let words = describe(state, change);
            view! {
                <li class="chip">
                    <span>{words.clone()}</span>
                    <button
                        type="button"
                        class="icon"
                        aria-label=format!("Take back: {words}")
                        disabled=running
                        on:click=move |_| choice.update(|choice| drop(choice.changes.remove(at)))
                    >
                        "×"
                    </button>
                </li>
            }
        };
        changes.iter().enumerate().map(item).collect_view().into_any()
    };
    view! {
        <div>
            <h3>"Changes"</h3>
            <ul class="chips column" aria-label="Changes" aria-live="polite">{items}</ul>
        </div>
    }
}

/// A change in a few words.
pub fn describe(state: State, change: &Change) -> String {
    let kinds = state.type_names();
    let name = |kind: usize| kinds.get(kind).cloned().unwrap_or_else(|| format!("type {}", kind + 1));
    match change {
        Change::Remove { types, cells } => {
            let mut parts: Vec<String> = types.iter().map(|&kind| name(kind)).collect();
            if !cells.is_empty() {
                parts.push(format!("{} selected cells", words::count(cells.len())));
            }
            format!("Remove {}", words::list(&parts))
        }
        Change::Mute { receiver: None, sender } => format!("No cell hears {}", name(*sender)),
        Change::Mute { receiver: Some(receiver), sender } => {
            format!("{} does not hear {}", name(*receiver), name(*sender))
        }
        Change::Shift { gene, by } => format!("{} {} at the start", state.genes.name(*gene), signed(*by)),
    }
}

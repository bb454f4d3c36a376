//! What is changed.

use crate::prelude::*;
use crate::state::State;
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
            let words = state.change_words(change);
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
            <ul class="chips column" aria-label="Changes" aria-live="polite">{move || items()}</ul>
        </div>
    }
}

//! What is pinned, and the experiment that it suggests: a type is taken out, a link is muted.

use super::{experiments, strength::StrengthOf};
use crate::prelude::*;
use crate::{
    engine::Engine,
    state::{Part, State, Tab},
};
use scimf::figure::labels::numbered;
use scimf::protocol::{Array, Change};

/// The experiment without a type or a link begins, with this change alone, and its panel opens; where it cannot begin, the panel says why.
pub fn run_without(state: State, engine: Engine, part: Part) {
    if state.experiments.running.with_untracked(Option::is_some) {
        return state.dialogs.drawer.set(Some(Tab::Experiments));
    }
    let change = match part {
        Part::Type(kind) => Change::Remove { types: vec![kind], cells: Array::default() },
        Part::Link { sender, receiver } => Change::Mute { receiver: Some(receiver), sender },
    };
    state.experiments.choice.update(|choice| choice.changes = vec![change]);
    state.dialogs.drawer.set(Some(Tab::Experiments));
    if untrack(|| experiments::obstacle(state)).is_none() {
        engine.experiment(untrack(|| state.experiment_query()));
    }
}

/// The pinned type or link with its experiment; nothing while nothing is pinned.
#[component]
pub fn Pinned() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let attention = state.attention;
    let numbered = move |kind: usize| numbered(kind, &state.type_names().get(kind).cloned().unwrap_or_default());
    let named = move |kind: usize| {
        let color = state.type_colors().get(kind).map(|color| color.to_string());
        view! {
            <span class="swatch" style:background-color=color></span>
            <strong>{numbered(kind)}</strong>
        }
    };
    let scales = Memo::new(move |_| state.can_scale());
    move || {
        let part = attention.pinned.get()?;
        let (what, action, title) = match part {
            Part::Type(kind) => (
                named(kind).into_any(),
                "Run without it",
                format!("An experiment: what the model predicts without {} (Delete)", numbered(kind)),
            ),
            Part::Link { sender, receiver } => (
                view! { {named(sender)} " → " {named(receiver)} }.into_any(),
                "Run with it muted",
                format!(
                    "An experiment: what the model predicts if {} does not hear {} (Delete)",
                    numbered(receiver),
                    numbered(sender)
                ),
            ),
        };
        let strength = match part {
            Part::Link { sender, receiver } if scales.get() => Some(view! { <StrengthOf sender receiver/> }),
            _ => None,
        };
        Some(view! {
            <div class="pinned" role="group" aria-label="Pinned">
                <span class="what">{what}</span>
                {strength}
                <button type="button" title=title on:click=move |_| run_without(state, engine, part)>
                    {action}
                </button>
                <button
                    type="button"
                    class="icon"
                    aria-label="Let go of what is pinned"
                    title="Let go (Esc)"
                    on:click=move |_| attention.clear(state)
                >
                    "×"
                </button>
            </div>
        })
    }
}

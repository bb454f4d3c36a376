//! What stands where a model without interaction has nothing to show.

use crate::prelude::*;
use crate::state::State;
use scimf::protocol::cards::Capabilities;

/// Says that the shown model moves every cell alone, and leads to a model that can do what is missing.
#[component]
pub fn Alone(
    /// What follows from it: "it has no attention."
    so: &'static str,
    /// What is missing.
    ability: fn(&Capabilities) -> bool,
    /// What the other model is good for: "See who listens to whom with".
    lead: &'static str,
) -> impl IntoView {
    let state = expect_context::<State>();
    move || {
        let other = state.models.able(ability)?;
        let name = state.models.chosen.get().name();
        Some(view! {
            {format!("{name} moves every cell alone: {so} ")}
            <button type="button" class="link" on:click=move |_| state.choose_model(other)>
                {format!("{lead} {}", other.name())}
            </button>
        })
    }
}

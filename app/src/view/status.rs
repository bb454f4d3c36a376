//! What the engine is doing, in words.

use crate::prelude::*;
use crate::state::{EngineState, State};

/// The line at the foot of the page.
#[component]
pub fn Status() -> impl IntoView {
    let state = expect_context::<State>();
    let busy = move || {
        state.opening.with(Option::is_some)
            || state.engine.with(|engine| matches!(engine, EngineState::Loading | EngineState::Restarting))
    };
    view! {
        <footer>
            <p role="status" aria-live="polite">
                <span class="pulse" class:busy=busy aria-hidden="true"></span>
                {move || state.status.get()}
            </p>
            <p class="quiet promise" title="The page's security policy forbids connections to any other host.">
                {move || {
                    let kept = state.autosave.written.with(Option::is_some) || state.autosave.offers.with(|it| !it.is_empty());
                    if kept { "Your data never leaves this computer." } else { "Your data never leaves this tab." }
                }}
            </p>
        </footer>
    }
}

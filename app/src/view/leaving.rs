//! Asks before a file ends the work that is running.

use super::modal::Modal;
use crate::prelude::*;
use crate::{engine::Engine, state::State};

/// A dialog while files wait for the user's word.
#[component]
pub fn LeavingDialog() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let leaving = state.dialogs.leaving;
    view! {
        <Modal
            open=Signal::derive(move || leaving.with(Option::is_some))
            close=move |()| engine.stay()
            name="leaving"
            title="Open another study?"
        >
            <p>{move || leaving.get()}</p>
            <div class="actions">
                <button type="button" on:click=move |_| engine.stay()>
                    "Go on here"
                </button>
                <button type="button" class="primary" on:click=move |_| engine.leave()>
                    "End it and open"
                </button>
            </div>
        </Modal>
    }
}

//! A panel that has the whole window.

use crate::prelude::*;
use crate::state::State;
use leptos::ev;

/// Whether a panel has the whole window, for its class.
pub fn full(panel: &'static str) -> impl Fn() -> bool + Copy + Send + Sync + 'static {
    let shown = expect_context::<State>().dialogs.full;
    move || shown.get() == Some(panel)
}

/// Gives a panel the whole window, or its place back. Escape gives it back too.
#[component]
pub fn FullScreen(
    /// The panel's key.
    panel: &'static str,
    /// Its name.
    about: &'static str,
    /// There is nothing to enlarge.
    #[prop(into, default = Signal::stored(false))]
    idle: Signal<bool>,
) -> impl IntoView {
    let shown = expect_context::<State>().dialogs.full;
    let is_full = full(panel);
    let keys = window_event_listener(ev::keydown, move |event| {
        let in_dialog = document().query_selector("dialog[open]").ok().flatten().is_some();
        if event.key() == "Escape" && is_full() && !in_dialog && !event.default_prevented() {
            event.prevent_default();
            shown.set(None);
        }
    });
    on_cleanup(move || keys.remove());
    view! {
        <button
            type="button"
            class="icon"
            title=move || if is_full() { format!("Back to its place (Esc): {about}") } else { format!("The whole window: {about}") }
            aria-label=format!("Whole window: {about}")
            aria-pressed=move || is_full().to_string()
            disabled=idle
            on:click=move |_| shown.update(|now| *now = (*now != Some(panel)).then_some(panel))
        >
            <svg viewBox="0 0 20 20" aria-hidden="true">
                <path
                    d=move || if is_full() { "M8 3v5H3M12 17v-5h5M3 12h5v5M17 8h-5V3" } else { "M3 8V3h5M17 12v5h-5M8 17H3v-5M12 3h5v5" }
                    fill="none"
                    stroke="currentColor"
                    stroke-width="1.6"
                />
            </svg>
        </button>
    }
}

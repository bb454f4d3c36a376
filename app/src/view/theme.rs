//! Light or dark, and large type.

use crate::prelude::*;
use crate::{page, state::State};

/// Changes between light and dark, and remembers it.
#[component]
pub fn Theme() -> impl IntoView {
    let dark = expect_context::<State>().dark;
    let toggle = move |_| {
        dark.update(|dark| *dark = !*dark);
        page::show_theme(dark.get_untracked());
        page::remember_theme(dark.get_untracked());
    };
    view! {
        <button
            type="button"
            class="icon"
            title="Light or dark colours"
            aria-label="Dark colours"
            aria-pressed=move || dark.get().to_string()
            on:click=toggle
        >
            <svg viewBox="0 0 20 20" aria-hidden="true">
                <circle cx="10" cy="10" r="7" fill="none" stroke="currentColor" stroke-width="1.6"/>
                <path d="M10 3a7 7 0 0 1 0 14z" fill="currentColor"/>
            </svg>
        </button>
    }
}

/// Large type and nothing but the views, for a lecture.
#[component]
pub fn Lecture() -> impl IntoView {
    let dialogs = expect_context::<State>().dialogs;
    let toggle = move |_| {
        dialogs.lecture.update(|on| *on = !*on);
        dialogs.drawer.set(None);
        page::show_lecture(dialogs.lecture.get_untracked());
    };
    view! {
        <button
            type="button"
            class="icon lecture"
            title="Lecture: large type, and nothing but the views"
            aria-label="Lecture mode"
            aria-pressed=move || dialogs.lecture.get().to_string()
            on:click=toggle
        >
            <span aria-hidden="true">"Aa"</span>
        </button>
    }
}

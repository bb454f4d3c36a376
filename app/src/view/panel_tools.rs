//! The small buttons of a panel: what it is, and how it leaves the page.

use super::full_screen::FullScreen;
use crate::prelude::*;
use crate::{
    export,
    state::{State, Topic},
};

/// Both buttons, to stand after the panel's title.
#[component]
pub fn PanelTools(
    /// What is explained.
    topic: Topic,
    /// Which figure is exported: a key of [`export::FIGURES`].
    figure: fn(State) -> &'static str,
    /// The panel's name.
    about: &'static str,
    /// The panel's key, where it can have the whole window.
    #[prop(optional)]
    panel: Option<&'static str>,
) -> impl IntoView {
    view! {
        <span class="panel-tools">
            <Explain topic about/>
            <Export figure about/>
            {panel.map(|panel| view! { <FullScreen panel about/> })}
        </span>
    }
}

/// Opens the help at the entry of a panel.
#[component]
pub fn Explain(
    /// What is explained.
    topic: Topic,
    /// The panel's name, for those who do not see where the button is.
    about: &'static str,
) -> impl IntoView {
    let help = expect_context::<State>().dialogs.help;
    view! {
        <button
            type="button"
            class="icon explain"
            title=format!("What is this? {about}")
            aria-label=format!("What is this? {about}")
            aria-haspopup="dialog"
            on:click=move |_| help.set(Some(topic))
        >
            "?"
        </button>
    }
}

/// Opens the export with a figure.
#[component]
pub fn Export(
    /// Which figure, when the button is pressed: a key of [`export::FIGURES`].
    figure: fn(State) -> &'static str,
    /// The panel's name.
    about: &'static str,
) -> impl IntoView {
    let state = expect_context::<State>();
    let there = Memo::new(move |_| export::Figure::of(figure(state)).available(state));
    view! {
        <button
            type="button"
            class="icon"
            title=format!("Save this figure as SVG or PNG: {about}")
            aria-label=format!("Export figure: {about}")
            aria-haspopup="dialog"
            disabled=move || !there.get()
            on:click=move |_| state.dialogs.export.set(Some(untrack(|| figure(state))))
        >
            <svg viewBox="0 0 20 20" aria-hidden="true">
                <path
                    d="M10 3v9m-3.5-3.5L10 12l3.5-3.5M4 14v2.5h12V14"
                    fill="none"
                    stroke="currentColor"
                    stroke-width="1.6"
                    stroke-linecap="round"
                    stroke-linejoin="round"
                />
            </svg>
        </button>
    }
}

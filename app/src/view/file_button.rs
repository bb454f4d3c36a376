//! A file to choose.

use leptos::{html, prelude::*};

/// A file input that looks like a button; its name is the button's text.
#[component]
pub fn FileButton(
    /// The name.
    label: &'static str,
    /// The extensions that it offers.
    accept: &'static str,
    /// It cannot be used now.
    #[prop(into, default = Signal::stored(false))]
    disabled: Signal<bool>,
    /// Takes the file.
    #[prop(into)]
    chosen: UnsyncCallback<web_sys::File>,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let change = move |_| {
        let Some(input) = input.get() else { return };
        let file = input.files().and_then(|files| files.get(0));
        // The same file can be chosen again.
        input.set_value("");
        if let Some(file) = file {
            chosen.run(file);
        }
    };
    view! {
        <label class="button" class:disabled=disabled>
            <input node_ref=input type="file" accept=accept disabled=disabled on:change=change/>
            {label}
        </label>
    }
}

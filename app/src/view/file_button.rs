//! Files to choose.

use crate::prelude::*;
use leptos::html;

/// A file input that looks like a button; its name is the button's text.
#[component]
pub fn FileButton(
    /// The name.
    #[prop(into)]
    label: String,
    /// The extensions that it offers.
    #[prop(into)]
    accept: String,
    /// It cannot be used now.
    #[prop(into, default = Signal::stored(false))]
    disabled: Signal<bool>,
    /// Several files can be chosen together.
    #[prop(default = false)]
    multiple: bool,
    /// Takes the files.
    #[prop(into)]
    chosen: UnsyncCallback<Vec<web_sys::File>>,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let change = move |_| {
        let Some(input) = input.get() else { return };
        let list = input.files();
        let files: Vec<_> =
            list.iter().flat_map(|list| (0..list.length()).filter_map(|index| list.get(index))).collect();
        // The same files can be chosen again.
        input.set_value("");
        if !files.is_empty() {
            chosen.run(files);
        }
    };
    view! {
        <label class="button" class:disabled=disabled>
            <input node_ref=input type="file" accept=accept multiple=multiple disabled=disabled on:change=change/>
            {label}
        </label>
    }
}

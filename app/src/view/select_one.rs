//! One of many names, where the names can change.

use leptos::prelude::*;

/// A value and its name.
pub type Named = (String, String);

/// A labelled select. Names may come from a file: they are text.
#[component]
pub fn SelectOne(
    /// What is chosen.
    label: &'static str,
    /// What it changes.
    hint: &'static str,
    /// Values with their names.
    #[prop(into)]
    options: Signal<Vec<Named>>,
    /// The chosen value.
    #[prop(into)]
    value: Signal<String>,
    /// Takes another value.
    #[prop(into)]
    set: Callback<String>,
    /// It cannot be changed now.
    #[prop(into, optional)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let options = Memo::new(move |_| options.get());
    let option = move |(key, name): Named| {
        let this = key.clone();
        view! {
            <option value=key prop:selected=move || value.with(|value| *value == this)>
                {name}
            </option>
        }
    };
    view! {
        <label class="select-one" title=hint>
            <span>{label}</span>
            <select
                aria-label=label
                disabled=disabled
                prop:value=move || value.get()
                on:change:target=move |event| set.run(event.target().value())
            >
                {move || options.get().into_iter().map(option).collect_view()}
            </select>
        </label>
    }
}

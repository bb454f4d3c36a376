//! One of many names.

use crate::prelude::*;

/// A value and its name.
pub type Named = (String, String);
/// Names under a heading; without one where it is empty.
pub type Group = (&'static str, Vec<Named>);

/// A value with its name.
pub fn named(key: impl Into<String>, name: impl Into<String>) -> Named {
    (key.into(), name.into())
}

/// A labelled select. Names may come from a file: they are text.
#[component]
pub fn SelectOne(
    /// What is chosen.
    label: &'static str,
    /// What it changes.
    hint: &'static str,
    /// Values with their names, where the names can change.
    #[prop(into, optional)]
    options: Signal<Vec<Named>>,
    /// Values with their names, where they stay; groups without names are left out.
    #[prop(optional)]
    groups: Vec<Group>,
    /// The chosen value.
    #[prop(into)]
    value: Signal<String>,
    /// Takes another value.
    #[prop(into)]
    set: Callback<String>,
    /// It cannot be changed now.
    #[prop(into, optional)]
    disabled: Signal<bool>,
    /// The label stands above, not beside.
    #[prop(optional)]
    above: bool,
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
    let group = move |(heading, names): Group| {
        let names = names.into_iter().map(option).collect_view();
        if heading.is_empty() {
            names.into_any()
        } else {
            view! { <optgroup label=heading>{names}</optgroup> }.into_any()
        }
    };
    view! {
        <label class=if above { "select" } else { "select-one" } title=hint>
            <span>{label}</span>
            <select
                aria-label=label
                disabled=disabled
                prop:value=move || value.get()
                on:change:target=move |event| set.run(event.target().value())
            >
                {groups.into_iter().filter(|(_, names)| !names.is_empty()).map(group).collect_view()}
                {move || options.get().into_iter().map(option).collect_view()}
            </select>
        </label>
    }
}

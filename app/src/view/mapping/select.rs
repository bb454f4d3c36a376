//! A choice among names.

use leptos::prelude::*;

/// One thing to choose.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// What tells it from the others.
    pub key: String,
    /// What it is called.
    pub name: String,
}

impl Item {
    /// An item.
    pub fn new(key: impl Into<String>, name: impl Into<String>) -> Self {
        Self { key: key.into(), name: name.into() }
    }
}

/// Items under a heading; without one where it is empty.
pub type Group = (&'static str, Vec<Item>);

/// A labelled select. Names may come from a file: they are text.
#[component]
pub fn Select(
    /// What is chosen.
    label: &'static str,
    /// What it changes.
    hint: &'static str,
    /// The items; groups without items are left out.
    groups: Vec<Group>,
    /// Key of the chosen one.
    #[prop(into)]
    value: Signal<String>,
    /// Takes the key of another.
    #[prop(into)]
    set: Callback<String>,
) -> impl IntoView {
    let option = move |Item { key, name }: Item| {
        let this = key.clone();
        view! {
            <option value=key prop:selected=move || value.with(|value| *value == this)>
                {name}
            </option>
        }
    };
    let group = move |(heading, items): Group| {
        let items = items.into_iter().map(option).collect_view();
        if heading.is_empty() {
            items.into_any()
        } else {
            view! { <optgroup label=heading>{items}</optgroup> }.into_any()
        }
    };
    view! {
        <label class="select" title=hint>
            <span>{label}</span>
            <select aria-label=label on:change:target=move |event| set.run(event.target().value())>
                {groups.into_iter().filter(|(_, items)| !items.is_empty()).map(group).collect_view()}
            </select>
        </label>
    }
}

//! One of several, in a menu.

use super::choice;
use crate::prelude::*;

/// A menu of which one entry is chosen; its hint is what the chosen one means.
#[component]
pub fn Menu<T: Copy + PartialEq + Send + Sync + 'static>(
    /// What is chosen.
    label: &'static str,
    /// The options.
    options: &'static [choice::Option<T>],
    /// The choice.
    value: RwSignal<T>,
) -> impl IntoView {
    let chosen = move || options.iter().position(|(option, ..)| *option == value.get());
    let entry = move |(i, (_, name, meaning)): (usize, &'static choice::Option<T>)| {
        view! {
            <option value=i.to_string() title=*meaning prop:selected=move || chosen() == Some(i)>
                {*name}
            </option>
        }
    };
    view! {
        <select
            aria-label=label
            title=move || chosen().map(|i| options[i].2)
            on:change:target=move |event| {
                let chosen = event.target().value().parse::<usize>().ok();
                if let Some((option, ..)) = chosen.and_then(|i| options.get(i)) {
                    value.set(*option);
                }
            }
        >
            {options.iter().enumerate().map(entry).collect_view()}
        </select>
    }
}

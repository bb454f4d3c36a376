//! One of a few.

use crate::prelude::*;

/// An option: its value, its name and what it means.
pub type Option<T> = (T, &'static str, &'static str);

/// Buttons of which one is pressed.
#[component]
pub fn Choice<T: Copy + PartialEq + Send + Sync + 'static>(
    /// What is chosen.
    label: &'static str,
    /// The options.
    options: &'static [Option<T>],
    /// The choice.
    value: RwSignal<T>,
) -> impl IntoView {
    let button = move |(option, name, meaning): Option<T>| {
        view! {
            <button
                type="button"
                title=meaning
                aria-pressed=move || (value.get() == option).to_string()
                on:click=move |_| value.set(option)
            >
                {name}
            </button>
        }
    };
    view! { <div class="choice" role="group" aria-label=label>{options.iter().copied().map(button).collect_view()}</div> }
}

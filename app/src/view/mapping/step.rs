//! One step of a preparation.

use crate::prelude::*;
use crate::view::field::NumberInput;

/// A step that can be left out: a box with its name, its parameter, and what it changes.
#[component]
pub fn Step(
    /// Its name.
    name: &'static str,
    /// What it changes in the data.
    hint: &'static str,
    /// It is taken; a step without this is always taken.
    #[prop(optional, into)]
    on: Option<Signal<bool>>,
    /// Takes it, or leaves it out.
    #[prop(optional, into)]
    set: Option<Callback<bool>>,
    /// Why it can be neither taken nor left out.
    #[prop(optional, into)]
    locked: Signal<Option<&'static str>>,
    /// It takes the whole width.
    #[prop(default = false)]
    whole: bool,
    /// Its parameter.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let hint_id = format!("step-{}", name.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
    let head = match (on, set) {
        (Some(on), Some(set)) => view! {
            <label class="check">
                <input
                    type="checkbox"
                    aria-describedby=hint_id.clone()
                    disabled=move || locked.with(Option::is_some)
                    prop:checked=on
                    on:change:target=move |event| set.run(event.target().checked())
                />
                <strong>{name}</strong>
            </label>
        }
        .into_any(),
        _ => view! { <strong>{name}</strong> }.into_any(),
    };
    view! {
        <li class="step" class:whole=whole class:off=move || on.is_some_and(|on| !on.get())>
            <div class="what">
                {head}
                {children.map(|children| children())}
            </div>
            <p class="quiet" id=hint_id>{hint} {move || locked.get().map(|why| format!(" {why}"))}</p>
        </li>
    }
}

/// A number without further words: its step has them.
#[component]
pub fn StepNumber(
    /// What it is, for screen readers and tests.
    label: &'static str,
    /// Its unit.
    unit: &'static str,
    /// Smallest allowed value.
    min: f64,
    /// Largest allowed value.
    max: f64,
    /// Only whole numbers.
    #[prop(default = true)]
    whole: bool,
    /// It cannot be changed now.
    #[prop(into)]
    disabled: Signal<bool>,
    /// The value; shown as nothing while there is none.
    #[prop(into)]
    value: Signal<Option<f64>>,
    /// Takes a new value within the limits.
    #[prop(into)]
    set: Callback<f64>,
) -> impl IntoView {
    let invalid = RwSignal::new(false);
    view! {
        <span class="number">
            <NumberInput
                min
                max
                whole
                disabled
                invalid
                value
                set
                attr:aria-label=label
                attr:title=format!("{min} to {max}")
            />
            <span class="unit">{unit}</span>
        </span>
    }
}

//! One number to set.

use crate::prelude::*;
use crate::words;
use leptos::html;

/// A labelled number with its unit, its limits and what it changes in the model.
#[component]
pub fn NumberField(
    /// What it is.
    #[prop(into)]
    label: String,
    /// Its unit, where it has one.
    #[prop(default = "")]
    unit: &'static str,
    /// Which quantity of the model it changes.
    hint: &'static str,
    /// Smallest allowed value.
    min: f64,
    /// Largest allowed value.
    max: f64,
    /// Only whole numbers.
    #[prop(default = false)]
    whole: bool,
    /// It cannot be changed now.
    #[prop(into)]
    disabled: Signal<bool>,
    /// The value.
    #[prop(into)]
    value: Signal<f64>,
    /// Takes a new value that is within the limits.
    #[prop(into)]
    set: Callback<f64>,
) -> impl IntoView {
    let invalid = RwSignal::new(false);
    let id = format!("field-{}", label.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
    let hint_id = format!("{id}-hint");
    let limits = [min, max].map(|limit| if whole { words::count(limit.max(0.0) as usize) } else { limit.to_string() });
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <span class="entry">
                <NumberInput
                    min
                    max
                    whole
                    disabled
                    invalid
                    value=Signal::derive(move || Some(value.get()))
                    set
                    attr:id=id
                    attr:aria-describedby=hint_id.clone()
                />
                <span class="unit">{unit}</span>
            </span>
            <span class="hint" role="tooltip" id=hint_id>
                {hint} " " <span class:wrong=move || invalid.get()>"Allowed: " {limits.join(" to ")} "."</span>
            </span>
        </div>
    }
}

/// Where a number is typed. What is out of its limits is marked, and forgotten when the field is left.
#[component]
pub fn NumberInput(
    /// Smallest allowed value.
    min: f64,
    /// Largest allowed value.
    max: f64,
    /// Only whole numbers.
    whole: bool,
    /// It cannot be changed now.
    disabled: Signal<bool>,
    /// What is typed is no allowed value.
    invalid: RwSignal<bool>,
    /// The value; shown as nothing while there is none.
    value: Signal<Option<f64>>,
    /// Takes a new value that is within the limits.
    set: Callback<f64>,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let shown = move || value.get().map_or_else(String::new, |value| value.to_string());
    // What is being typed stays as it is while it means the same number: "0." on the way to "0.5".
    Effect::new(move |_| {
        let (value, Some(input)) = (value.get(), input.get()) else { return };
        if input.value().trim().parse().ok() != value {
            input.set_value(&untrack(shown));
        }
    });
    let change = move |text: String| {
        let number = text.trim().parse::<f64>().ok();
        let good = number.filter(|n| (min..=max).contains(n) && (!whole || n.fract() == 0.0));
        invalid.set(good.is_none());
        if let Some(number) = good {
            set.run(number);
        }
    };
    view! {
        <input
            node_ref=input
            type="number"
            min=min.to_string()
            max=max.to_string()
            step=if whole { "1" } else { "any" }
            inputmode=if whole { "numeric" } else { "decimal" }
            aria-invalid=move || invalid.get().to_string()
            disabled=disabled
            on:input:target=move |event| change(event.target().value())
            on:blur:target=move |event| {
                // A field that is taken away while it has the focus loses it, too.
                if invalid.try_get_untracked() == Some(true) {
                    event.target().set_value(&untrack(shown));
                    invalid.set(false);
                }
            }
        />
    }
}

//! One number to set.

use leptos::prelude::*;

/// A labelled number with its unit, its limits and what it changes in the model.
#[component]
pub fn NumberField(
    /// What it is.
    label: &'static str,
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
    let (hint_id, limits) = (format!("{id}-hint"), format!("{min} to {max}"));
    let change = move |text: String| {
        let number = text.trim().parse::<f64>().ok();
        let good = number.filter(|n| (min..=max).contains(n) && (!whole || n.fract() == 0.0));
        invalid.set(good.is_none());
        if let Some(number) = good {
            set.run(number);
        }
    };
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <span class="entry">
                <input
                    id=id
                    type="number"
                    min=min.to_string()
                    max=max.to_string()
                    step=if whole { "1" } else { "any" }
                    inputmode=if whole { "numeric" } else { "decimal" }
                    aria-describedby=hint_id.clone()
                    aria-invalid=move || invalid.get().to_string()
                    disabled=disabled
                    prop:value=move || value.get().to_string()
                    on:input:target=move |event| change(event.target().value())
                    on:blur:target=move |event| {
                        if invalid.get_untracked() {
                            event.target().set_value(&value.get_untracked().to_string());
                            invalid.set(false);
                        }
                    }
                />
                <span class="unit">{unit}</span>
            </span>
            <span class="hint" role="tooltip" id=hint_id>
                {hint} " " <span class:wrong=invalid>"Allowed: " {limits} "."</span>
            </span>
        </div>
    }
}

//! Settings with the authors' defaults, for those who want others.

use crate::{state::State, view::field::NumberField};
use leptos::prelude::*;

/// Solver, optimiser and loss.
#[component]
pub fn Advanced() -> impl IntoView {
    let state = expect_context::<State>();
    let settings = state.settings;
    let locked = Signal::derive(move || state.in_training());
    view! {
        <details class="advanced">
            <summary>"Advanced settings"</summary>
            <div class="fields">
                <NumberField
                    label="Time step"
                    unit="intervals"
                    hint="Euler-Maruyama step dt of the simulation, as a part of the interval between two time points."
                    min=0.005
                    max=1.0
                    disabled=locked
                    value=Signal::derive(move || settings.with(|s| s.dt))
                    set=move |x| settings.update(|s| s.dt = x)
                />
                <NumberField
                    label="Learning rate"
                    hint="Adam's step size at the start."
                    min=1e-7
                    max=1.0
                    disabled=locked
                    value=Signal::derive(move || settings.with(|s| s.learning_rate))
                    set=move |x| settings.update(|s| s.learning_rate = x)
                />
                <NumberField
                    label="Blur"
                    hint="Length scale of the Sinkhorn divergence between simulated and observed cells, in units of the model space."
                    min=0.001
                    max=100.0
                    disabled=locked
                    value=Signal::derive(move || settings.with(|s| s.blur))
                    set=move |x| settings.update(|s| s.blur = x)
                />
                <NumberField
                    label="Scaling"
                    hint="Ratio of successive blurs in the Sinkhorn iteration: nearer 1 is more exact and slower."
                    min=0.1
                    max=0.99
                    disabled=locked
                    value=Signal::derive(move || settings.with(|s| s.scaling))
                    set=move |x| settings.update(|s| s.scaling = x)
                />
                <NumberField
                    label="Action weight"
                    hint="Weight of the action in the loss: larger prefers slow, short paths."
                    min=0.0
                    max=1e6
                    disabled=locked
                    value=Signal::derive(move || decimal(settings.with(|s| s.action_weight)))
                    set=move |x: f64| settings.update(|s| s.action_weight = x as f32)
                />
                <NumberField
                    label="Gradient clip"
                    hint="Global norm to which the gradient of an update is cut."
                    min=1e-4
                    max=1e6
                    disabled=locked
                    value=Signal::derive(move || decimal(settings.with(|s| s.clip)))
                    set=move |x: f64| settings.update(|s| s.clip = x as f32)
                />
            </div>
            <label class="check" title="Without it every cell moves by its intrinsic drift f_intra alone.">
                <input
                    type="checkbox"
                    disabled=locked
                    prop:checked=move || settings.with(|s| s.interaction)
                    on:change:target=move |event| settings.update(|s| s.interaction = event.target().checked())
                />
                "Interaction between cells"
            </label>
            <label class="check" title="Go on from the weights in use instead of fresh ones.">
                <input
                    type="checkbox"
                    disabled=move || locked.get() || state.models.scimf.summary.with(Option::is_none)
                    prop:checked=move || settings.with(|s| s.from_current)
                    on:change:target=move |event| settings.update(|s| s.from_current = event.target().checked())
                />
                "Continue from the current weights"
            </label>
        </details>
    }
}

/// The decimal number that a person would write for it: 0.1, not 0.10000000149.
pub fn decimal(x: f32) -> f64 {
    x.to_string().parse().unwrap_or_else(|_| f64::from(x))
}

//! The settings of a training of Cell-MNN.

use super::advanced::decimal;
use crate::{
    signals::Memo,
    state::State,
    view::{field::NumberField, select_one::SelectOne},
};
use leptos::prelude::*;
use scimf::protocol::{OperatorForm, StopRule};

const FORMS: [(OperatorForm, &str, &str); 2] =
    [(OperatorForm::Direct, "direct", "D: direct, may turn"), (OperatorForm::Eigen, "eigen", "E: published, no turns")];
const STOPS: [(StopRule, &str, &str); 3] = [
    (StopRule::Validation, "validation", "validation loss"),
    (StopRule::HeldOut, "held-out", "held-out W1 (published, leaky)"),
    (StopRule::Never, "never", "the last epoch"),
];

/// Components, form, epochs, stop rule and seed.
#[component]
pub fn CellMnnFields() -> impl IntoView {
    let state = expect_context::<State>();
    let settings = state.models.cell_mnn_settings;
    let locked = Signal::derive(move || state.in_training());
    let dimensions = Memo::new(move |_| state.dataset.with(|it| it.as_ref().map_or(1, |it| it.summary.dimensions)));
    let leaks = move || settings.with(|s| s.stop == StopRule::HeldOut);
    let nothing_held_out = move || leaks() && settings.with(|s| s.held_out.is_empty());
    view! {
        <div class="fields">
            {move || {
                let most = dimensions.get();
                view! {
                    <NumberField
                        label="Components"
                        hint="Dimensions d of the operators: the first components of the model space. The published table uses 5; above 5 all are divided by one common scale."
                        min=1.0
                        max=most as f64
                        whole=true
                        disabled=locked
                        value=Signal::derive(move || settings.with(|s| s.config.dimensions) as f64)
                        set=move |n: f64| settings.update(|s| s.config.dimensions = n as usize)
                    />
                }
            }}
            <NumberField
                label="Epochs"
                hint="Most passes over the training cells. The authors' number is 1,000; the stop rule usually ends earlier."
                min=1.0
                max=1e6
                whole=true
                disabled=locked
                value=Signal::derive(move || f64::from(settings.with(|s| s.epochs)))
                set=move |n: f64| settings.update(|s| s.epochs = n as u32)
            />
            <NumberField
                label="Seed"
                hint="Fixes the first weights, the validation cells and the drawn cells: the same seed gives the same training."
                min=0.0
                max=f64::from(u32::MAX)
                whole=true
                disabled=locked
                value=Signal::derive(move || f64::from(settings.with(|s| s.seed)))
                set=move |n: f64| settings.update(|s| s.seed = n as u32)
            />
            <SelectOne
                label="Operator form"
                hint="How the network's answer becomes an operator: D is the operator itself, E its eigenvalues and vectors, which are then real"
                options=Signal::stored(FORMS.map(|(_, key, name)| (key.to_owned(), name.to_owned())).to_vec())
                value=Signal::derive(move || key_of(&FORMS, settings.with(|s| s.config.form)))
                set=move |key: String| {
                    if let Some(form) = named(&FORMS, &key) {
                        settings.update(|s| s.config.form = form);
                    }
                }
                disabled=locked
            />
            <SelectOne
                label="Stop at"
                hint="Which weights are kept: lowest loss on validation cells of the training time points, lowest W1 at the held-out ones (as published; this leaks the test set), or the last"
                options=Signal::stored(STOPS.map(|(_, key, name)| (key.to_owned(), name.to_owned())).to_vec())
                value=Signal::derive(move || key_of(&STOPS, settings.with(|s| s.stop)))
                set=move |key: String| {
                    if let Some(stop) = named(&STOPS, &key) {
                        settings.update(|s| s.stop = stop);
                    }
                }
                disabled=locked
            />
        </div>
        <p class="warning">
            {move || {
                if nothing_held_out() {
                    "This rule needs held-out time points: choose at least one under Hold out."
                } else if leaks() {
                    "This rule chooses the weights on the held-out cells, as the published table did: distances at these time points are then no test."
                } else {
                    ""
                }
            }}
        </p>
    }
}

/// Network, loss and optimiser, with the authors' defaults.
#[component]
pub fn CellMnnAdvanced() -> impl IntoView {
    let state = expect_context::<State>();
    let settings = state.models.cell_mnn_settings;
    let locked = Signal::derive(move || state.in_training());
    view! {
        <details class="advanced">
            <summary>"Advanced settings"</summary>
            <div class="fields">
                <NumberField
                    label="Hidden width"
                    hint="Width of the four hidden layers."
                    min=1.0
                    max=1024.0
                    whole=true
                    disabled=locked
                    value=Signal::derive(move || settings.with(|s| s.config.hidden) as f64)
                    set=move |n: f64| settings.update(|s| s.config.hidden = n as usize)
                />
                <NumberField
                    label="Bound"
                    hint="Soft bound on the entries of an operator, a tanh(answer / a); divided by the root of d / 5 above five components."
                    min=0.01
                    max=100.0
                    disabled=locked
                    value=Signal::derive(move || decimal(settings.with(|s| s.config.bound)))
                    set=move |x: f64| settings.update(|s| s.config.bound = x as f32)
                />
                <NumberField
                    label="Gamma"
                    hint="Weight of each further training time point after the start, relative to the one before it."
                    min=0.0
                    max=1.0
                    disabled=locked
                    value=Signal::derive(move || decimal(settings.with(|s| s.gamma)))
                    set=move |x: f64| settings.update(|s| s.gamma = x as f32)
                />
                <NumberField
                    label="Speed weight"
                    hint="Weight of the mean squared velocity in the loss: larger prefers slow, short paths."
                    min=0.0
                    max=1e6
                    disabled=locked
                    value=Signal::derive(move || decimal(settings.with(|s| s.speed_weight)))
                    set=move |x: f64| settings.update(|s| s.speed_weight = x as f32)
                />
                <NumberField
                    label="Learning rate"
                    hint="Step size of AdamW."
                    min=1e-7
                    max=1.0
                    disabled=locked
                    value=Signal::derive(move || settings.with(|s| s.learning_rate))
                    set=move |x| settings.update(|s| s.learning_rate = x)
                />
                <NumberField
                    label="Batch"
                    unit="cells"
                    hint="Start cells over all start times, and target cells of each time point, in a step."
                    min=2.0
                    max=8192.0
                    whole=true
                    disabled=locked
                    value=Signal::derive(move || settings.with(|s| s.batch) as f64)
                    set=move |n: f64| settings.update(|s| s.batch = n as usize)
                />
                <NumberField
                    label="Patience"
                    unit="epochs"
                    hint="Epochs without a better value after which the training ends."
                    min=1.0
                    max=1e6
                    whole=true
                    disabled=locked
                    value=Signal::derive(move || f64::from(settings.with(|s| s.patience)))
                    set=move |n: f64| settings.update(|s| s.patience = n as u32)
                />
            </div>
            <label class="check" title="Go on from the weights in use instead of fresh ones; components and form are then theirs.">
                <input
                    type="checkbox"
                    disabled=move || locked.get() || state.models.cell_mnn.summary.with(Option::is_none)
                    prop:checked=move || settings.with(|s| s.from_current)
                    on:change:target=move |event| settings.update(|s| s.from_current = event.target().checked())
                />
                "Continue from the current weights"
            </label>
        </details>
    }
}

fn key_of<T: PartialEq>(options: &[(T, &str, &str)], value: T) -> String {
    options.iter().find(|(option, ..)| *option == value).map_or_else(String::new, |(_, key, _)| (*key).to_owned())
}

fn named<T: Copy>(options: &[(T, &str, &str)], key: &str) -> Option<T> {
    options.iter().find(|(_, other, _)| *other == key).map(|(option, ..)| *option)
}

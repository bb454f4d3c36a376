//! What is evaluated.

use crate::state::State;
use crate::view::{field::NumberField, time_boxes::TimeBoxes};
use leptos::prelude::*;

/// Time points, repetitions, cells and updates.
#[component]
pub fn Choices() -> impl IntoView {
    let state = expect_context::<State>();
    let choice = state.evaluation_choice;
    let locked = Signal::derive(move || state.evaluating.with(Option::is_some));
    let toggle = move |time: usize| {
        choice.update(|choice| match choice.held_out.binary_search(&time) {
            Ok(at) => drop(choice.held_out.remove(at)),
            Err(at) => choice.held_out.insert(at, time),
        });
    };
    view! {
        <TimeBoxes
            legend="Time points to predict"
            hint="Held out of the training, and compared with the prediction. The simulation starts from the first."
            tip="Predict these cells and compare."
            labels=Memo::new(move |_| state.time_labels())
            chosen=Signal::derive(move || choice.with(|choice| choice.held_out.clone()))
            toggle
            disabled=locked
        />
        <div class="fields">
            <NumberField
                label="Seeds"
                hint="Repetitions with other drawn cells, noise and first weights: the standard deviation over them tells noise from effect. The paper's number is 5."
                min=1.0
                max=20.0
                whole=true
                disabled=locked
                value=Signal::derive(move || f64::from(choice.with(|it| it.seeds)))
                set=move |n: f64| choice.update(|it| it.seeds = n as u32)
            />
            <NumberField
                label="Predicted cells"
                unit="cells"
                hint="Simulated cells that are compared with the observed ones. The paper's number is 2,000."
                min=2.0
                max=20000.0
                whole=true
                disabled=locked
                value=Signal::derive(move || choice.with(|it| it.cells) as f64)
                set=move |n: f64| choice.update(|it| it.cells = n as usize)
            />
            <NumberField
                label="Updates per model"
                hint="Length of each training. Everything else is as set in Train."
                min=1.0
                max=1e6
                whole=true
                disabled=locked
                value=Signal::derive(move || f64::from(choice.with(|it| it.updates)))
                set=move |n: f64| choice.update(|it| it.updates = n as u32)
            />
        </div>
    }
}

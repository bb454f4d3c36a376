//! Time points that the training must not see.

use crate::{state::State, view::time_boxes::TimeBoxes};
use leptos::prelude::*;

/// One box per time point.
#[component]
pub fn HoldOut() -> impl IntoView {
    let state = expect_context::<State>();
    let toggle = move |time: usize| {
        state.settings.update(|settings| match settings.held_out.binary_search(&time) {
            Ok(at) => drop(settings.held_out.remove(at)),
            Err(at) => settings.held_out.insert(at, time),
        });
    };
    view! {
        <TimeBoxes
            legend="Hold out"
            hint="Time points left out of the loss. The first cannot be: the simulation starts from its cells."
            tip="Leave these cells out of the loss, to see later whether the model predicts them."
            labels=Memo::new(move |_| state.time_labels())
            chosen=Signal::derive(move || state.settings.with(|settings| settings.held_out.clone()))
            toggle
            disabled=Signal::derive(move || state.in_training())
        />
    }
}

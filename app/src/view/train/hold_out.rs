//! Time points that the training must not see.

use crate::prelude::*;
use crate::{state::State, view::time_boxes::TimeBoxes};

/// One box per time point.
#[component]
pub fn HoldOut() -> impl IntoView {
    let state = expect_context::<State>();
    let toggle = move |time: usize| untrack(|| state.shown()).recipe.update(|it| flip(&mut it.held_out, time));
    let chosen = move || state.shown().recipe.with(|it| it.held_out.clone());
    view! {
        <TimeBoxes
            legend="Hold out"
            hint="Time points left out of the loss. The first cannot be: cells start there."
            tip="Leave these cells out of the loss, to see later whether the model predicts them."
            labels=Memo::new(move |_| state.time_labels())
            chosen=Signal::derive(chosen)
            toggle
            disabled=Signal::derive(move || state.in_training())
        />
    }
}

/// Puts a time point into the sorted list, or takes it out.
fn flip(times: &mut Vec<usize>, time: usize) {
    match times.binary_search(&time) {
        Ok(at) => drop(times.remove(at)),
        Err(at) => times.insert(at, time),
    }
}

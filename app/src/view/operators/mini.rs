//! The operator of a time point as the face of its button in the strip.

use super::course::paint;
use crate::prelude::*;
use crate::state::State;
use leptos::html;
use scimf::figure::operator_grid::{all_types, scale};

/// The mean operator over all cells of a time point, on the scale that all operators over time share.
#[component]
pub fn MiniOperator(
    /// Time point.
    time: usize,
) -> impl IntoView {
    let state = expect_context::<State>();
    let canvas = NodeRef::<html::Canvas>::new();
    let there = Memo::new(move |_| {
        state.operators.means.with(|means| means.as_ref().and_then(|means| all_types(means, time)).is_some())
    });
    Effect::new(move |_| {
        let (Some(canvas), Some(means)) = (canvas.get(), state.operators.means.get()) else { return };
        if let Some(matrix) = all_types(&means, time) {
            paint(&canvas, &matrix, means.dimensions, scale(&means));
        }
    });
    view! { <canvas class="mini-operator" class:absent=move || !there.get() node_ref=canvas></canvas> }
}

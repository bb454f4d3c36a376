//! The cells of the compared population beside those of the chosen one: in the same plane, at the same part of it.

use super::{layer::CellsLayer, overlay, scene::Scene};
use crate::prelude::*;
use crate::{
    state::{Population, State},
    view::canvas::{once_a_frame, size_of_element},
    words,
};
use leptos::html;

/// The compared cells.
#[component]
pub fn Beside() -> impl IntoView {
    let state = expect_context::<State>();
    let frame = NodeRef::<html::Div>::new();
    let top = NodeRef::<html::Canvas>::new();
    // While it goes away nothing is compared.
    let population =
        Memo::new(move |_| state.compared().unwrap_or(Population { time: state.time.get(), sample: None }));
    let scene = Scene::of(state, size_of_element(frame), population);
    let ask = once_a_frame(move || {
        if let Some(canvas) = top.try_get_untracked().flatten() {
            overlay::draw_beside(&canvas, scene);
        }
    });
    Effect::new(move |_| {
        scene.viewport.with(|_| ());
        scene.middles.with(|_| ());
        state.dataset.track();
        state.color_by.track();
        state.dark.track();
        state.focused_type.track();
        ask();
    });
    let label = move || {
        let cells = scene.counts.with(|counts| counts.iter().sum());
        format!(
            "Scatter plot of the compared cells: {}, {}",
            name(state, population.get()),
            words::counted(cells, "cell")
        )
    };
    view! {
        <div class="scatter-plot beside" node_ref=frame role="img" aria-label=label>
            <CellsLayer scene/>
            <canvas node_ref=top class="scatter-overlay" aria-hidden="true"></canvas>
            <Whose population/>
        </div>
    }
}

/// Which population a plot shows.
#[component]
pub fn Whose(population: Memo<Population>) -> impl IntoView {
    let state = expect_context::<State>();
    view! { <p class="whose" aria-hidden="true">{move || name(state, population.get())}</p> }
}

/// The time point, and the sample where there are any.
fn name(state: State, population: Population) -> String {
    let time = state.time_labels().get(population.time).cloned().unwrap_or_default();
    let sample = population.sample.and_then(|sample| state.sample_names().get(sample).cloned());
    sample.map_or_else(|| time.clone(), |sample| format!("{sample}, {time}"))
}

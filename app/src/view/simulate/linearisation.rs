//! What freezing the operator costs: frozen against re-encoded trajectories of the same cells.

use crate::prelude::*;
use crate::{
    shown::linearisation::{UNIT, WAYS, curves, sentence},
    state::{State, Topic},
    view::{operators::hand_over, panel_tools::PanelTools, sketch::Sketch},
};
use scimf::figure::lines;
use scimf::figure::theme::Theme;
use scimf::figure::trails::{self, Trails};

/// Both ways in the plane, and their gap over time.
#[component]
pub fn FrozenAndReencoded() -> impl IntoView {
    let state = expect_context::<State>();
    let answer = move || state.operators.linearisation.get();
    let trails = move |size| {
        let (it, dataset, theme) = (answer()?, state.dataset.get()?, Theme::new(state.dark.get()));
        let ground = &dataset.cells.positions;
        let trails = Trails { ground, cells: it.cells.len(), first: &it.frozen, second: &it.reencoded, names: WAYS };
        Some(trails::draw(&trails, size, theme))
    };
    let curve = move |size| {
        let (it, theme) = (answer()?, Theme::new(state.dark.get()));
        Some(lines::draw(&curves(&it), &it.times, &state.time_labels(), UNIT, size, theme))
    };
    let about = Signal::derive(move || answer().map_or_else(String::new, |it| sentence(state, &it)));
    let save = move |_| {
        if let Some(it) = state.operators.linearisation.get_untracked() {
            let labels = untrack(|| state.time_labels());
            hand_over(state, "linearisation", &lines::csv(&curves(&it), &it.times, &labels));
        }
    };
    let there = Memo::new(move |_| state.operators.linearisation.with(Option::is_some));
    view! {
        <section class="linearisation" aria-labelledby="linearisation-title">
            <div class="bar">
                <h3 id="linearisation-title">"Frozen and re-encoded"</h3>
                <PanelTools topic=Topic::Linearisation figure=|_| "linearisation" about="Frozen and re-encoded"/>
                <button type="button" disabled=move || !there.get() on:click=save>
                    "Save gap (CSV)"
                </button>
            </div>
            <Show when=move || there.get() fallback=|| view! { <p class="quiet">"The trajectories are being computed."</p> }>
                <p aria-live="polite">{about}</p>
                <div class="pair">
                    <Sketch draw=trails about class="trails"/>
                    <Sketch draw=curve about class="trails"/>
                </div>
            </Show>
        </section>
    }
}

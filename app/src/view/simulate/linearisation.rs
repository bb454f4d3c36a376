//! What freezing the operator costs: frozen against re-encoded trajectories of the same cells.

use crate::{
    signals::Memo,
    state::State,
    view::{help::Topic, operators::hand_over, panel_tools::PanelTools, sketch::Sketch},
    words,
};
use leptos::prelude::*;
use scimf::figure::lines::{self, Line};
use scimf::figure::theme::Theme;
use scimf::figure::time_axis;
use scimf::figure::trails::{self, Trails};
use scimf::protocol::Linearisation;
use std::sync::Arc;

/// What the two ways are, on every drawing.
pub const WAYS: [&str; 2] = ["frozen", "re-encoded"];

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

/// What the lines measure.
pub const UNIT: &str = "mean distance, standardised components";

/// Gap and distance travelled.
pub fn curves(it: &Linearisation) -> [Line<'_>; 2] {
    [Line { name: "gap", values: &it.gap }, Line { name: "distance travelled", values: &it.travelled }]
}

/// How large the gap is at the end.
pub fn sentence(state: State, it: &Arc<Linearisation>) -> String {
    let last = |values: &[f32]| values.last().copied().unwrap_or(0.0);
    let (gap, travelled) = (last(&it.gap), last(&it.travelled));
    let end = time_axis::words(&state.time_labels(), it.times.last().map_or(0.0, |&time| time.into()));
    let share = if travelled > 0.0 { 100.0 * gap / travelled } else { 0.0 };
    let judged = match share {
        share if share < 10.0 => "one operator describes the way well",
        share if share < 50.0 => "one operator describes the way roughly",
        _ => "one operator does not describe the way",
    };
    let cells = words::count(it.cells.len());
    let exact =
        if it.exact { "" } else { " The plane shows both approximately, through neighbours; the curve is exact." };
    format!(
        "{cells} cells until {end}: the gap is {}, {share:.0} % of the {} travelled: {judged}.{exact}",
        words::number(gap),
        words::number(travelled)
    )
}

//! The cells with their arrows and the simulated ones among them.

pub mod color;
pub mod gene;
mod space;

use super::{choice, full_screen::full, menu::Menu, panel_tools::PanelTools, pinned::Pinned, scatter::Scatter};
use crate::prelude::*;
use crate::{
    state::{Flow, State, Topic},
    words,
};
use color::ColorMenu;
use scimf::protocol::DriftPart;
use space::SpaceMenu;

const FLOWS: &[choice::Option<Flow>] = &[
    (Flow::Grid, "Grid arrows", "Mean velocity on a regular grid; length is speed"),
    (Flow::Lines, "Stream lines", "Lines along the mean velocity; wider is faster"),
    (Flow::Particles, "Particles", "Particles that drift with the mean velocity"),
    (Flow::Cells, "Cell arrows", "The velocity of single cells"),
    (Flow::Off, "None", "No velocity"),
];
const PARTS: &[choice::Option<DriftPart>] = &[
    (DriftPart::Total, "Total", "The whole drift, f_intra + f_inter"),
    (DriftPart::Intrinsic, "Intrinsic", "f_intra: where a cell would go alone"),
    (DriftPart::Interaction, "Interaction", "f_inter: what the other cells of its time point add"),
    (DriftPart::Differing, "Without wind", "f_inter without the one vector that all cells of a population share"),
];

/// The scatter plot with its choices.
#[component]
pub fn CellsPanel() -> impl IntoView {
    let state = expect_context::<State>();
    let several = Memo::new(move |_| state.can().parts.len() > 1);
    let loaded = Memo::new(move |_| state.dataset.with(Option::is_some));
    // Who chooses how velocity is drawn wants to see it, and simulated cells stand in its place.
    Effect::new(move |before: Option<Flow>| {
        let flow = state.cells.flow.get();
        if before.is_some_and(|before| before != flow) && flow != Flow::Off {
            state.playing.set(false);
            state.playhead.set(None);
        }
        flow
    });
    view! {
        <section class="panel cells" class:full=full("cells") aria-labelledby="cells-title">
            <div class="bar">
                <h2 id="cells-title">"Cells"</h2>
                <PanelTools topic=Topic::Velocity figure=|_| "cells" about="Cells" panel="cells"/>
                <SpaceMenu/>
                <ColorMenu/>
                <span class="inline">
                    <span class="label">"Velocity"</span>
                    <Menu label="Velocity drawn as" options=FLOWS value=state.cells.flow/>
                    <Show when=move || several.get()>
                        <Menu label="Part of the velocity" options=PARTS value=state.part/>
                    </Show>
                </span>
            </div>
            <div class="stage">
                {move || if loaded.get() { view! { <Scatter/> }.into_any() } else { view! { <Waiting/> }.into_any() }}
            </div>
            <div class="caption">
                <Pinned/>
                <p hidden=move || state.attention.pinned.with(Option::is_some)>{move || caption(state)}</p>
            </div>
        </section>
    }
}

/// What stands where the cells will be.
#[component]
fn Waiting() -> impl IntoView {
    let state = expect_context::<State>();
    view! {
        <div class="waiting">
            <svg viewBox="0 0 240 120" aria-hidden="true">
                <path d="M20 60 C80 60 90 24 150 24 S200 20 220 14"/>
                <path d="M20 60 C80 60 100 66 150 66 S200 62 220 58"/>
                <path d="M20 60 C80 60 90 98 150 100 S200 104 220 106"/>
            </svg>
            <p>{move || state.opening.get().map_or_else(|| "No dataset is open.".into(), |what| format!("{what}…"))}</p>
            <p class="quiet">"Drop the files of a study anywhere on this page, or use Open dataset."</p>
        </div>
    }
}

/// What the arrows are, how fast the cells move, and how far the plane can be trusted.
fn caption(state: State) -> String {
    let asked = state.velocity.with(|field| {
        field
            .as_ref()
            .filter(|field| field.query.time == state.time.get() && field.query.space == state.space.get())
            .map(|field| {
                let part = match field.query.part {
                    _ if field.query.model.card().can.operators => "Velocity A(z, t) z",
                    _ if field.query.model.card().can.potential => "Velocity along the potential",
                    DriftPart::Total if state.in_learned_space() => "Velocity out of a learned space",
                    DriftPart::Total => "Velocity",
                    DriftPart::Intrinsic => "Intrinsic velocity",
                    DriftPart::Interaction => "Velocity from interaction",
                    DriftPart::Differing => "Velocity from interaction without its wind",
                };
                let wind = field.wind_words().map_or_else(String::new, |words| format!(" {words}"));
                let exact = if field.exact {
                    "directions exact in this plane"
                } else {
                    "directions approximate: projected through neighbours"
                };
                let speed = words::number(field.mean_speed);
                let space = if field.exact { "" } else { " in the model space, not in this plane" };
                format!("{part}: mean speed{space} {speed} per interval, {exact}.{wind}")
            })
    });
    asked.unwrap_or_else(|| {
        if state.dataset.with(Option::is_none) {
            String::new()
        } else if state.has_weights() {
            "Velocity is being computed.".into()
        } else {
            "No velocity yet: train the model or load weights.".into()
        }
    })
}

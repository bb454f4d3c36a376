//! The whole page.

use super::{
    attention::Attention,
    cast::Cast,
    cells::CellsPanel,
    drawer::Drawer,
    drop_zone::DropZone,
    export::ExportDialog,
    find::FindDialog,
    header::Header,
    help::HelpDialog,
    landscape::LandscapePanel,
    leaving::LeavingDialog,
    mapping::{MappingDialog, NamingDialog},
    operators::Operators,
    popovers,
    problem::Problem,
    status::Status,
    time_strip::TimeStrip,
    tour::Tour,
};
use crate::prelude::*;
use crate::{address, awake, engine::Engine, history, offline, page, playback, questions, queue, state::State, title};
use leptos::ev;
use wasm_bindgen::JsCast;

/// Lays out the parts and starts what moves them: the engine, the questions to it and the clock of the playback.
#[component]
pub fn App() -> impl IntoView {
    let dark = page::prefers_dark();
    page::show_theme(dark);
    let state = State::new(dark);
    let engine = Engine::start(state);
    provide_context(state);
    provide_context(engine);
    provide_context(Cast::new(state));
    address::keep(state, engine);
    questions::keep_asking(state, engine);
    history::keep(state, engine);
    playback::run(state);
    awake::watch(state);
    title::keep(state);
    queue::keep_going(state, engine);
    // After everything else: what the first sight needs comes first.
    Effect::new(move |kept: Option<bool>| {
        let ready = state.ready();
        if ready && kept != Some(true) {
            offline::keep();
        }
        kept == Some(true) || ready
    });
    popovers::close_outside();
    let keys = window_event_listener(ev::keydown, move |event| shortcut(state, &event));
    on_cleanup(move || keys.remove());

    let size =
        move |unit: &'static str| move || state.dialogs.dock.get().map(|share| format!("{:.1}{unit}", 100.0 * share));
    view! {
        <a class="skip" href="#cells-title" on:click=move |event| skip(&event, "cells-title")>"To the cells"</a>
        <a class="skip" href="#time-strip" on:click=move |event| skip(&event, "time-strip")>"To the time points"</a>
        <Header/>
        <main style=("--dock-width", size("vw")) style=("--dock-height", size("dvh"))>
            <CellsPanel/>
            {move || {
                let can = state.can();
                if can.operators {
                    view! { <Operators/> }.into_any()
                } else if can.potential {
                    view! { <LandscapePanel/> }.into_any()
                } else {
                    view! { <Attention/> }.into_any()
                }
            }}
            <TimeStrip/>
            <Drawer/>
        </main>
        <Status/>
        // A dialog is above everything else, so it shows what went wrong itself.
        <Show when=move || state.proposal.with(Option::is_none)>
            <Problem/>
        </Show>
        <MappingDialog/>
        <NamingDialog/>
        <LeavingDialog/>
        <ExportDialog/>
        <FindDialog/>
        <HelpDialog/>
        <Tour/>
        <DropZone/>
    }
}

/// Leads the focus to a part of the page; the address is the page's own, so the link does not change it.
fn skip(event: &web_sys::MouseEvent, id: &str) {
    event.prevent_default();
    let part = document().get_element_by_id(id).and_then(|part| part.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(part) = part {
        part.set_tab_index(-1);
        part.focus().ok();
    }
}

/// Space plays and 1 to 9 choose a time point, unless a control or a dialog has the keys.
fn shortcut(state: State, event: &web_sys::KeyboardEvent) {
    let elsewhere =
        event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()).is_some_and(|target| {
            target
                .closest("input:not([name='time-point']), select, textarea, button, summary, a, dialog, [tabindex]")
                .ok()
                .flatten()
                .is_some()
        });
    if elsewhere || event.ctrl_key() || event.alt_key() || event.meta_key() || event.default_prevented() {
        return;
    }
    let times = state.dataset.with_untracked(|dataset| dataset.as_ref().map_or(0, |it| it.summary.time_points.len()));
    match event.key().as_str() {
        " " => {
            event.prevent_default();
            playback::toggle(state);
        }
        key => {
            if let Some(time) = key.parse::<usize>().ok().filter(|n| (1..=times.min(9)).contains(n)) {
                state.choose_time(time - 1);
            }
        }
    }
}

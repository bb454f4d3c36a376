//! Five steps through the page at the first visit.

mod steps;

use crate::prelude::*;
use crate::{page, state::State};
use leptos::{ev, html};
use steps::{Beside, STEPS, Step};
use wasm_bindgen::JsCast;

/// Width of the card in CSS pixels, where the window has room for it.
const WIDTH: f64 = 320.0;
/// What is left free for the card's height when it is placed.
const HEIGHT: f64 = 210.0;
/// Space between the card, its part of the page and the window's edge.
const GAP: f64 = 12.0;

/// A card beside the part of the page that it speaks of. It takes nothing away: everything can be used meanwhile, Escape ends it.
#[component]
pub fn Tour() -> impl IntoView {
    let state = expect_context::<State>();
    let tour = state.dialogs.tour;
    // Not before there is something to see.
    let seen = StoredValue::new(!page::wants_tour());
    Effect::new(move |_| {
        if state.dataset.with(Option::is_some) && !seen.get_value() {
            seen.set_value(true);
            tour.set(Some(0));
        }
    });
    let before = StoredValue::new_local(None::<web_sys::HtmlElement>);
    let card = NodeRef::<html::Div>::new();
    let step = Memo::new(move |_| tour.get().and_then(|at| STEPS.get(at)));
    // Whoever begins it is led there and, at the end, back.
    Effect::new(move |was: Option<bool>| {
        let runs = tour.with(Option::is_some);
        if runs && was != Some(true) {
            before.set_value(focused());
            request_animation_frame(move || {
                card.get_untracked().map(|card| card.focus().ok());
            });
        } else if !runs && was == Some(true) {
            page::remember_tour();
            if let Some(before) = before.try_update_value(Option::take).flatten() {
                before.focus().ok();
            }
        }
        runs
    });
    let beside_cells = Memo::new(move |_| {
        let can = state.can();
        if can.operators || can.potential {
            Beside::Driving
        } else if state.attention.quantity.get().told().is_some() {
            Beside::Acting
        } else {
            Beside::Listening
        }
    });
    let place = RwSignal::new([GAP; 2]);
    let put = move || place.set(step.get_untracked().map_or([GAP; 2], beside));
    Effect::new(move |_| {
        mark(step.get());
        request_animation_frame(put);
    });
    let resized = window_event_listener(ev::resize, move |_| put());
    let keys = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" && tour.get_untracked().is_some() {
            tour.set(None);
        }
    });
    on_cleanup(move || {
        resized.remove();
        keys.remove();
    });
    let go = move |by: isize| {
        tour.update(|at| *at = at.and_then(|at| at.checked_add_signed(by)).filter(|at| *at < STEPS.len()))
    };
    view! {
        {move || {
            step.get()
                .map(|step| {
                    let at = tour.get_untracked().unwrap_or(0);
                    let last = at + 1 == STEPS.len();
                    view! {
                        <div
                            node_ref=card
                            class="tour"
                            role="dialog"
                            tabindex="-1"
                            aria-labelledby="tour-title"
                            aria-describedby="tour-words"
                            style:left=move || format!("{:.0}px", place.get()[0])
                            style:top=move || format!("{:.0}px", place.get()[1])
                        >
                            <p class="quiet">{format!("Step {} of {}", at + 1, STEPS.len())}</p>
                            <h2 id="tour-title">{move || step.said(beside_cells.get())[0]}</h2>
                            <p id="tour-words">{move || step.said(beside_cells.get())[1]}</p>
                            <div class="actions">
                                <button type="button" on:click=move |_| tour.set(None)>
                                    {if last { "Close" } else { "Leave" }}
                                </button>
                                <button type="button" disabled=at == 0 on:click=move |_| go(-1)>
                                    "Back"
                                </button>
                                {(!last)
                                    .then(|| {
                                        view! {
                                            <button type="button" class="primary" on:click=move |_| go(1)>
                                                "Next"
                                            </button>
                                        }
                                    })}
                            </div>
                        </div>
                    }
                })
        }}
    }
}

/// Marks the part of the page that a step speaks of, and no other.
fn mark(step: Option<&Step>) {
    if let Some(marked) = element(".toured") {
        marked.class_list().remove_1("toured").ok();
    }
    if let Some(part) = step.and_then(|step| element(step.part)) {
        part.class_list().add_1("toured").ok();
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        part.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// The corner of the card: right or left of its part, else under or over it, else at the foot of the window.
fn beside(step: &Step) -> [f64; 2] {
    let window = window();
    let side = |length: Result<wasm_bindgen::JsValue, _>| length.ok().and_then(|l| l.as_f64()).unwrap_or(0.0);
    let [width, height] = [side(window.inner_width()), side(window.inner_height())];
    let card = WIDTH.min(width - 2.0 * GAP);
    let within = |at: f64, length: f64, room: f64| at.clamp(GAP, (room - length - GAP).max(GAP));
    let Some(part) = element(step.part).map(|part| part.get_bounding_client_rect()) else { return [GAP; 2] };
    let (left, right, top, bottom) = (part.left(), part.right(), part.top(), part.bottom());
    if right + GAP + card + GAP <= width {
        [right + GAP, within(top, HEIGHT, height)]
    } else if left - GAP - card >= GAP {
        [left - GAP - card, within(top, HEIGHT, height)]
    } else if bottom + GAP + HEIGHT <= height {
        [within(left, card, width), bottom + GAP]
    } else if top - GAP - HEIGHT >= 0.0 {
        [within(left, card, width), top - GAP - HEIGHT]
    } else {
        [within(left, card, width), within(height, HEIGHT, height)]
    }
}

fn element(selector: &str) -> Option<web_sys::Element> {
    document().query_selector(selector).ok().flatten()
}

fn focused() -> Option<web_sys::HtmlElement> {
    document().active_element().and_then(|element| element.dyn_into().ok())
}

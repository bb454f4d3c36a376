//! The hand that moves both views.

use super::{
    canvas::size_of_element, chord::MiniChord, loss_spark::LossSpark, operators::MiniOperator, scrubber::Scrubber,
};
use crate::prelude::*;
use crate::{
    playback, spacing,
    state::{Dataset, State},
    words,
};
use leptos::html;
use std::sync::Arc;

/// Least and usual width in CSS pixels of a time point: where there are many, they are smaller.
const STOPS: [f64; 2] = [34.0, 84.0];
/// Space between two time points, in CSS pixels.
const APART: f64 = 4.0;

/// One radio per time point, which is the chord or the operator of that time point, spaced by real time, with the playback under them.
#[component]
pub fn TimeStrip() -> impl IntoView {
    let state = expect_context::<State>();
    let playable = Memo::new(move |_| state.played_range().is_some());
    let times = Memo::new(move |_| state.dataset.with(|it| it.as_ref().map(|it| it.summary.time_points.clone())));
    let shown = move || state.playhead.with(Option::is_some);
    let scroll = NodeRef::<html::Div>::new();
    let room = size_of_element(scroll);
    let more = move || {
        let times = times.get()?;
        let needed = needed(&spacing::positions(&times.iter().map(|time| time.value).collect::<Vec<_>>()));
        let [width, _] = room.get();
        (width > 0.0 && width + 1.0 < needed).then(|| format!("{} times: scroll for more", times.len()))
    };
    view! {
        <section id="time-strip" class="panel strip" aria-label="Time and playback">
            <div class="playback">
                <Sample/>
                <button
                    type="button"
                    class="play"
                    aria-label="Play"
                    title="Play the simulated cells from their first time to their last (Space)"
                    aria-pressed=move || state.playing.get().to_string()
                    disabled=move || !playable.get()
                    on:click=move |_| playback::toggle(state)
                >
                    <svg viewBox="0 0 20 20" aria-hidden="true">
                        <path d=move || if state.playing.get() { "M5 4h3.5v12H5zM11.5 4H15v12h-3.5z" } else { "M6 3.5v13l10.5-6.5z" }/>
                    </svg>
                </button>
                <label class="check" title="Show the simulated cells over the observed ones">
                    <input
                        type="checkbox"
                        disabled=move || !playable.get()
                        prop:checked=shown
                        on:change=move |_| {
                            if state.playhead.get_untracked().is_some() {
                                state.playing.set(false);
                                state.playhead.set(None);
                            } else {
                                state.seek(state.time.get_untracked() as f64);
                            }
                        }
                    />
                    "Simulated cells"
                </label>
                <Compare/>
                <Show when=move || state.can().attention && state.attention.quantity.get().told().is_some()>
                    <span
                        class="quiet small whose-minis"
                        title="What is shown beside the cells is of all times; the small chords are what the model attends to at each of them."
                    >
                        "Small chords: attention"
                    </span>
                </Show>
            </div>
            <div class="scroll" node_ref=scroll>
                {move || match times.get() {
                    None => view! { <div class="track empty"></div> }.into_any(),
                    Some(_) => state.dataset.get_untracked().map(|dataset| view! { <Track dataset/> }).into_any(),
                }}
            </div>
            {move || more().map(|words| view! { <span class="more-times">{words}</span> })}
            <LossSpark/>
        </section>
    }
}

/// The sample that the views answer for; nothing where the dataset has none.
#[component]
fn Sample() -> impl IntoView {
    let state = expect_context::<State>();
    let chosen = state.samples.chosen;
    let names = Memo::new(move |_| state.sample_names());
    let option = move |(sample, name): (usize, String)| {
        view! {
            <option value=sample.to_string() prop:selected=move || chosen.get() == Some(sample)>
                {name}
            </option>
        }
    };
    view! {
        <Show when=move || { names.with(Vec::len) > 1 }>
            <label class="compare sample" title="A population that lived together: cells of other samples are never heard">
                <span>"Sample"</span>
                <select
                    aria-label="Sample"
                    prop:value=move || chosen.get().map_or_else(String::new, |sample| sample.to_string())
                    on:change:target=move |event| state.choose_sample(event.target().value().parse().ok())
                >
                    <option value="" prop:selected=move || chosen.get().is_none()>"all"</option>
                    {move || names.get().into_iter().enumerate().map(option).collect_view()}
                </select>
            </label>
        </Show>
    }
}

/// The time point beside the chosen one, or the sample at the same time.
#[component]
fn Compare() -> impl IntoView {
    let state = expect_context::<State>();
    let (compare, sample) = (state.attention.compare, state.samples.compared);
    let labels = Memo::new(move |_| state.time_labels());
    let names = Memo::new(move |_| state.sample_names());
    let choose = move |value: String| match value.strip_prefix('s').map(str::parse) {
        Some(sample) => state.compare_with_sample(sample.ok()),
        None => {
            state.compare_with_sample(None);
            compare.set(value.parse().ok());
        }
    };
    let value = move || match (sample.get(), compare.get()) {
        (Some(sample), _) => format!("s{sample}"),
        (None, Some(time)) => time.to_string(),
        (None, None) => String::new(),
    };
    let samples = move || {
        let option = |(at, name): (usize, String)| {
            view! {
                <option value=format!("s{at}") disabled=move || state.samples.chosen.get() == Some(at) prop:selected=move || sample.get() == Some(at)>
                    {name}
                </option>
            }
        };
        names.with(|names| names.len() > 1).then(|| view! {
            <optgroup label="Samples at this time">{names.get().into_iter().enumerate().map(option).collect_view()}</optgroup>
        })
    };
    view! {
        <label class="compare" hidden=move || !state.can().attention title="A second time point beside the chosen one, with what changes between them; or Shift and a click on it">
            <span>"Compare"</span>
            <select
                aria-label="Compare with"
                disabled=move || labels.with(|all| all.len() < 2)
                prop:value=value
                on:change:target=move |event| choose(event.target().value())
            >
                <option value="" prop:selected=move || compare.get().is_none() && sample.get().is_none()>"nothing"</option>
                {move || {
                    let option = |(time, label): (usize, String)| {
                        view! {
                            <option value=time.to_string() disabled=move || state.time.get() == time prop:selected=move || compare.get() == Some(time)>
                                {label}
                            </option>
                        }
                    };
                    labels.get().into_iter().enumerate().map(option).collect_view()
                }}
                {move || samples()}
            </select>
        </label>
    }
}

/// The time points of one dataset.
#[component]
fn Track(dataset: Arc<Dataset>) -> impl IntoView {
    let state = expect_context::<State>();
    let times = dataset.summary.time_points.clone();
    let count = times.len();
    let values: Vec<_> = times.iter().map(|time| time.value).collect();
    let positions = StoredValue::new(spacing::positions(&values));
    // All time points fit if they can: the small pictures give way first, and only then the strip scrolls and says so.
    let least = positions.with_value(|all| spacing::least_gap(all));
    let frame = NodeRef::<html::Div>::new();
    let size = size_of_element(frame);
    let dot = Memo::new(move |_| ((size.get()[0] * least - APART).clamp(STOPS[0], STOPS[1])).floor());
    let width = format!("{:.0}px", positions.with_value(|all| needed(all)));
    let held_out = Memo::new(move |_| held_out(state));
    let place = move |time: f64| positions.with_value(|all| spacing::place_of(all, time));
    let jump = move |event: web_sys::KeyboardEvent| {
        let time = match event.key().as_str() {
            "Home" => 0,
            "End" => count - 1,
            _ => return,
        };
        event.prevent_default();
        state.choose_time(time);
        focus(time);
    };
    Effect::new(move |_| {
        let time = state.time.get();
        request_animation_frame(move || reveal(time));
    });
    let stop = move |(index, time): (usize, scimf::protocol::TimePoint)| {
        let out = move || held_out.with(|all| all.contains(&index));
        let compared = move || state.attention.compare.get() == Some(index) && state.time.get() != index;
        view! {
            <div class="stop" class:out=out class:compared=compared style:left=format!("{}%", 100.0 * place(index as f64))>
                <label on:click=move |event| {
                    if event.shift_key() {
                        event.prevent_default();
                        state.compare_with(index);
                    } else if state.time.get_untracked() == index {
                        // The chosen time point once more: back from the simulated cells to the observed ones.
                        state.choose_time(index);
                    }
                }>
                    <input
                        type="radio"
                        name="time-point"
                        id=format!("time-point-{index}")
                        aria-describedby=format!("time-note-{index}")
                        prop:checked=move || state.time.get() == index
                        on:change=move |_| state.choose_time(index)
                    />
                    <span class="dot" aria-hidden="true">
                        {move || {
                            let can = state.can();
                            if can.operators {
                                view! { <MiniOperator time=index/> }.into_any()
                            } else if can.attention {
                                view! { <MiniChord time=index/> }.into_any()
                            } else {
                                ().into_any()
                            }
                        }}
                    </span>
                    <span class="name" title=time.label.clone()>{time.label.clone()}</span>
                </label>
                <small id=format!("time-note-{index}")>
                    {words::count(time.cells)} <span class="unit">" cells"</span>
                    <span class="held">
                        {move || match (compared(), out()) {
                            (true, _) => " · compared",
                            (_, true) => " · held out",
                            _ => "",
                        }}
                    </span>
                </small>
            </div>
        }
    };
    let labels = StoredValue::new(times.iter().map(|time| time.label.clone()).collect::<Vec<_>>());
    view! {
        <div class="track" node_ref=frame style:min-width=width style=("--fit", move || format!("{}px", dot.get()))>
            <div class="stops" role="radiogroup" aria-label="Time points" on:keydown=jump>
                {times.into_iter().enumerate().map(stop).collect_view()}
            </div>
            <Scrubber positions labels/>
        </div>
    }
}

/// Width in CSS pixels that the time points need at least.
fn needed(positions: &[f64]) -> f64 {
    if positions.len() > 1 { (STOPS[0] + APART) / spacing::least_gap(positions) } else { 0.0 }
}

/// The time points that the weights in use, or those being trained, have never seen.
fn held_out(state: State) -> Vec<usize> {
    if state.in_training() {
        state.models.recipe.with(|recipe| recipe.as_ref().map_or_else(Vec::new, |it| it.held_out.clone()))
    } else {
        state.shown().summary.with(|model| model.as_ref().map(|model| model.held_out.clone()).unwrap_or_default())
    }
}

/// Brings a time point into sight where the strip is too narrow for all.
fn reveal(time: usize) {
    let radio = document().get_element_by_id(&format!("time-point-{time}"));
    let Some(radio) = radio else { return };
    let Ok(Some(strip)) = radio.closest(".scroll") else { return };
    let (own, all) = (radio.get_bounding_client_rect(), strip.get_bounding_client_rect());
    // Its circle is wider than itself, and the next one should be seen to be there.
    if own.left() - own.width() < all.left() || own.right() + own.width() > all.right() {
        let shift = own.left() + own.width() / 2.0 - all.left() - all.width() / 2.0;
        strip.set_scroll_left(strip.scroll_left() + shift as i32);
    }
}

fn focus(time: usize) {
    use wasm_bindgen::JsCast;
    let radio = document().get_element_by_id(&format!("time-point-{time}"));
    if let Some(radio) = radio.and_then(|radio| radio.dyn_into::<web_sys::HtmlElement>().ok()) {
        radio.focus().ok();
    }
}

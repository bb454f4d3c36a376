//! The time of the simulated cells, to be dragged; it goes on beyond the last time point where they do.

use crate::prelude::*;
use crate::{spacing, state::State};
use scimf::figure::time_axis;

/// Steps of the scrubber from the first time point to the last.
const STEPS: f64 = 1000.0;
/// Room for times beyond the last time point, as a share of the strip; the style sheet has the same.
const BEYOND: f64 = 0.16;

/// A slider under the time points.
#[component]
pub fn Scrubber(
    /// Where the time points stand, from 0 to 1.
    positions: StoredValue<Vec<f64>>,
    /// Their labels.
    labels: StoredValue<Vec<String>>,
) -> impl IntoView {
    let state = expect_context::<State>();
    let last = positions.with_value(|all| all.len().saturating_sub(1)) as f64;
    let end = Memo::new(move |_| state.played_range().map_or(last, |[_, end]| end));
    let beyond = move || end.get() > last + 1e-6;
    let place = move |time: f64| {
        if time > last {
            1.0 + BEYOND * (time - last) / (end.get() - last).max(f64::MIN_POSITIVE)
        } else {
            positions.with_value(|all| spacing::place_of(all, time))
        }
    };
    let time_at = move |place: f64| {
        if place > 1.0 {
            last + (place - 1.0) / BEYOND * (end.get_untracked() - last)
        } else {
            positions.with_value(|all| spacing::index_at(all, place))
        }
    };
    let spoken = move || match state.playhead.get() {
        None => "not shown".into(),
        Some(head) => labels.with_value(|labels| spoken(labels, head)),
    };
    view! {
        <input
            class="scrubber"
            type="range"
            min="0"
            max=move || (STEPS * if beyond() { 1.0 + BEYOND } else { 1.0 }).to_string()
            step="any"
            aria-label="Time of the simulated cells"
            aria-valuetext=spoken
            class:idle=move || state.playhead.with(Option::is_none)
            class:beyond=beyond
            disabled=move || state.played_range().is_none()
            prop:value=move || (STEPS * place(state.playhead.get().unwrap_or(state.time.get() as f64))).to_string()
            on:input:target=move |event| state.seek(time_at(event.target().value().parse().unwrap_or(0.0) / STEPS))
        />
        <Show when=beyond>
            <span class="beyond-label" aria-hidden="true">"beyond the data"</span>
        </Show>
    }
}

fn spoken(labels: &[String], head: f64) -> String {
    let from = head as usize;
    match (labels.get(from), labels.get(from + 1)) {
        (Some(from), Some(to)) if head.fract() > 0.0 => format!("between {from} and {to}"),
        _ => time_axis::words(labels, head),
    }
}

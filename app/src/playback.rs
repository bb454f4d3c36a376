//! The clock of the simulated cells.

use crate::{page, state::State};
use leptos::prelude::*;

/// Seconds from the first time point to the last.
const SECONDS: f64 = 9.0;

/// Moves the playhead while the playback runs, and starts it once, by itself, when the first simulation is there.
pub fn run(state: State) {
    let runs = StoredValue::new(0_u32);
    Effect::new(move |_| {
        if state.playing.get() {
            runs.update_value(|run| *run += 1);
            frame(state, runs, runs.get_value(), page::now());
        }
    });
    let shown = StoredValue::new(page::reduced_motion());
    Effect::new(move |_| {
        if state.simulation.with(Option::is_some) && !shown.get_value() {
            shown.set_value(true);
            toggle(state);
        }
    });
}

/// Plays, from the start if it stands at the end, or holds.
pub fn toggle(state: State) {
    let end = end(state);
    if !state.playing.get_untracked() && state.simulation.with_untracked(Option::is_some) {
        state.playhead.update(|head| *head = Some(head.filter(|head| *head < end).unwrap_or(0.0)));
        state.playing.set(true);
    } else {
        state.playing.set(false);
    }
}

/// Time of the last time point in index units.
fn end(state: State) -> f64 {
    state.dataset.with_untracked(|dataset| {
        dataset.as_ref().map_or(0.0, |dataset| dataset.summary.time_points.len().saturating_sub(1) as f64)
    })
}

fn frame(state: State, runs: StoredValue<u32>, run: u32, before: f64) {
    request_animation_frame(move || {
        if !state.playing.get_untracked() || runs.get_value() != run {
            return;
        }
        let (now, end) = (page::now(), end(state));
        let head = state.playhead.get_untracked().unwrap_or(0.0) + (now - before) / 1000.0 / SECONDS * end;
        state.playhead.set(Some(head.min(end)));
        if head < end {
            frame(state, runs, run, now);
        } else {
            state.playing.set(false);
            // What played by itself makes way for the velocity of the chosen time point.
            if run == 1 && !page::reduced_motion() {
                state.playhead.set(None);
            }
        }
    });
}

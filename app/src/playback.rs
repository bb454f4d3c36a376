//! The clock of the simulated cells.

use crate::prelude::*;
use crate::{page, state::State};

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
    // What is played may begin later or end sooner than what was played before.
    Effect::new(move |_| {
        let Some([low, high]) = state.played_range() else { return };
        let outside = |head: &f64| !(low..=high).contains(head);
        if let Some(head) = state.playhead.get_untracked().filter(outside) {
            state.playhead.set(Some(head.clamp(low, high.max(low))));
        }
    });
    let shown = state.simulate.shown;
    if page::reduced_motion() {
        shown.set(true);
    }
    Effect::new(move |_| {
        if state.simulation.with(Option::is_some) && !shown.get_untracked() {
            shown.set(true);
            toggle(state);
        }
    });
}

/// Plays, from the start if it stands at the end, or holds.
pub fn toggle(state: State) {
    match untrack(|| state.played_range()) {
        Some([start, end]) if !state.playing.get_untracked() => {
            state.playhead.update(|head| *head = Some(head.filter(|head| *head < end).unwrap_or(start)));
            state.playing.set(true);
        }
        _ => state.playing.set(false),
    }
}

/// Sampling intervals a second.
fn speed(state: State) -> f64 {
    let points = state.dataset.with_untracked(|it| it.as_ref().map_or(0, |it| it.summary.time_points.len()));
    points.saturating_sub(1).max(1) as f64 / SECONDS
}

fn frame(state: State, runs: StoredValue<u32>, run: u32, before: f64) {
    request_animation_frame(move || {
        if !state.playing.get_untracked() || runs.get_value() != run {
            return;
        }
        let Some([start, end]) = untrack(|| state.played_range()) else { return state.playing.set(false) };
        let now = page::now();
        let head = state.playhead.get_untracked().unwrap_or(start) + (now - before) / 1000.0 * speed(state);
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

//! Notices that nothing ran for a while: the computer slept, or the browser held the page.
//!
//! A training runs in its worker, which goes on in a hidden tab; the timers of a hidden tab come late, but once a minute.

use crate::prelude::*;
use crate::{state::State, words};
use scimf::protocol::TrainingState;
use std::time::Duration;

const TICK: Duration = Duration::from_secs(10);
/// Twice the longest that a timer of a hidden tab waits, in milliseconds.
const GAP: f64 = 120_000.0;

/// Says so when a training was held without anybody asking for it.
pub fn watch(state: State) {
    let last = StoredValue::new(js_sys::Date::now());
    let tick = move || {
        let now = js_sys::Date::now();
        let gap = now - last.get_value();
        last.set_value(now);
        let running = state.training.with_untracked(|it| matches!(it, Some(TrainingState::Running { .. })));
        if gap > GAP && running {
            let kind = untrack(|| state.models.trained());
            let done = state.models.of(kind).updates.with_untracked(|all| all.last().map_or(0, |last| last.update));
            state.status.set(format!(
                "Nothing ran for {}: the computer slept, or the browser held this page. Training goes on after {} {}.",
                words::duration(gap / 1000.0),
                kind.card().step,
                words::count(done as usize)
            ));
        }
    };
    set_interval(tick, TICK);
}

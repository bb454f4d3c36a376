//! The chords of the time points that are not chosen: asked one by one, whenever nothing else waits for the engine.

use crate::prelude::*;
use crate::{
    engine::{Engine, OTHER_COMMUNICATION},
    page,
    state::{MINIMUM_CELLS, State},
};
use scimf::protocol::CommunicationQuery;
use std::time::Duration;

/// Milliseconds before a question is repeated that was not answered.
const RETRY: f64 = 10_000.0;

/// Keeps the answers for all time points as new as the weights, the compared time point first.
pub fn keep_asking(state: State, engine: Engine, asks: Memo<bool>) {
    let alarm = RwSignal::new(());
    let timer = StoredValue::new_local(None::<TimeoutHandle>);
    let asked_at = StoredValue::new(0.0);
    let rests_until = StoredValue::new(0.0);
    let waits = StoredValue::new(None::<CommunicationQuery>);
    Effect::new(move |_| {
        alarm.track();
        let (weights, idle, score) =
            (state.models.weights_of_able(|can| can.attention), engine.idle(), state.score.get());
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
        let times =
            state.dataset.with(|dataset| dataset.as_ref().map_or(0, |dataset| dataset.summary.time_points.len()));
        let next = next(state, times, weights);
        if !asks.get() || !idle {
            return;
        }
        let now = page::now();
        if let Some(asked) = waits.try_update_value(Option::take).flatten() {
            let took = now - asked_at.get_value();
            let failed = asked.score == score && untrack(|| state.attention.at(asked.time)).is_none();
            let rest = match untrack(|| state.in_training()) {
                _ if failed => RETRY,
                true => OTHER_COMMUNICATION.rest.max(4.0 * took),
                false => 0.0,
            };
            rests_until.set_value(now + rest);
        }
        let Some(time) = next else { return };
        if now < rests_until.get_value() {
            let wait = Duration::from_millis((rests_until.get_value() - now).ceil() as u64);
            timer.set_value(set_timeout_with_handle(move || alarm.set(()), wait).ok());
            return;
        }
        state.attention.asked.set_value(weights);
        asked_at.set_value(now);
        let sample = state.samples.chosen.get_untracked();
        let query = CommunicationQuery { time, score, minimum_cells: MINIMUM_CELLS, sample };
        waits.set_value(Some(query));
        engine.ask(&OTHER_COMMUNICATION, query);
    });
}

/// The time point whose answer is missing or oldest; none if all are as new as the weights. The chosen one is asked for elsewhere.
fn next(state: State, times: usize, weights: u32) -> Option<usize> {
    let (chosen, compared) = (state.time.get(), state.attention.compare.get());
    let sample = state.samples.chosen.get();
    let age = |time: usize| state.attention.known(time).map(|known| known.weights);
    (0..times)
        .filter(|&time| time != chosen && state.has_cells(time, sample))
        .map(|time| (time, age(time)))
        .filter(|(_, age)| *age != Some(weights))
        .min_by_key(|&(time, age)| (age.is_some(), Some(time) != compared, age, time.abs_diff(chosen)))
        .map(|(time, _)| time)
}

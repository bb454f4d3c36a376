//! Runs the jobs of the verdict one after the other.

use crate::prelude::*;
use crate::{
    engine::Engine,
    state::{Findings, Job, Measure, State},
};
use scimf::protocol::Command;

/// Begins a verdict, or goes on with one that stands still.
pub fn start(state: State, engine: Engine) {
    let Some(time) = untrack(|| state.middle()) else {
        return state.status.set("A verdict needs a time point between the first and the last.".into());
    };
    let plan = untrack(|| state.verdict_recipe());
    state.verdict.found.update(|found| {
        let found = found.get_or_insert(Findings { time, ..Findings::default() });
        found.plan = Some([plan.steps(), plan.whole("cells") as u32]);
    });
    // Whether links are stable is read off the attention of the judged model.
    state.choose_model(untrack(|| state.judged()));
    state.choose_measure(Some(Measure::Attention));
    state.choose_time(time);
    next(state, engine);
}

/// Ends the running job; what is done stays.
pub fn stop(state: State, engine: Engine) {
    match state.verdict.running.get_untracked() {
        Some(Job::Evaluate(_)) => engine.cancel(),
        Some(Job::Train(_)) if untrack(|| state.in_training()) => engine.control(Command::Stop),
        _ => {}
    }
    state.verdict_stands("The verdict stands still; it can go on.");
}

/// Follows the jobs: takes what they found, has it kept, and begins the next.
pub fn keep_going(state: State, engine: Engine) {
    Effect::new(move |_| {
        if state.verdict.found.with(|found| found.as_ref().is_some_and(|it| it.done()[0] > 0)) {
            untrack(|| engine.keep_on_disk());
        }
    });
    Effect::new(move |_| {
        if let Some(heard) = state.verdict_heard() {
            untrack(|| state.keep_verdict_heard(heard));
        }
    });
    Effect::new(move |_| {
        let wants = state.verdict.found.with(|found| found.as_ref().is_some_and(|it| it.plan.is_some()));
        let free = state.verdict.running.with(Option::is_none) && !state.busy() && state.ready();
        if wants && free {
            untrack(|| next(state, engine));
        }
    });
}

fn next(state: State, engine: Engine) {
    let Some(found) = state.verdict.found.get_untracked() else { return };
    if untrack(|| state.busy()) || found.plan.is_none() {
        return;
    }
    let Some(job) = found.next() else {
        state.verdict.found.update(|found| found.iter_mut().for_each(|it| it.plan = None));
        return state.status.set("The verdict is there: see Evaluate.".into());
    };
    state.verdict.running.set(Some(job));
    match untrack(|| state.verdict_job(job, found.time)) {
        Ok(settings) => engine.evaluate(settings),
        Err(recipe) => engine.train(recipe),
    }
}

//! The title of the tab says how far the work is, and a notice of the system tells its end to those who look elsewhere and want it.

use crate::prelude::*;
use crate::{page, state::State, words};
use scimf::protocol::TrainingState;

/// The page's name.
const NAME: &str = "scIMF Explorer";

/// Keeps the title in step with the work.
pub fn keep(state: State) {
    let work = Memo::new(move |_| work(state));
    Effect::new(move |before: Option<Option<(&'static str, u32)>>| {
        let now = work.get();
        let name =
            state.dataset.with(|it| it.as_ref().map_or_else(String::new, |it| format!("{} · ", it.summary.name)));
        let done = before.flatten().map(|(what, _)| what).filter(|_| now.is_none());
        document().set_title(&match (now, done) {
            (Some((what, percent)), _) => format!("{percent} % {what} · {name}{NAME}"),
            (None, Some(what)) => format!("✓ {what} done · {name}{NAME}"),
            (None, None) => format!("{name}{NAME}"),
        });
        if let Some(what) = done.filter(|_| document().hidden()) {
            page::notify(&words::sentence(&format!("{what} done")), state.status.get_untracked().as_str());
        }
        now
    });
}

/// What runs, and how much of it is done in per cent.
fn work(state: State) -> Option<(&'static str, u32)> {
    let percent = |done: f32| (100.0 * done) as u32;
    if let Some(stage) = state.evaluating.get() {
        return Some(("evaluation", percent(stage.done)));
    }
    if let Some(stage) = state.experiments.running.get() {
        return Some(("experiment", percent(stage.done)));
    }
    if let Some(stage) = state.evidence.running.get() {
        return Some(("search for evidence", percent(stage.done)));
    }
    let running = state.training.with(|it| matches!(it, Some(TrainingState::Running { .. } | TrainingState::Paused)));
    running.then(|| {
        let last = state.models.of(state.models.trained()).updates.with(|all| all.last().map(|it| (it.update, it.of)));
        ("training", last.map_or(0, |(update, of)| 100 * update / of.max(1)))
    })
}

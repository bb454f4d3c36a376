//! Undo and redo of settings: the pieces of the view as they were before each change.

use crate::prelude::*;
use crate::{
    engine::{Engine, Question},
    page,
    state::{State, unsorted},
    view_state::{self, Piece},
};
use leptos::ev;
use std::sync::Arc;
use wasm_bindgen::JsCast;

/// Changes that can be undone.
const DEPTH: usize = 100;
/// Changes of a typed piece within this many milliseconds are one.
const TYPING: f64 = 1000.0;

/// The value of every piece, in the order of [`view_state::choices`]; those that did not change are shared with the snapshot before.
type Snapshot = Vec<Arc<str>>;

#[derive(Default)]
struct History {
    past: Vec<Snapshot>,
    future: Vec<Snapshot>,
    now: Snapshot,
    /// The piece that changed last, and when.
    last: Option<(usize, f64)>,
}

impl History {
    /// Notices what the user has changed.
    fn notice(&mut self, found: Snapshot, at: f64, pieces: &[Piece]) {
        let Some(changed) = found.iter().zip(&self.now).position(|(a, b)| a != b) else { return };
        let again = self.last.is_some_and(|(piece, then)| piece == changed && at - then < TYPING);
        let typing = again && pieces[changed].typed;
        self.last = Some((changed, at));
        let before = std::mem::replace(&mut self.now, found);
        self.future.clear();
        if !typing {
            self.past.push(before);
            let surplus = self.past.len().saturating_sub(DEPTH);
            self.past.drain(..surplus);
        }
    }

    /// Where a step back, or forth, leads.
    fn step(&mut self, back: bool) -> Option<Snapshot> {
        let (from, to) = if back { (&mut self.past, &mut self.future) } else { (&mut self.future, &mut self.past) };
        let target = from.pop()?;
        to.push(self.now.clone());
        self.last = None;
        Some(target)
    }
}

/// Follows the choices, and listens for Ctrl+Z and Ctrl+Shift+Z or Ctrl+Y.
pub fn keep(state: State, engine: Engine) {
    let history = StoredValue::new_local(History::default());
    let pieces = Arc::new(view_state::choices(state, engine.ask_for_plane()));
    let values: Vec<Memo<Arc<str>>> = (0..pieces.len())
        .map(|i| {
            let pieces = pieces.clone();
            Memo::new(move |_| pieces[i].text().into())
        })
        .collect();
    let watched = pieces.clone();
    // Until the positions in another plane or other types have come, nobody knows whether that choice holds.
    let unsettled = move || engine.pending(Question::Coordinates) || state.missing_typing().is_some();
    let dataset = Memo::new(move |_| state.dataset.with(|it| it.as_ref().map(|it| unsorted(&it.summary))));
    Effect::new(move |before: Option<Option<_>>| {
        let dataset = dataset.get();
        let found: Snapshot = values.iter().map(|value| value.get()).collect();
        if unsettled() {
            return before.flatten();
        }
        history.update_value(|history| {
            if before.flatten() == dataset {
                history.notice(found, page::now(), &watched);
            } else {
                *history = History { now: found, ..History::default() };
            }
        });
        dataset
    });
    let keys = window_event_listener(ev::keydown, move |event| {
        let ours = !event.default_prevented() && !has_own_undo(&event);
        if ours && (event.ctrl_key() || event.meta_key()) && !event.alt_key() {
            let back = match (event.key().to_ascii_lowercase().as_str(), event.shift_key()) {
                ("z", false) => true,
                ("z", true) | ("y", false) => false,
                _ => return,
            };
            event.prevent_default();
            // The change that a step would take back is not noticed yet.
            if unsettled() {
                return state.status.set("This plane is still on its way: undo works as soon as it is there.".into());
            }
            step(state, history, &pieces, back);
        }
    });
    on_cleanup(move || keys.remove());
}

fn step(state: State, history: StoredValue<History, LocalStorage>, pieces: &[Piece], back: bool) {
    let nothing = if back { "There is nothing to undo." } else { "There is nothing to do again." };
    let Some(target) = history.try_update_value(|history| history.step(back)).flatten() else {
        return state.status.set(nothing.into());
    };
    let mut now = history.with_value(|history| history.now.clone());
    let mut done = Vec::new();
    for ((piece, now), target) in pieces.iter().zip(&mut now).zip(target) {
        if *now != target && piece.take(&target) {
            *now = target;
            done.push(piece.words);
        }
    }
    history.update_value(|history| history.now = now);
    let verb = if back { "Undone" } else { "Done again" };
    state.status.set(match done.as_slice() {
        [] => "This cannot be undone while the model is trained.".into(),
        words => format!("{verb}: {}.", words.join(", ")),
    });
}

/// Text fields undo their own text, and dialogs keep their keys.
fn has_own_undo(event: &web_sys::KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| {
        let own =
            "input:not([type='checkbox'], [type='radio'], [type='range'], [type='file']), textarea, dialog, dialog *";
        target.closest(own).ok().flatten().is_some()
    })
}

//! Popovers are details elements over the page. A press outside closes them, and so does Escape.

use crate::prelude::*;
use leptos::ev;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDetailsElement, HtmlElement, Node};

/// The open ones.
const OPEN: &str = "details:is(.pick, .device, .notes, .select-menu, .recent)[open]";

/// Listens for presses and Escape on the whole page.
pub fn close_outside() {
    let pressed = window_event_listener(ev::pointerdown, |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Node>().ok());
        close(|popover| !popover.contains(target.as_ref()));
    });
    let keyed = window_event_listener(ev::keydown, |event| {
        let in_dialog = document().query_selector("dialog[open]").ok().flatten().is_some();
        if event.key() == "Escape" && !in_dialog && close(|_| true) {
            // The same key lets go of what is pinned and selected; here it has done its work.
            event.prevent_default();
            event.stop_immediate_propagation();
        }
    });
    on_cleanup(move || {
        pressed.remove();
        keyed.remove();
    });
}

/// Closes the open ones that are meant; true if there was one. The focus does not stay in what is hidden.
fn close(meant: impl Fn(&Element) -> bool) -> bool {
    let Ok(open) = document().query_selector_all(OPEN) else { return false };
    let all = (0..open.length()).filter_map(|at| open.get(at)?.dyn_into::<HtmlDetailsElement>().ok());
    let closed: Vec<_> = all.filter(|popover| meant(popover)).collect();
    for popover in &closed {
        let holds_focus = popover.contains(document().active_element().as_deref());
        popover.set_open(false);
        let summary = popover.query_selector("summary").ok().flatten();
        if let Some(summary) = summary.and_then(|it| it.dyn_into::<HtmlElement>().ok()).filter(|_| holds_focus) {
            summary.focus().ok();
        }
    }
    !closed.is_empty()
}

//! The page. It never computes: it asks the engine in the worker and draws the answers.

mod address;
mod autosave;
mod awake;
mod engine;
mod export;
mod files;
mod history;
mod offline;
mod page;
mod playback;
mod questions;
mod signals;
mod spacing;
mod state;
mod trust;
mod view;
mod view_state;
mod wire;
mod words;

fn main() {
    console_error_panic_hook::set_once();
    trust::establish();
    // What index.html shows until here.
    if let Some(waiting) = leptos::prelude::document().get_element_by_id("loading") {
        waiting.remove();
    }
    leptos::mount::mount_to_body(view::App);
}

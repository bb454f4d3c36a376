//! The page. It never computes: it asks the engine in the worker and draws the answers.
//!
//! Its modules stand on floors, as those of the crate `scimf` do; each uses only modules of lower floors, or to its left on its own floor
//! (`tests/architecture.rs` holds this):
//!
//! | floor | modules | what lives there |
//! |---|---|---|
//! | 0 | `words`, `signals`, `prelude`, `spacing`, `offline`, `trust`, `page`, `link` | words of numbers, signals, what views use, and what the browser is asked |
//! | 1 | `wire`, `files`, `autosave` | messages, files and saves as the browser has them |
//! | 2 | `state` | everything the page knows |
//! | 3 | `view_state`, `shown`, `playback`, `awake`, `title` | what follows from the state alone: choices by name, what drawings are made of |
//! | 4 | `engine` | the worker that is asked, and its successor |
//! | 5 | `questions`, `queue`, `history`, `address` | when the engine is asked; jobs one after the other; undo and the address |
//! | 6 | `export` | figures that leave the page |
//! | 7 | `view` | components |

mod address;
mod autosave;
mod awake;
mod engine;
mod export;
mod files;
mod history;
mod link;
mod offline;
mod page;
mod playback;
mod prelude;
mod questions;
mod queue;
mod shown;
mod signals;
mod spacing;
mod state;
mod title;
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

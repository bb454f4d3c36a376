//! The page. It never computes: it asks the engine in the worker and draws the answers.

mod state;
mod view;
mod wire;

fn main() {
    console_error_panic_hook::set_once();
}

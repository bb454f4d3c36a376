//! Ctrl-C: the first asks to save and stop, the second ends the program at once.

use std::sync::atomic::{AtomicBool, Ordering};

static ASKED: AtomicBool = AtomicBool::new(false);

/// Exit code of a program that was interrupted.
pub const EXIT_CODE: u8 = 130;

/// Begins to listen. Without a handler Ctrl-C ends the program, which loses only what is not saved.
pub fn listen() {
    let handled = ctrlc::set_handler(|| {
        if ASKED.swap(true, Ordering::Relaxed) {
            std::process::exit(EXIT_CODE.into());
        }
        eprintln!("Stopping after this step; once more to stop at once.");
    });
    if let Err(error) = handled {
        eprintln!("scimf: Ctrl-C will not save: {error}");
    }
}

/// Whether the user asked to stop.
pub fn asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}

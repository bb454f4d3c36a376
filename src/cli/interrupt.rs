//! What ends the program from outside. The first Ctrl-C asks to save and stop, the second ends it at once; a reader of its output that goes away, as
//! `head` does, ends it quietly.

use std::sync::atomic::{AtomicBool, Ordering};

static ASKED: AtomicBool = AtomicBool::new(false);

/// Exit code of a program that was interrupted.
pub const EXIT_CODE: u8 = 130;

/// Exit code of a program whose reader went away: what a shell says of SIGPIPE.
const NO_READER: i32 = 141;

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
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        // The standard library's words where `println!` cannot write.
        let words = panic.payload().downcast_ref::<String>().map_or("", String::as_str);
        if words.starts_with("failed printing to stdout") && words.contains("ipe") {
            std::process::exit(NO_READER);
        }
        usual(panic);
    }));
}

/// Whether the user asked to stop.
pub fn asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}

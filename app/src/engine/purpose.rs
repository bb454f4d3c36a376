//! What a request was for: what the page must remember to take the answer in, and to ask again after the engine died.

use js_sys::Uint8Array;
use scimf::protocol::{Array, Command, Mapping};

/// Where a dataset comes from, to open it again.
#[derive(Clone)]
pub enum Source {
    /// The demo next to the page.
    Demo,
    /// A file of the user, and how its columns were chosen where that was needed.
    File {
        /// The browser's handle; the content is read again.
        file: web_sys::File,
        /// The user's choice.
        mapping: Option<Mapping>,
    },
}

impl Source {
    /// Its name for messages.
    pub fn name(&self) -> String {
        match self {
            Self::Demo => "the demo".into(),
            Self::File { file, .. } => file.name(),
        }
    }
}

/// Weights that can be loaded again.
#[derive(Clone)]
pub enum Weights {
    /// A file of the user.
    File(web_sys::File),
    /// What the engine wrote.
    Written {
        /// Updates behind them.
        update: u32,
        /// A safetensors file.
        bytes: Array<u8>,
    },
}

/// What the views ask; a newer question of one kind supersedes the older.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Arrows.
    Velocity,
    /// Chord and matrix.
    Communication,
    /// Simulated cells.
    Simulation,
    /// Another space.
    Coordinates,
}

/// What a request was for.
#[derive(Clone)]
pub enum Purpose {
    /// To start the device.
    Start,
    /// To open a dataset.
    Open(Source),
    /// To open the dataset of an engine that is gone.
    Reopen(Source),
    /// To use other weights.
    Load(Weights),
    /// To use the weights of an engine that is gone.
    Restore,
    /// To train.
    Train,
    /// To hold, go on with or end a training, or to forget a file.
    Control,
    /// To hand a file to the user.
    Save,
    /// To keep the weights of a finished training, the engine having died being no reason to lose them.
    Keep,
    /// To draw.
    Ask(Question),
}

/// A request before it has a number.
pub struct Order {
    /// What it is for.
    pub purpose: Purpose,
    /// The command; where it carries a file, without its bytes.
    pub command: Command,
    /// The bytes of the file, which go from the browser to the engine without passing through the page's memory.
    pub content: Option<Uint8Array>,
}

//! What a generation says of itself.

use js_sys::JSON;
use scimf::protocol::{ModelKind, Update};
use serde::{Deserialize, Serialize};
use serde_wasm_bindgen::Serializer;

/// Version of what is written. A page that finds a newer one leaves it as it is.
const VERSION: u32 = 1;

/// The words beside the bytes of a generation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Head {
    version: u32,
    /// The dataset's name.
    pub name: String,
    /// How large the dataset is, in words.
    pub extent: String,
    /// When it was written, in milliseconds since 1970.
    pub saved_at: f64,
    /// The model that was being trained, if one was.
    pub training: Option<ModelKind>,
    /// The training was paused.
    pub paused: bool,
    /// What the page showed, as in a session file.
    pub view: Option<String>,
    /// The models, in the order of the bytes.
    pub parts: Vec<Part>,
}

/// A model in a save.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// Which.
    pub kind: ModelKind,
    /// Updates or epochs behind it.
    pub update: u32,
    /// Updates or epochs asked for.
    pub of: u32,
    /// The bytes are the state of a training; else weights alone.
    pub state: bool,
    /// The course of the training.
    pub updates: Vec<Update>,
    /// Time points that its loss compares with.
    pub training_times: Vec<usize>,
}

impl Head {
    /// A head as of now.
    pub fn new(name: String, extent: String, training: Option<ModelKind>, paused: bool, parts: Vec<Part>) -> Self {
        Self { version: VERSION, name, extent, saved_at: js_sys::Date::now(), training, paused, view: None, parts }
    }

    /// The part that this save is about: the model in training, else the last one.
    pub fn main(&self) -> Option<&Part> {
        self.parts.iter().rev().find(|part| self.training.is_none_or(|kind| part.kind == kind))
    }

    /// As text.
    pub fn text(&self) -> Option<String> {
        let value = self.serialize(&Serializer::json_compatible()).ok()?;
        JSON::stringify(&value).ok().map(String::from)
    }

    /// From text; none if another version of the page wrote it.
    pub fn parse(text: &str) -> Option<Self> {
        let head: Self = serde_wasm_bindgen::from_value(JSON::parse(text).ok()?).ok()?;
        (head.version == VERSION).then_some(head)
    }
}

//! What a request was for: what the page must remember to take the answer in, and to ask again after the engine died.

use super::Question;
use crate::files;
use js_sys::Uint8Array;
use scimf::protocol::{Command, Event, Mapping, ModelKind};

/// Where a dataset comes from, to open it again.
#[derive(Clone)]
pub enum Source {
    /// The demo next to the page.
    Demo,
    /// Files of the user that make up one study, and how its columns were chosen where that was needed.
    Files {
        /// The browser's handles; the content is read again.
        files: Vec<web_sys::File>,
        /// The user's choice.
        mapping: Option<Mapping>,
    },
}

impl Source {
    /// Its name for messages.
    pub fn name(&self) -> String {
        match self {
            Self::Demo => "the demo".into(),
            Self::Files { files, .. } => match files.as_slice() {
                [] => "nothing".into(),
                [file] => file.name(),
                [first, others @ ..] => format!("{} and {} more", first.name(), others.len()),
            },
        }
    }

    /// Its cells have clusters in the place of types.
    pub fn clustered(&self) -> bool {
        matches!(self, Self::Files { mapping: Some(mapping), .. } if mapping.cell_type.is_none() && mapping.clusters.is_some())
    }

    /// What is to be said while it is opened, before anything is read of it.
    ///
    /// # Errors
    /// It does not fit into memory; in words.
    pub fn weighed(&self) -> Result<String, String> {
        match self {
            Self::Demo => files::weighed(&self.name(), &[]),
            Self::Files { files, .. } => files::weighed(&self.name(), files),
        }
    }

    /// The names of its files.
    pub fn file_names(&self) -> Vec<String> {
        match self {
            Self::Demo => vec![files::DEMO.into()],
            Self::Files { files, .. } => files.iter().map(files::path).collect(),
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
        /// They are the whole state of a training.
        state: bool,
        /// A safetensors file.
        bytes: Uint8Array,
    },
}

/// The last weights of each model, to be loaded again.
#[derive(Clone, Default)]
pub struct Kept([Option<Weights>; ModelKind::ALL.len()]);

impl Kept {
    /// Those of a model.
    pub fn of(&mut self, kind: ModelKind) -> &mut Option<Weights> {
        let at = ModelKind::ALL.iter().position(|other| *other == kind);
        &mut self.0[at.unwrap_or(0)]
    }

    /// All that are there.
    pub fn all(&self) -> Vec<(ModelKind, Weights)> {
        ModelKind::ALL.into_iter().zip(&self.0).filter_map(|(kind, weights)| Some((kind, weights.clone()?))).collect()
    }
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
    /// To compare predictions with what was held out.
    Evaluate,
    /// To see what a change does.
    Experiment,
    /// To see who acts on whom.
    Evidence {
        /// Nobody asked for it.
        unasked: bool,
    },
    /// To end a preparation, an evaluation, an experiment or a search for evidence.
    Cancel,
    /// To hold, go on with or end a training, or to forget a study.
    Control,
    /// To sort the cells into other types.
    Retype,
    /// To hand a file to the user.
    Save,
    /// To copy the weights of a finished training, so that they survive an engine crash.
    Keep(ModelKind),
    /// To keep the dataset on this computer.
    Archive,
    /// To lend the dataset to helpers, and to tell what they found.
    Lend,
    /// To draw.
    Ask(Question),
}

impl Purpose {
    /// Trainings that were asked for are behind this event: it is worth a save.
    pub fn is_learned(&self, event: &Event) -> bool {
        match (self, event) {
            (Self::Evidence { unasked: false }, Event::Evidence(found)) => found.fits.is_some(),
            (Self::Evaluate, Event::Found(_)) => true,
            _ => false,
        }
    }

    /// Nobody waits for the answer, or there is nothing left to cancel: that it failed is not reported.
    pub fn fails_silently(&self) -> bool {
        matches!(
            self,
            Self::Keep(_)
                | Self::Lend
                | Self::Cancel
                | Self::Evidence { unasked: true }
                | Self::Ask(Question::OtherCommunication | Question::Pace)
        )
    }
}

/// A request before it has a number.
pub struct Order {
    /// What it is for.
    pub purpose: Purpose,
    /// The command; where it carries files, without their bytes.
    pub command: Command,
    /// The bytes of the files, in their order; they go from the browser to the engine without passing through the page's memory.
    pub contents: Vec<files::Body>,
}

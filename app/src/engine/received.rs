//! Files that the engine hands over: what becomes of their bytes.

use super::{Engine, Purpose, Weights};
use crate::prelude::*;
use crate::{files, words};
use js_sys::Uint8Array;
use scimf::protocol::Event;

impl Engine {
    /// Takes in the bytes of a file or a checkpoint.
    pub(super) fn take_file(&self, purpose: &Purpose, event: &Event, bytes: Uint8Array) {
        match (purpose, event) {
            (_, Event::Checkpoint { update, .. }) => {
                let kind = untrack(|| self.state.models.trained());
                self.keep(kind, Weights::Written { update: *update, state: true, bytes });
                self.keep_training();
            }
            (Purpose::Keep(kind), _) => {
                let summary = self.state.models.of(*kind).summary;
                let (update, trained) = summary.with_untracked(|model| {
                    model.as_ref().map_or((0, false), |model| (model.updates, model.source == "training"))
                });
                self.keep(*kind, Weights::Written { update, state: false, bytes });
                if trained {
                    self.keep_training();
                } else {
                    self.keep_on_disk();
                }
            }
            (Purpose::Archive, _) => self.archive(bytes),
            (Purpose::Lend, _) => self.lend(bytes),
            (Purpose::Save, Event::File { name, .. }) => match files::hand_over_content(name, &bytes) {
                Ok(()) => {
                    let size = words::size(bytes.length() as usize);
                    self.state.status.set(format!("{name} was saved, {size}."));
                }
                Err(problem) => self.state.problem.set(Some(problem)),
            },
            _ => {}
        }
    }
}

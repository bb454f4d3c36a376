//! Files that the user opens, and what they end; the study that the page's address names.

use super::{Engine, Purpose, Source};
use crate::prelude::*;
use crate::{files, link};
use leptos::task::spawn_local;
use scimf::protocol::Command;

impl Engine {
    /// Opens the study of the address, or the demo: also where the study cannot be had, with words about it.
    pub(super) fn open_first(&self) {
        let Some(study) = link::linked() else { return self.open_demo() };
        let (engine, state) = (*self, self.state);
        state.opening.set(Some("Loading the study of the link".into()));
        spawn_local(async move {
            let found = match &study {
                Ok(path) => files::fetch_study(path).await,
                Err(problem) => Err(problem.clone()),
            };
            match found {
                Ok(file) => engine.open_files(vec![file]),
                Err(problem) => {
                    link::forget();
                    engine.open_demo();
                    state.problem.set(Some(problem));
                }
            }
        });
    }

    fn open_demo(&self) {
        self.state.opening.set(Some("Loading the demo".into()));
        self.open_source(Source::Demo, false);
    }

    /// Opens what the user chose: weights, or the files of one dataset. Asks first if that would end what is running.
    pub fn open(&self, files: Vec<web_sys::File>) {
        if files.is_empty() {
            return;
        }
        // What was wrong with an earlier file says nothing of this one.
        self.state.problem.set(None);
        let ends = !files.iter().any(|file| files::holds_weights(&file.name()));
        if let Some(work) = untrack(|| self.state.running_work()).filter(|_| ends) {
            let source = Source::Files { files: files.clone(), mapping: None };
            let kept = if self.state.autosave.wanted.get_untracked() && untrack(|| self.state.in_training()) {
                " What it has learned stays on this computer and is offered under Recent at the next visit."
            } else {
                ""
            };
            self.inner.update_value(|inner| inner.leaving.clone_from(&files));
            let words = format!("{work} Opening {} ends it.{kept}", source.name());
            return self.state.dialogs.leaving.set(Some(words));
        }
        self.open_now(files);
    }

    fn open_now(&self, files: Vec<web_sys::File>) {
        if files.iter().any(|file| !files::holds_weights(&file.name())) {
            link::forget();
        }
        self.open_files(files);
    }

    fn open_files(&self, mut files: Vec<web_sys::File>) {
        let weights = files.iter().filter(|file| files::holds_weights(&file.name())).count();
        match (files.len(), weights) {
            (0, _) => {}
            (1, 1) => files.pop().into_iter().for_each(|file| self.load_weights(file)),
            (_, 0) => {
                let source = Source::Files { files, mapping: None };
                match source.weighed() {
                    Ok(words) => self.state.opening.set(Some(words)),
                    Err(problem) => return self.could_not_open(problem),
                }
                self.open_source(source, false);
            }
            _ => self
                .state
                .problem
                .set(Some("Weights came together with other files. Open the dataset first, then the weights.".into())),
        }
    }

    /// Opens the files that wait, and ends what is running.
    pub fn leave(&self) {
        let files = self.inner.try_update_value(|inner| std::mem::take(&mut inner.leaving)).unwrap_or_default();
        self.state.dialogs.leaving.set(None);
        if untrack(|| self.state.in_training()) {
            self.control(Command::Stop);
        } else {
            self.cancel();
        }
        self.open_now(files);
    }

    /// Puts the files that wait away.
    pub fn stay(&self) {
        self.inner.update_value(|inner| inner.leaving.clear());
        self.state.dialogs.leaving.set(None);
    }

    /// Forgets what was asked about a dataset that is no longer open: answers and failures that are still to come mean nothing.
    pub(super) fn forget_questions(&self) {
        let question = |purpose: &Purpose| matches!(purpose, Purpose::Ask(_));
        self.inner.update_value(|inner| {
            inner.asked.retain(|_, purpose| !question(purpose));
            inner.waiting.retain(|order| !question(&order.purpose));
        });
        self.pending.set(Vec::new());
        self.state.simulate.running.set(None);
    }
}

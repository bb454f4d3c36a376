//! The open dataset of a session, those that accompany it, and a study that waits to become one.

use super::Session;
use crate::data::Dataset;
use crate::data::study::Study;
use crate::error::{Error, Result};
use crate::protocol::{Event, Typing};

/// What is open. It is written here and nowhere else.
#[derive(Default)]
pub(super) struct Datasets {
    waiting: Option<Study>,
    open: Option<Dataset>,
    /// Datasets that take turns with the open one in trainings of models that know such a thing.
    companions: Vec<Dataset>,
}

impl Datasets {
    /// The open dataset, if there is one.
    pub(super) fn open(&self) -> Option<&Dataset> {
        self.open.as_ref()
    }

    /// The datasets that accompany it.
    pub(super) fn companions(&self) -> &[Dataset] {
        &self.companions
    }

    /// Puts a dataset in the place of the open one. Nothing accompanies it, and no study waits any more.
    pub(super) fn replace(&mut self, dataset: Dataset) {
        *self = Self { open: Some(dataset), ..Self::default() };
    }

    /// Lets a dataset accompany the open one.
    pub(super) fn accompany(&mut self, dataset: Dataset) {
        self.companions.push(dataset);
    }

    /// The study that waits for a mapping.
    pub(super) fn waiting(&self) -> Option<&Study> {
        self.waiting.as_ref()
    }

    /// Lets a study wait for a mapping; another one goes.
    pub(super) fn wait(&mut self, study: Study) {
        self.waiting = Some(study);
    }

    /// The study that waits, which waits no longer.
    pub(super) fn take_waiting(&mut self) -> Option<Study> {
        self.waiting.take()
    }
}

impl Session {
    /// The open dataset.
    ///
    /// # Errors
    /// There is none.
    pub(super) fn dataset(&self) -> Result<&Dataset> {
        self.datasets.open().ok_or_else(missing)
    }

    /// Sorts the cells into other types; weights stay.
    pub(super) fn retype(&mut self, typing: Typing) -> Result<Event> {
        self.refuse_while_busy("change the types")?;
        if !self.simulations.is_empty() {
            return Err(Error::request("Cannot change the types while cells are simulated")
                .remedy("Cancel the simulation first."));
        }
        let dataset = self.datasets.open.as_mut().ok_or_else(missing)?;
        dataset.retype(typing)?;
        Ok(Event::Retyped { dataset: dataset.summary(), of: dataset.cell_types.clone().into() })
    }
}

fn missing() -> Error {
    Error::request("No dataset is open").remedy("Open a dataset first.")
}

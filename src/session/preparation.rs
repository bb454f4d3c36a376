//! From the study that waits to a dataset.

use super::job::Work;
use super::{Emit, Session};
use crate::error::{Error, Result};
use crate::preprocess::Preparing;
use crate::protocol::{Mapping, RequestId};

impl Session {
    /// Begins to prepare the study that waits; an evaluation or experiment on the open dataset makes way for it. A mapping that fails can be corrected: the
    /// study goes on waiting.
    pub(super) fn prepare(&mut self, mapping: &Mapping, id: RequestId, emit: Emit<'_>) -> Result<()> {
        self.refuse_while_preparing()?;
        let missing = || Error::request("No study waits for a mapping").remedy("Open the file again.");
        let preparing = Preparing::new(self.datasets.waiting().ok_or_else(missing)?.apply(mapping)?)?;
        let study = self.datasets.take_waiting().ok_or_else(missing)?;
        self.drop_questions(emit);
        self.jobs.begin(id, Work::Preparation(Box::new(preparing), Box::new(study)));
        Ok(())
    }

    pub(super) fn refuse_while_preparing(&self) -> Result<()> {
        if self.jobs.is_preparing() {
            return Err(Error::request("A study is being prepared").remedy("Wait for it, or cancel it."));
        }
        Ok(())
    }
}

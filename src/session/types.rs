//! The types of the open dataset: genes that mark them, and their names.

use super::Session;
use super::job::{Job, Work};
use crate::error::{Error, Result};
use crate::preprocess::Marking;
use crate::protocol::{CellType, RequestId};

impl Session {
    /// Begins to look for genes that mark the types.
    pub(super) fn mark(&mut self, genes: usize, id: RequestId) -> Result<()> {
        self.refuse_while_busy("look for marker genes")?;
        let marking = Marking::new(self.dataset()?, genes)?;
        self.job = Some(Job::new(id, Work::Markers(Box::new(marking))));
        Ok(())
    }

    /// Calls the types otherwise; weights and everything that was computed stay, as types are told by their positions.
    pub(super) fn name_types(&mut self, names: Vec<String>) -> Result<Vec<CellType>> {
        let missing = || Error::request("No dataset is open").remedy("Open a dataset first.");
        let dataset = self.dataset.as_mut().ok_or_else(missing)?;
        dataset.name_types(names)?;
        Ok(dataset.types.clone())
    }
}

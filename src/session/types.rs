//! Genes that mark the types of the open dataset.

use super::Session;
use super::job::Work;
use crate::error::Result;
use crate::preprocess::Marking;
use crate::protocol::RequestId;

impl Session {
    /// Begins to look for genes that mark the types.
    pub(super) fn mark(&mut self, genes: usize, id: RequestId) -> Result<()> {
        self.refuse_while_busy("look for marker genes")?;
        let marking = Marking::new(self.dataset()?, genes)?;
        self.jobs.begin(id, Work::Markers(Box::new(marking)));
        Ok(())
    }
}

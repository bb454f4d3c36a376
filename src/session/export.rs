//! A study with what a model learned of it, as a file of other programs.

use super::Session;
use super::job::Work;
use crate::error::Result;
use crate::export::Exporter;
use crate::protocol::{ModelKind, RequestId, SpaceId};

impl Session {
    /// Begins to put together the file.
    pub(super) fn export(
        &mut self,
        model: ModelKind,
        space: SpaceId,
        copies: Option<u32>,
        id: RequestId,
    ) -> Result<()> {
        self.refuse_while_busy("save AnnData")?;
        let dataset = self.dataset()?;
        let copies = copies.map(|copies| copies as usize);
        let exporter = Exporter::new(self.model(model)?, self.summary(model)?, dataset, space, copies)?;
        self.jobs.begin(id, Work::Export(Box::new(exporter)));
        Ok(())
    }
}

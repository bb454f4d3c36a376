//! A study with what a model learned of it, as a file of other programs.

use super::job::{Job, Work};
use super::{Emit, Session, answer};
use crate::error::Result;
use crate::export::Exporter;
use crate::protocol::{Event, ModelKind, RequestId, SpaceId};

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
        self.job = Some(Job { id, work: Work::Export(Box::new(exporter)) });
        Ok(())
    }

    pub(super) async fn advance_export(
        &mut self,
        mut exporter: Box<Exporter>,
        id: RequestId,
        emit: Emit<'_>,
    ) -> Result<()> {
        let dataset = self.dataset()?;
        match exporter.advance(dataset, self.device()?).await? {
            Some(bytes) => {
                let name = format!("{}.h5ad", dataset.name);
                emit(answer(id, Event::File { name, bytes: bytes.into() }));
            }
            None => {
                emit(answer(id, Event::Progress { stage: "asking the model".into(), done: exporter.progress() }));
                self.job = Some(Job { id, work: Work::Export(exporter) });
            }
        }
        Ok(())
    }
}

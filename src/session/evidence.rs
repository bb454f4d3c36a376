//! Evidence of a session: who acts on whom, as far as the open dataset tells.

use super::job::{Job, Work};
use super::{Emit, Session, answer};
use crate::error::Result;
use crate::evidence::Evidences;
use crate::protocol::{Event, EvidenceQuery, RequestId};

impl Session {
    /// Begins to look for evidence in the open dataset.
    pub(super) fn evidence(&mut self, query: EvidenceQuery, id: RequestId) -> Result<()> {
        self.refuse_while_busy("look for evidence")?;
        let evidences = Evidences::new(self.dataset()?, query);
        self.job = Some(Job { id, work: Work::Evidence(Box::new(evidences)) });
        Ok(())
    }

    pub(super) fn advance_evidence(
        &mut self,
        mut evidences: Box<Evidences>,
        id: RequestId,
        emit: Emit<'_>,
    ) -> Result<()> {
        let dataset = self.dataset()?;
        if !evidences.advance(dataset) {
            emit(answer(id, Event::Evidence(Box::new(evidences.evidence(dataset)))));
            return Ok(());
        }
        let (stage, done) = evidences.progress();
        emit(answer(id, Event::Progress { stage, done }));
        self.job = Some(Job { id, work: Work::Evidence(evidences) });
        Ok(())
    }
}

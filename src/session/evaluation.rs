//! Held-out evaluation of a session.

use super::job::{Job, Work};
use super::{Emit, Session, answer};
use crate::error::{Error, Result};
use crate::protocol::{EvaluationSettings, Event, RequestId};

/// An evaluation in progress.
pub(super) struct Evaluating {}

impl Session {
    /// Begins an evaluation of the open dataset.
    pub(super) fn evaluate(&mut self, _settings: EvaluationSettings, _id: RequestId) -> Result<()> {
        self.refuse_while_busy("evaluate")?;
        Err(Error::internal("the evaluation is not there yet"))
    }

    pub(super) async fn advance_evaluation(
        &mut self,
        evaluating: Evaluating,
        id: RequestId,
        _emit: Emit<'_>,
    ) -> Result<()> {
        self.job = Some(Job { id, work: Work::Evaluation(evaluating) });
        Ok(())
    }

    /// Ends an evaluation whose dataset goes away.
    pub(super) fn drop_evaluation(&mut self, emit: Emit<'_>) {
        if let Some(Job { id, .. }) = self.job.take_if(|job| matches!(job.work, Work::Evaluation(_))) {
            emit(answer(id, Event::Done));
        }
    }
}

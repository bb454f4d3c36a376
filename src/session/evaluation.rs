//! Held-out evaluation of a session.

use super::job::{Job, Work};
use super::{Emit, Session, answer};
use crate::error::Result;
use crate::evaluate::Evaluator;
use crate::protocol::{EvaluationSettings, Event, RequestId};

impl Session {
    /// Begins an evaluation of the open dataset.
    pub(super) fn evaluate(&mut self, settings: EvaluationSettings, id: RequestId) -> Result<()> {
        self.refuse_while_busy("evaluate")?;
        let models: Vec<_> = self.models.all().map(|loaded| (loaded.model.clone(), loaded.summary.updates)).collect();
        let evaluator = Evaluator::new(self.dataset()?, settings, &models)?;
        self.job = Some(Job::new(id, Work::Evaluation(Box::new(evaluator))));
        Ok(())
    }

    /// Ends an evaluation or experiment whose dataset goes away.
    pub(super) fn drop_questions(&mut self, emit: Emit<'_>) {
        if let Some(Job { id, .. }) = self.job.take_if(|job| {
            matches!(job.work, Work::Evaluation(_) | Work::Evidence(_) | Work::Experiment(_) | Work::Ends(_))
        }) {
            emit(answer(id, Event::Done));
        }
    }
}

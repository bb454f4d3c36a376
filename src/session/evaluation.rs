//! Held-out evaluation of a session.

use super::Session;
use super::job::Work;
use crate::error::Result;
use crate::evaluate::Evaluator;
use crate::protocol::{EvaluationSettings, RequestId};

impl Session {
    /// Begins an evaluation of the open dataset.
    pub(super) fn evaluate(&mut self, settings: EvaluationSettings, id: RequestId) -> Result<()> {
        self.refuse_while_busy("evaluate")?;
        let models: Vec<_> = self.models.all().map(|loaded| (loaded.model.clone(), loaded.summary.updates)).collect();
        let evaluator = Evaluator::new(self.dataset()?, settings, &models)?;
        self.jobs.begin(id, Work::Evaluation(Box::new(evaluator)));
        Ok(())
    }
}

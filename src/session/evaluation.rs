//! Held-out evaluation of a session.

use super::job::{Job, Work};
use super::{Emit, Session, answer};
use crate::error::Result;
use crate::evaluate::{Evaluator, Step};
use crate::protocol::{EvaluationSettings, Event, RequestId};

impl Session {
    /// Begins an evaluation of the open dataset.
    pub(super) fn evaluate(&mut self, settings: EvaluationSettings, id: RequestId) -> Result<()> {
        self.refuse_while_busy("evaluate")?;
        let models: Vec<_> = self.models.all().map(|loaded| (loaded.model.clone(), loaded.summary.updates)).collect();
        let evaluator = Evaluator::new(self.dataset()?, settings, &models)?;
        self.job = Some(Job { id, work: Work::Evaluation(Box::new(evaluator)) });
        Ok(())
    }

    pub(super) async fn advance_evaluation(
        &mut self,
        mut evaluator: Box<Evaluator>,
        id: RequestId,
        emit: Emit<'_>,
    ) -> Result<()> {
        let (before, share) = evaluator.progress();
        let step = evaluator.advance(self.dataset()?, self.device()?).await?;
        let (stage, done) = evaluator.progress();
        // Pieces can be short: only what a reader would notice is told.
        if stage != before || (done * 200.0).floor() > (share * 200.0).floor() {
            emit(answer(id, Event::Progress { stage, done }));
        }
        if step != Step::Working {
            let (evaluation, predictions) = (evaluator.table().clone(), evaluator.predictions().to_vec());
            emit(answer(id, Event::Evaluation { evaluation, predictions }));
        }
        if step != Step::Finished {
            self.job = Some(Job { id, work: Work::Evaluation(evaluator) });
        }
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

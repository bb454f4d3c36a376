//! Long work besides training and simulations: a preparation, an evaluation or an experiment. One at a time.

use super::{Emit, Session, answer, failure};
use crate::data::study::Study;
use crate::error::{Error, Result};
use crate::evaluate::Evaluator;
use crate::evidence::Evidences;
use crate::models::AnyModel;
use crate::preprocess::Preparing;
use crate::protocol::{Event, RequestId};
use crate::simulate::Experimenter;

/// Work in progress with the request that started it.
pub(super) struct Job {
    pub(super) id: RequestId,
    pub(super) work: Work,
}

pub(super) enum Work {
    /// From a study to a dataset. The study waits for another mapping if this one fails or is cancelled.
    Preparation(Box<Preparing>, Box<Study>),
    /// Distances at held-out time points.
    Evaluation(Box<Evaluator>),
    /// What the data say of interactions.
    Evidence(Box<Evidences>),
    /// A change and what becomes of it.
    Experiment(Box<Experimenter<AnyModel>>),
}

impl Job {
    /// What it is, for a sentence.
    pub(super) fn name(&self) -> &'static str {
        match self.work {
            Work::Preparation(..) => "a preparation",
            Work::Evaluation(_) => "an evaluation",
            Work::Evidence(_) => "a look for evidence",
            Work::Experiment(_) => "an experiment",
        }
    }
}

impl Session {
    pub(super) async fn advance_job(&mut self, emit: Emit<'_>) {
        let Some(Job { id, work }) = self.job.take() else { return };
        let result = match work {
            Work::Preparation(preparing, study) => self.advance_preparation(preparing, study, id, emit),
            Work::Evaluation(evaluator) => self.advance_evaluation(evaluator, id, emit).await,
            Work::Evidence(evidences) => self.advance_evidence(evidences, id, emit),
            Work::Experiment(experimenter) => self.advance_experiment(experimenter, id, emit).await,
        };
        match result {
            Ok(()) if self.job.is_some() => {}
            Ok(()) => emit(answer(id, Event::Done)),
            Err(error) => emit(answer(id, Event::Failed(failure(&error)))),
        }
    }

    /// Ends the running preparation, evaluation or experiment.
    pub(super) fn cancel(&mut self, emit: Emit<'_>) -> Result<()> {
        let missing = || Error::request("No preparation, evaluation or experiment is running");
        let Job { id, work } = self.job.take().ok_or_else(missing)?;
        if let Work::Preparation(_, study) = work {
            self.waiting = Some(*study);
        }
        emit(answer(id, Event::Done));
        Ok(())
    }
}

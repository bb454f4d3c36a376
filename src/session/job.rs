//! Long work besides training and simulations: a preparation, an evaluation, an experiment, the fates of cells, the markers of types or an export. One at a time.

use super::evidence::Looking;
use super::{Emit, Session, answer, failure};
use crate::data::study::Study;
use crate::error::{Error, Result};
use crate::evaluate::Evaluator;
use crate::export::Exporter;
use crate::models::AnyModel;
use crate::preprocess::{Marking, Preparing};
use crate::protocol::{Event, RequestId};
use crate::simulate::{Ends, Experimenter};

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
    /// What the data, and models fitted to them, say of interactions.
    Evidence(Looking),
    /// A change and what becomes of it.
    Experiment(Box<Experimenter<AnyModel>>),
    /// Copies of single cells, followed to their ends.
    Ends(Box<Ends<AnyModel>>),
    /// Genes that mark the types.
    Markers(Box<Marking>),
    /// A file for other programs.
    Export(Box<Exporter>),
}

impl Job {
    /// What it is, for a sentence.
    pub(super) fn name(&self) -> &'static str {
        match self.work {
            Work::Preparation(..) => "a preparation",
            Work::Evaluation(_) => "an evaluation",
            Work::Evidence(_) => "a look for evidence",
            Work::Experiment(_) => "an experiment",
            Work::Ends(_) => "the search for the fates of cells",
            Work::Markers(_) => "a search for marker genes",
            Work::Export(_) => "an export",
        }
    }
}

impl Session {
    pub(super) async fn advance_job(&mut self, emit: Emit<'_>) {
        let Some(Job { id, work }) = self.job.take() else { return };
        let result = match work {
            Work::Preparation(preparing, study) => self.advance_preparation(preparing, study, id, emit),
            Work::Evaluation(evaluator) => self.advance_evaluation(evaluator, id, emit).await,
            Work::Export(exporter) => self.advance_export(exporter, id, emit).await,
            Work::Markers(marking) => self.advance_markers(marking, id, emit),
            Work::Evidence(looking) => self.advance_evidence(looking, id, emit).await,
            Work::Experiment(experimenter) => self.advance_experiment(experimenter, id, emit).await,
            Work::Ends(ends) => self.advance_ends(ends, id, emit).await,
        };
        match result {
            Ok(()) if self.job.is_some() => {}
            Ok(()) => emit(answer(id, Event::Done)),
            Err(error) => emit(answer(id, Event::Failed(failure(&error)))),
        }
    }

    /// Ends the running preparation, evaluation, experiment, search for fates or markers, or export.
    pub(super) fn cancel(&mut self, emit: Emit<'_>) -> Result<()> {
        let missing = || {
            Error::request("No preparation, evaluation, experiment, search for fates or markers, or export is running")
        };
        let Job { id, work } = self.job.take().ok_or_else(missing)?;
        if let Work::Preparation(_, study) = work {
            self.waiting = Some(*study);
        }
        emit(answer(id, Event::Done));
        Ok(())
    }
}

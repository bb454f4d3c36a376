//! Long work besides training and simulations: a preparation, an evaluation, an experiment, the fates of cells, a path, the markers of types or an
//! export. One at a time.

use super::evidence::Looking;
use super::{Emit, Session, answer, failure};
use crate::data::Dataset;
use crate::data::study::Study;
use crate::error::{Error, Result};
use crate::evaluate::Evaluator;
use crate::export::Exporter;
use crate::models::AnyModel;
use crate::path::PathFinder;
use crate::preprocess::{Marking, Preparing};
use crate::protocol::{Event, Finding, RequestId, UnitKey};
use crate::simulate::{Ends, Experimenter};

/// Work in progress with the request that started it.
pub(super) struct Job {
    id: RequestId,
    work: Work,
    /// The progress that was told last, in steps of [`TOLD`].
    told: Option<(String, u32)>,
    /// The progress of the unit that was told last, likewise.
    told_unit: Option<(UnitKey, u32)>,
}

/// The work that runs, if any. It is written here and nowhere else.
#[derive(Default)]
pub(super) struct Jobs(Option<Job>);

impl Jobs {
    /// Begins a work.
    pub(super) fn begin(&mut self, id: RequestId, work: Work) {
        self.0 = Some(Job { id, work, told: None, told_unit: None });
    }

    /// The work that runs.
    pub(super) fn running(&self) -> Option<&Job> {
        self.0.as_ref()
    }

    /// A unit of the running evaluation is known from elsewhere.
    pub(super) fn already_found(&mut self, finding: &Finding) {
        if let Some(Job { work: Work::Evaluation(evaluator), .. }) = &mut self.0 {
            evaluator.already_found(finding);
        }
    }

    /// A study is being prepared.
    pub(super) fn is_preparing(&self) -> bool {
        self.0.as_ref().is_some_and(|job| matches!(job.work, Work::Preparation(..)))
    }
}

/// Pieces can be short: a stage is told again when one of so many parts of the whole is done.
const TOLD: f32 = 200.0;

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
    /// The path of least action between two groups of cells.
    Path(Box<PathFinder<AnyModel>>),
    /// Genes that mark the types.
    Markers(Box<Marking>),
    /// A file for other programs.
    Export(Box<Exporter>),
}

impl Work {
    /// What is being done, and the share of the whole that is done, 0 to 1.
    fn progress(&self, dataset: Option<&Dataset>) -> (String, f32) {
        match self {
            Self::Preparation(preparing, _) => {
                let (stage, done) = preparing.progress();
                (stage.into(), done)
            }
            Self::Evaluation(evaluator) => evaluator.progress(),
            Self::Evidence(looking) => looking.progress(),
            Self::Experiment(experimenter) => experimenter.progress(),
            Self::Ends(ends) => ("following cells".into(), ends.progress()),
            Self::Path(finder) => ("looking for a path".into(), finder.progress()),
            Self::Markers(marking) => ("marker genes".into(), dataset.map_or(0.0, |dataset| marking.progress(dataset))),
            Self::Export(exporter) => ("asking the model".into(), exporter.progress()),
        }
    }
}

impl Job {
    /// Tells how far a unit of an evaluation is, if that is new.
    fn tell_unit(&mut self, unit: UnitKey, done: f32, emit: Emit<'_>) {
        let now = Some((unit.clone(), (done * TOLD) as u32));
        if self.told_unit != now {
            self.told_unit = now;
            emit(answer(self.id, Event::UnitProgress(unit, done)));
        }
    }

    /// What it is, for a sentence.
    pub(super) fn name(&self) -> &'static str {
        match self.work {
            Work::Preparation(..) => "a preparation",
            Work::Evaluation(_) => "an evaluation",
            Work::Evidence(_) => "a look for evidence",
            Work::Experiment(_) => "an experiment",
            Work::Ends(_) => "the search for the fates of cells",
            Work::Path(_) => "the search for a path",
            Work::Markers(_) => "a search for marker genes",
            Work::Export(_) => "an export",
        }
    }
}

impl Session {
    /// Does one bounded piece of the running work, and tells how far it is.
    pub(super) async fn advance_job(&mut self, emit: Emit<'_>) {
        let Some(mut job) = self.jobs.0.take() else { return };
        let id = job.id;
        match self.piece(&mut job, emit).await {
            Ok(None) => {
                let (stage, done) = job.work.progress(self.datasets.open());
                if let Work::Evaluation(evaluator) = &job.work
                    && let Some((unit, done)) = evaluator.unit()
                {
                    job.tell_unit(unit, done, emit);
                }
                let now = Some((stage.clone(), (done * TOLD) as u32));
                if job.told != now {
                    job.told = now;
                    emit(answer(id, Event::Progress { stage, done }));
                }
                self.jobs.0 = Some(job);
            }
            Ok(Some(())) => emit(answer(id, Event::Done)),
            Err(error) => {
                if let Work::Preparation(_, study) = job.work {
                    self.datasets.wait(*study);
                }
                emit(answer(id, Event::Failed(failure(&error))));
            }
        }
    }

    /// Does one bounded piece of a job, and says what it found; `Some` at the end.
    async fn piece(&mut self, job: &mut Job, emit: Emit<'_>) -> Result<Option<()>> {
        let id = job.id;
        if let Work::Preparation(preparing, _) = &mut job.work {
            let Some(dataset) = preparing.advance()? else { return Ok(None) };
            self.replace(dataset, Vec::new(), None, id, emit).await;
            return Ok(Some(()));
        }
        let (dataset, device) = (self.dataset()?, self.device()?);
        let found = match &mut job.work {
            Work::Preparation(..) => None,
            Work::Evaluation(evaluator) => {
                let whole = evaluator.advance(dataset, device).await?;
                for finding in evaluator.take_found() {
                    emit(answer(id, Event::Found(Box::new(finding))));
                }
                if evaluator.has_news() || whole.is_some() {
                    let (evaluation, predictions) = (evaluator.table().clone(), evaluator.predictions().to_vec());
                    emit(answer(id, Event::Evaluation { evaluation, predictions }));
                }
                return Ok(whole);
            }
            Work::Evidence(looking) => {
                let found = looking.advance(dataset, device).await?;
                if let Some(news) = looking.news().filter(|_| found.is_none()) {
                    emit(answer(id, Event::Evidence(Box::new(news))));
                }
                found.map(|found| Event::Evidence(Box::new(found)))
            }
            Work::Experiment(experimenter) => {
                experimenter.advance(dataset, device).await?.map(|found| Event::Experiment(Box::new(found)))
            }
            Work::Ends(ends) => ends.advance(dataset, device).await?.map(Event::CellFates),
            Work::Path(finder) => finder.advance(dataset, device).await?.map(|found| Event::Path(Box::new(found))),
            Work::Markers(marking) => marking.advance(dataset)?.map(Event::Markers),
            Work::Export(exporter) => exporter.advance(dataset, device).await?.map(|bytes| {
                let name = format!("{}.h5ad", dataset.name);
                Event::File { name, bytes: bytes.into() }
            }),
        };
        Ok(found.map(|event| emit(answer(id, event))))
    }

    /// Ends work whose dataset goes away.
    pub(super) fn drop_questions(&mut self, emit: Emit<'_>) {
        if let Some(Job { id, .. }) = self.jobs.0.take_if(|job| {
            let work = &job.work;
            matches!(
                work,
                Work::Evaluation(_) | Work::Evidence(_) | Work::Experiment(_) | Work::Ends(_) | Work::Path(_)
            )
        }) {
            emit(answer(id, Event::Done));
        }
    }

    /// Ends the running preparation, evaluation, experiment, search for fates, a path or markers, or export.
    pub(super) fn cancel(&mut self, emit: Emit<'_>) -> Result<()> {
        let missing = || {
            Error::request(
                "No preparation, evaluation, experiment, search for fates, a path or markers, or export is running",
            )
        };
        let Job { id, work, .. } = self.jobs.0.take().ok_or_else(missing)?;
        if let Work::Preparation(_, study) = work {
            self.datasets.wait(*study);
        }
        emit(answer(id, Event::Done));
        Ok(())
    }
}

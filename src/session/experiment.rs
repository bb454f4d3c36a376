//! An experiment of a session.

use super::job::{Job, Work};
use super::{Emit, Session, answer};
use crate::error::Result;
use crate::models::AnyModel;
use crate::protocol::{Event, ExperimentQuery, RequestId};
use crate::simulate::Experimenter;

impl Session {
    /// Begins an experiment with the model in use.
    pub(super) fn experiment(&mut self, query: ExperimentQuery, id: RequestId) -> Result<()> {
        self.refuse_while_busy("begin an experiment")?;
        let (dataset, device) = self.question(None)?;
        let model = self.model(query.simulation.model)?;
        let experimenter = Experimenter::new(dataset, &model, query, device)?;
        self.job = Some(Job { id, work: Work::Experiment(Box::new(experimenter)) });
        Ok(())
    }

    pub(super) async fn advance_experiment(
        &mut self,
        mut experimenter: Box<Experimenter<AnyModel>>,
        id: RequestId,
        emit: Emit<'_>,
    ) -> Result<()> {
        let found = experimenter.advance(self.dataset()?, self.device()?).await?;
        match found {
            Some(found) => emit(answer(id, Event::Experiment(Box::new(found)))),
            None => {
                let (stage, done) = experimenter.progress();
                emit(answer(id, Event::Progress { stage, done }));
                self.job = Some(Job { id, work: Work::Experiment(experimenter) });
            }
        }
        Ok(())
    }
}

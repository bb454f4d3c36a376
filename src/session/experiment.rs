//! An experiment of a session.

use super::Session;
use super::job::Work;
use crate::error::Result;
use crate::protocol::{ExperimentQuery, RequestId};
use crate::simulate::Experimenter;

impl Session {
    /// Begins an experiment with the model in use.
    pub(super) fn experiment(&mut self, query: ExperimentQuery, id: RequestId) -> Result<()> {
        self.refuse_while_busy("begin an experiment")?;
        let (dataset, model, device) = self.question(query.simulation.model, None)?;
        let experimenter = Experimenter::new(dataset, &model, query, device)?;
        self.jobs.begin(id, Work::Experiment(Box::new(experimenter)));
        Ok(())
    }
}

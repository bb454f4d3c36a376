//! Simulations of a session: one for each model at most, beside whatever else runs.

use super::{Emit, Session, answer, failure};
use crate::error::{Error, Result};
use crate::protocol::{Event, ModelKind, RequestId, SimulationFormat, SimulationQuery};
use crate::simulate::{self, Moving, Simulator};

/// A simulation with the request that started it.
pub(super) struct Simulating {
    id: RequestId,
    model: ModelKind,
    simulator: Simulator,
}

impl Session {
    /// Begins a simulation; one of the same model that runs makes way for it.
    pub(super) fn simulate(&mut self, query: &SimulationQuery, id: RequestId, emit: Emit<'_>) -> Result<()> {
        let simulator = Simulator::new(self.moving(query)?);
        if let Some(at) = self.simulations.iter().position(|running| running.model == query.model) {
            emit(answer(self.simulations.remove(at).id, Event::Done));
        }
        self.simulations.push(Simulating { id, model: query.model, simulator });
        Ok(())
    }

    /// Simulated cells as a file.
    pub(super) async fn save_simulation(&self, query: &SimulationQuery, format: SimulationFormat) -> Result<Event> {
        let dataset = self.dataset()?;
        let bytes = simulate::file(self.moving(query)?, dataset, format).await?.into();
        let extension = match format {
            SimulationFormat::Npz => "npz",
            SimulationFormat::H5ad => "h5ad",
        };
        Ok(Event::File { name: format!("{}-simulated.{extension}", dataset.name), bytes })
    }

    fn moving(&self, query: &SimulationQuery) -> Result<Moving> {
        match query.model {
            ModelKind::ScImf => {
                let (dataset, model, device) = self.question(None)?;
                Moving::scimf(model, dataset, query, device)
            }
            ModelKind::CellMnn => Moving::cell_mnn(self.operators(None)?, query, self.device()?),
        }
    }

    /// Does one bounded piece of the simulation that waits longest for it.
    pub(super) async fn advance_simulation(&mut self, emit: Emit<'_>) {
        if self.simulations.is_empty() {
            return;
        }
        let mut running = self.simulations.remove(0);
        let id = running.id;
        let found = match self.dataset() {
            Ok(dataset) => running.simulator.advance(dataset).await,
            Err(error) => Err(error),
        };
        match found {
            Ok(None) => {
                let (stage, done) = running.simulator.progress();
                emit(answer(id, Event::Progress { stage: stage.into(), done }));
                self.simulations.push(running);
            }
            Ok(Some(found)) => {
                emit(answer(id, Event::Simulation(found)));
                emit(answer(id, Event::Done));
            }
            Err(error) => emit(answer(id, Event::Failed(failure(&error)))),
        }
    }

    /// Ends the running simulations.
    pub(super) fn cancel_simulations(&mut self, emit: Emit<'_>) -> Result<()> {
        if self.simulations.is_empty() {
            return Err(Error::request("No simulation is running"));
        }
        self.drop_simulations(emit);
        Ok(())
    }

    /// Ends simulations whose dataset goes away, if there are any.
    pub(super) fn drop_simulations(&mut self, emit: Emit<'_>) {
        self.simulations.drain(..).for_each(|running| emit(answer(running.id, Event::Done)));
    }
}

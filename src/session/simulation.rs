//! Simulations of a session, beside whatever else runs; of several the first ends first.

use super::{Emit, Session, answer, failure};
use crate::error::{Error, Result};
use crate::models::AnyJourney;
use crate::protocol::{Event, RequestId, SimulationFormat, SimulationQuery};
use crate::simulate::{self, Moves, Moving, Simulator};
use std::collections::VecDeque;

/// A simulation with the request that started it.
struct Simulating {
    id: RequestId,
    simulator: Simulator<AnyJourney>,
}

/// The simulations that run or wait. They are written here and nowhere else.
#[derive(Default)]
pub(super) struct Simulations(VecDeque<Simulating>);

impl Simulations {
    /// None runs.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Session {
    /// Begins a simulation, or lets it wait for those before it.
    pub(super) fn simulate(&mut self, query: &SimulationQuery, id: RequestId) -> Result<()> {
        let simulator = Simulator::new(self.moving(query)?);
        self.simulations.0.push_back(Simulating { id, simulator });
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

    fn moving(&self, query: &SimulationQuery) -> Result<Moving<AnyJourney>> {
        let (dataset, model, device) = self.question(query.model, None)?;
        let journey = model.journey(dataset, query, &[], device)?;
        Moving::new(journey, dataset, query)
    }

    /// Does one bounded piece of the first simulation.
    pub(super) async fn advance_simulation(&mut self, emit: Emit<'_>) {
        let Some(mut running) = self.simulations.0.pop_front() else { return };
        let id = running.id;
        let found = match self.dataset() {
            Ok(dataset) => running.simulator.advance(dataset).await,
            Err(error) => Err(error),
        };
        match found {
            Ok(None) => {
                let (stage, done) = running.simulator.progress();
                emit(answer(id, Event::Progress { stage: stage.into(), done }));
                self.simulations.0.push_front(running);
            }
            Ok(Some(found)) => {
                emit(answer(id, Event::Simulation(found)));
                emit(answer(id, Event::Done));
            }
            Err(error) => emit(answer(id, Event::Failed(failure(&error)))),
        }
    }

    /// Ends a simulation.
    pub(super) fn cancel_simulation(&mut self, request: RequestId, emit: Emit<'_>) -> Result<()> {
        let place = self.simulations.0.iter().position(|running| running.id == request);
        let running = place.and_then(|place| self.simulations.0.remove(place));
        let running = running.ok_or_else(|| Error::request("This simulation is not running"))?;
        emit(answer(running.id, Event::Done));
        Ok(())
    }

    /// Ends simulations whose dataset goes away, if there are any.
    pub(super) fn drop_simulations(&mut self, emit: Emit<'_>) {
        self.simulations.0.drain(..).for_each(|running| emit(answer(running.id, Event::Done)));
    }
}

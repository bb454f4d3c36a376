//! Questions of the views about the chosen time point, and simulations.

use super::{Engine, Purpose, Question};
use leptos::prelude::*;
use scimf::protocol::{CellMatrixQuery, Command, CommunicationQuery, SimulationQuery, SpaceId, VelocityQuery};

impl Engine {
    /// Asks for the velocity.
    pub fn velocity(&self, query: VelocityQuery) {
        self.ask(Question::Velocity, Command::Velocity(query));
    }

    /// Asks who listens to whom.
    pub fn communication(&self, query: CommunicationQuery) {
        self.ask(Question::Communication, Command::Communication(query));
    }

    /// Asks who listens to whom at a time point that is not chosen.
    pub fn other_communication(&self, query: CommunicationQuery) {
        self.ask(Question::OtherCommunication, Command::Communication(query));
    }

    /// Asks for the attention between cells.
    pub fn cell_matrix(&self, query: CellMatrixQuery) {
        self.ask(Question::CellMatrix, Command::CellMatrix(query));
    }

    /// Ends the running simulation.
    pub fn cancel_simulation(&self) {
        self.state.simulate.cancelled.set(true);
        let same = |purpose: &Purpose| matches!(purpose, Purpose::Ask(Question::Simulation));
        self.asked(same).into_iter().for_each(|request| self.end_simulation(request));
    }

    /// Asks for simulated cells.
    pub fn simulate(&self, query: SimulationQuery) {
        self.state.simulate.begin();
        self.ask(Question::Simulation, Command::Simulate(query));
    }

    /// Asks for the coordinates in another space.
    pub fn coordinates(&self, space: SpaceId) {
        self.ask(Question::Coordinates, Command::Coordinates { space });
    }
}

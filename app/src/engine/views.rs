//! The end of a simulation, and another plane.

use super::{COORDINATES, Engine, Purpose, Question};
use crate::view_state::AskForPlane;

impl Engine {
    /// Ends the running simulation.
    pub fn cancel_simulation(&self) {
        self.state.simulate.cancelled.set(true);
        let same = |purpose: &Purpose| matches!(purpose, Purpose::Ask(Question::Simulation));
        self.asked(same).into_iter().for_each(|request| self.end_simulation(request));
    }

    /// [`COORDINATES`] as a function.
    pub fn ask_for_plane(&self) -> impl AskForPlane + use<> {
        let engine = *self;
        move |space| engine.ask(&COORDINATES, space)
    }
}

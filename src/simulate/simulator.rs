//! A simulation, one bounded piece at a time.

use super::frames::Developing;
use super::moving::Moving;
use super::{Journey, Neighbourhood};
use crate::data::Dataset;
use crate::error::Result;
use crate::protocol::Simulation;
use std::sync::Arc;

/// Share of the whole after which the cells have arrived.
const MOVED: f32 = 0.7;

/// A simulation in progress.
pub struct Simulator<J>(SimulatorStage<J>);

enum SimulatorStage<J> {
    /// The cells are on their way.
    Moving(Moving<J>),
    /// They have arrived and are placed and labelled, in the dataset that is named or else in the open one.
    Developing(Developing, Option<Arc<Dataset>>),
    /// Nothing is left to do.
    Over,
}

impl<J: Journey> Simulator<J> {
    /// A simulation of cells that have not begun to move.
    pub fn new(moving: Moving<J>) -> Self {
        Self(SimulatorStage::Moving(moving))
    }

    /// What is being done, and the share of the whole that is done, 0 to 1.
    pub fn progress(&self) -> (&'static str, f32) {
        match &self.0 {
            SimulatorStage::Moving(moving) => ("moving the cells", MOVED * moving.progress()),
            SimulatorStage::Developing(developing, _) => {
                ("placing the cells", MOVED + (1.0 - MOVED) * developing.progress())
            }
            SimulatorStage::Over => ("placing the cells", 1.0),
        }
    }

    /// Does one bounded piece of work; the answer when all is done. Not to be called again after that or after an error.
    ///
    /// # Errors
    /// The device failed.
    pub async fn advance(&mut self, dataset: &Dataset) -> Result<Option<Simulation>> {
        match &mut self.0 {
            SimulatorStage::Moving(moving) => {
                if moving.step(dataset).await? {
                    return Ok(None);
                }
            }
            SimulatorStage::Developing(developing, seen) => {
                return developing.advance(seen.as_deref().unwrap_or(dataset));
            }
            SimulatorStage::Over => return Ok(None),
        }
        if let SimulatorStage::Moving(moving) = std::mem::replace(&mut self.0, SimulatorStage::Over) {
            let seen = moving.seen_in();
            let shown = seen.as_deref().unwrap_or(dataset);
            let neighbourhood = moving.query.fates.then(|| Arc::new(Neighbourhood::new(shown)));
            let developing = moving.recorder().develop(shown.states.cols, neighbourhood, None).await?;
            self.0 = SimulatorStage::Developing(developing, seen);
        }
        Ok(None)
    }
}

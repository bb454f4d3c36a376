//! A simulation, one bounded piece at a time.

use super::frames::Developing;
use super::listening::Listening;
use super::moving::Moving;
use super::{Journey, Neighbourhood};
use crate::data::Dataset;
use crate::error::Result;
use crate::protocol::Simulation;
use std::sync::Arc;

/// Share of the whole after which the cells have arrived.
const MOVED: f32 = 0.7;
/// Share after which they are placed and labelled, where attention follows.
const PLACED: f32 = 0.85;

/// A simulation in progress.
pub struct Simulator<J>(SimulatorStage<J>);

enum SimulatorStage<J> {
    /// The cells are on their way.
    Moving(Moving<J>),
    /// They have arrived and are placed and labelled, in the dataset that is named or else in the open one.
    Developing(Developing, Option<Arc<Dataset>>, J),
    /// Who listens to whom among them is computed.
    Listening(Listening, J),
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
            SimulatorStage::Developing(developing, ..) => {
                ("placing the cells", MOVED + (PLACED - MOVED) * developing.progress())
            }
            SimulatorStage::Listening(listening, _) => {
                ("attention between the cells", PLACED + (1.0 - PLACED) * listening.progress())
            }
            SimulatorStage::Over => ("placing the cells", 1.0),
        }
    }

    /// Does one bounded piece of work; the answer when all is done. Not to be called again after that or after an error.
    ///
    /// # Errors
    /// The device failed.
    pub async fn advance(&mut self, dataset: &Dataset) -> Result<Option<Simulation>> {
        self.0 = match std::mem::replace(&mut self.0, SimulatorStage::Over) {
            SimulatorStage::Moving(mut moving) => {
                if moving.step(dataset).await? {
                    SimulatorStage::Moving(moving)
                } else {
                    let seen = moving.seen_in();
                    let shown = seen.as_deref().unwrap_or(dataset);
                    let neighbourhood = moving.query.fates.then(|| Arc::new(Neighbourhood::new(shown)));
                    let (journey, recorder) = moving.arrived();
                    let developing = recorder.develop(shown.states.cols, neighbourhood, None).await?;
                    SimulatorStage::Developing(developing, seen, journey)
                }
            }
            SimulatorStage::Developing(mut developing, seen, journey) => {
                let shown = seen.as_deref().unwrap_or(dataset);
                match developing.advance(shown)? {
                    None => SimulatorStage::Developing(developing, seen, journey),
                    Some(simulation) => match Listening::new(&simulation, &developing, shown.types.len()) {
                        Some(listening) => SimulatorStage::Listening(listening, journey),
                        None => return Ok(Some(simulation)),
                    },
                }
            }
            SimulatorStage::Listening(mut listening, journey) => match listening.advance(&journey).await? {
                None => SimulatorStage::Listening(listening, journey),
                found => return Ok(found),
            },
            SimulatorStage::Over => SimulatorStage::Over,
        };
        Ok(None)
    }
}

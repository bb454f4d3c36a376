//! A population on its way through time, with noise and without dropout.

use super::{PopulationStepper, ScImf};
use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::models::attention::{Attention, between_types};
use crate::protocol::limits::MOST_MASKED;
use crate::protocol::{Change, Communication, CommunicationQuery, SimulationQuery};
use crate::simulate::{Crowd, CrowdStepper, Together, TypedCells};
use crate::tensor::is_cpu;
use burn::tensor::{Device, Tensor};

/// A population on its way.
pub type Rollout = Together<Attending>;

/// Cells that attend to each other, whose mask follows their types.
pub struct Attending {
    model: ScImf,
    /// Made at the first step.
    stepper: Option<PopulationStepper>,
    device: Device,
}

/// Draws the cells of a query and makes `changes` to them.
///
/// # Errors
/// The query or a change cannot be followed.
pub fn rollout(
    model: &ScImf,
    dataset: &Dataset,
    query: &SimulationQuery,
    changes: &[Change],
    device: &Device,
) -> Result<Rollout> {
    let crowd = Crowd::draw(dataset, query, changes, model.config.dt)?;
    if crowd.is_masked() && crowd.cells() > MOST_MASKED && !is_cpu(device) {
        let what =
            format!("On this device a population in which some do not attend to all has at most {MOST_MASKED} cells");
        return Err(Error::request(what).remedy("Ask for fewer, or compute on the CPU."));
    }
    let stepper = Attending { model: model.clone(), stepper: None, device: device.clone() };
    Together::new(stepper, crowd, dataset, changes, device)
}

impl CrowdStepper for Attending {
    /// The last column is the action, which nobody asks for.
    const FURTHER: usize = 1;

    /// Takes one Euler-Maruyama step.
    async fn step(&mut self, crowd: &Crowd, state: Tensor<2>) -> Result<Tensor<2>> {
        let mut stepper = match self.stepper.take() {
            Some(stepper) => stepper,
            None => PopulationStepper::new(&self.model, crowd.cells(), None, &self.device).await?,
        };
        if crowd.is_masked() && (crowd.is_at_start() || crowd.is_scaled()) {
            stepper.set_mask(&crowd.audiences());
        }
        let noise = crowd.noise(self.model.config.dimensions, Self::FURTHER);
        let state = stepper.step(crowd.time(), crowd.dt(), state, noise).await?;
        self.stepper = Some(stepper);
        Ok(state)
    }

    async fn attention(&self, population: TypedCells, query: CommunicationQuery) -> Result<Option<Communication>> {
        if self.model.interacts() {
            return between_types(&self.model, population, query, &self.device).await.map(Some);
        }
        Ok(None)
    }
}

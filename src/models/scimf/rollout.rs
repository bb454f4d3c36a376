//! A population on its way through time, with noise and without dropout.

use super::{PopulationStepper, ScImf};
use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::protocol::limits::MOST_MASKED;
use crate::protocol::{Change, SimulationQuery};
use crate::simulate::{Crowd, CrowdStepper, Together};
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
    if is_masked(&crowd) && crowd.cells() > MOST_MASKED && !is_cpu(device) {
        let what =
            format!("On this device a population in which some do not attend to all has at most {MOST_MASKED} cells");
        return Err(Error::request(what).remedy("Ask for fewer, or compute on the CPU."));
    }
    let stepper = Attending { model: model.clone(), stepper: None, device: device.clone() };
    Together::new(stepper, crowd, dataset, changes, device)
}

/// Somebody does not attend to all others.
fn is_masked(crowd: &Crowd) -> bool {
    crowd.is_muted() || crowd.first_attended() > 0
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
        if is_masked(crowd) && (crowd.is_at_start() || crowd.is_muted()) {
            stepper.set_mask(crowd.cells(), |receiver, sender| crowd.attends(receiver, sender));
        }
        let noise = crowd.noise(self.model.config.dimensions, Self::FURTHER);
        let state = stepper.step(crowd.time(), crowd.dt(), state, noise).await?;
        self.stepper = Some(stepper);
        Ok(state)
    }
}

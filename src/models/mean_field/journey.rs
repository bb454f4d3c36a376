//! A population on its way through time, with noise, with whoever is taken out, muted or heard otherwise.

use super::field::MeanField;
use super::mask::Mask;
use crate::data::Dataset;
use crate::error::Result;
use crate::protocol::{Change, SimulationQuery};
use crate::simulate::{Crowd, CrowdStepper, Together};
use crate::tensor::upload;
use burn::tensor::{Device, Tensor};

/// A population on its way.
pub type MeanFieldJourney = Together<Pulled>;

/// Cells that are pulled, whose senders follow their types.
pub struct Pulled {
    model: MeanField,
    /// Made at the first step.
    mask: Option<Mask>,
    device: Device,
}

/// Draws the cells of a query and makes `changes` to them.
///
/// # Errors
/// The query or a change cannot be followed.
pub fn journey(
    model: &MeanField,
    dataset: &Dataset,
    query: &SimulationQuery,
    changes: &[Change],
    device: &Device,
) -> Result<MeanFieldJourney> {
    let crowd = Crowd::draw(dataset, query, changes, model.dt())?;
    let stepper = Pulled { model: model.clone(), mask: None, device: device.clone() };
    Together::new(stepper, crowd, dataset, changes, device)
}

/// Who is pulled by whom.
fn mask(crowd: &Crowd, device: &Device) -> Mask {
    let (audiences, each) = (crowd.audiences(), 1.0 / crowd.attended() as f32);
    let weight = |audience: usize, sender: usize| each * audiences.factors(audience)[sender];
    Mask::new(audiences.of(), audiences.count(), weight, device)
}

impl CrowdStepper for Pulled {
    /// Takes one Euler-Maruyama step.
    async fn step(&mut self, crowd: &Crowd, state: Tensor<2>) -> Result<Tensor<2>> {
        let kept = self.mask.take().filter(|_| !crowd.is_scaled());
        let mask = kept.unwrap_or_else(|| mask(crowd, &self.device));
        let (shape, dt) = (state.dims(), crowd.dt());
        let drift = self.model.drift(crowd.time(), &mask, state.clone());
        let mut next = state + drift.mul_scalar(dt);
        if let Some(noise) = crowd.noise(shape[1], Self::FURTHER) {
            let diffusion = self.model.network.noise.val().reshape([1, shape[1]]).mul_scalar(dt.sqrt());
            next = next + upload(noise, shape, &self.device) * diffusion;
        }
        self.mask = Some(mask);
        Ok(next)
    }
}

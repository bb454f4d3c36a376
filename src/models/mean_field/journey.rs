//! A population on its way through time, with noise, with whoever is taken out or muted.

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

/// Who attends to whom: receivers of a type are one audience where something is muted.
fn mask(crowd: &Crowd, device: &Device) -> Mask {
    let (kinds, first) = (crowd.kinds(), crowd.first_attended());
    let each = 1.0 / (kinds.len() - first) as f32;
    let audiences = if crowd.is_muted() { kinds.iter().max().map_or(1, |most| *most as usize + 1) } else { 1 };
    let of: Vec<usize> = kinds.iter().map(|kind| if audiences == 1 { 0 } else { *kind as usize }).collect();
    let weight = |audience: usize, sender: usize| {
        if sender < first || crowd.mutes(audience as u32, sender) { 0.0 } else { each }
    };
    Mask::new(&of, audiences, weight, device)
}

impl CrowdStepper for Pulled {
    /// Takes one Euler-Maruyama step.
    async fn step(&mut self, crowd: &Crowd, state: Tensor<2>) -> Result<Tensor<2>> {
        let kept = self.mask.take().filter(|_| !crowd.is_muted());
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

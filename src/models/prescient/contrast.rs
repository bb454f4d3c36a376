//! The contrastive term: net shall be high at the observed cells of the last training time, and low where cells diffuse from there.
//!
//! tau (- sum over those cells of net + (their number / number of points) sum over points of net). The points are cells of the last training
//! time moved by the model itself over the whole span of time in some steps; no gradient goes through their way.

use super::field::Motion;
use crate::sde::Stepper;
use crate::tensor::upload;
use crate::train::{AddressedDraws, Populations, Purpose};
use burn::tensor::{Device, Tensor};

/// Cells whose net is differentiated at once.
const ROWS_AT_ONCE: usize = 4096;

/// The term and its settings.
pub(super) struct Contrast<'a> {
    pub data: &'a Populations,
    pub tau: f32,
    pub cells: usize,
    pub steps: usize,
}

/// Points on their way.
pub(super) struct Diffusing {
    step: usize,
    points: Tensor<2>,
}

impl Contrast<'_> {
    fn last(&self) -> usize {
        self.data.labels.len() - 1
    }

    /// Draws the cells that are to diffuse.
    pub fn begin(&self, draws: &AddressedDraws, update: u32, device: &Device) -> Diffusing {
        let last = self.last();
        let rows = draws.cells(update, Purpose::Contrast, self.data.count(last), self.cells);
        let points = upload(self.data.rows(last, &rows), [rows.len(), self.data.dimensions], device);
        Diffusing { step: 0, points }
    }

    /// Moves the points some steps; the points once they have arrived.
    pub fn advance(
        &self,
        diffusing: &mut Diffusing,
        stepper: &Stepper<Motion>,
        draws: &AddressedDraws,
        update: u32,
        steps: usize,
    ) -> Option<Tensor<2>> {
        let dt = (self.data.labels[self.last()] - self.data.labels[0]) / self.steps as f64;
        for step in diffusing.step..(diffusing.step + steps).min(self.steps) {
            let shape = diffusing.points.dims();
            let noise = draws.noise(update, Purpose::Contrast, step, shape[0] * shape[1]);
            let noise = upload(noise, shape, &diffusing.points.device());
            diffusing.points = stepper.step(0.0, dt, diffusing.points.clone(), Some(noise));
            diffusing.step = step + 1;
        }
        (diffusing.step == self.steps).then(|| diffusing.points.clone())
    }

    /// The weighted term, `[1]`; adds its gradients to those of the stepper.
    pub fn take(&self, points: &Tensor<2>, stepper: &mut Stepper<Motion>) -> Tensor<1> {
        let (last, device) = (self.last(), points.device());
        let (all, d) = (self.data.count(last), self.data.dimensions);
        let share = all as f64 / points.dims()[0] as f64;
        let mut sum = Tensor::zeros([1], &device);
        let mut add = |rows: Tensor<2>, factor: f64| {
            let weight = factor * f64::from(self.tau);
            let part = stepper.add(|network| network.value(rows.autodiff()).sum().mul_scalar(weight));
            sum = sum.clone() + part;
        };
        for rows in self.data.cells[last].chunks(ROWS_AT_ONCE * d) {
            add(upload(rows.to_vec(), [rows.len() / d, d], &device), -1.0);
        }
        for rows in points.clone().split(ROWS_AT_ONCE, 0) {
            add(rows, share);
        }
        sum
    }
}

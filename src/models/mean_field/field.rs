//! The model on a device.

use super::mask::Mask;
use super::shape::MeanFieldShape;
use crate::error::Result;
use crate::models::fitted::Shaped;
use crate::tensor::{read, upload};
use burn::tensor::{Device, Tensor};

/// A mean-field model on a device.
pub type MeanField = Shaped<MeanFieldShape>;

impl MeanField {
    /// The intrinsic part of the drift per interval, at a time in index units.
    ///
    /// # Shapes
    /// - `x`, output: `[n, d]`
    pub fn intrinsic(&self, time: f64, x: Tensor<2>) -> Tensor<2> {
        self.network.intrinsic(&self.shape, time, x)
    }

    /// The part of the drift that comes from the others, per interval; none without interaction.
    ///
    /// # Shapes
    /// - `x`, output: `[n, d]`
    pub fn interaction(&self, mask: &Mask, x: Tensor<2>) -> Option<Tensor<2>> {
        self.shape.interacts.then(|| self.network.interaction(&self.shape, mask, x))
    }

    /// The drift per interval: its intrinsic part, and that of the others.
    ///
    /// # Shapes
    /// - `x`, output: `[n, d]`
    pub fn drift(&self, time: f64, mask: &Mask, x: Tensor<2>) -> Tensor<2> {
        let intrinsic = self.intrinsic(time, x.clone());
        match self.interaction(mask, x) {
            Some(others) => intrinsic + others,
            None => intrinsic,
        }
    }

    /// Both parts of the drift of one population at row-major `states`; the second is 0 without interaction.
    ///
    /// # Errors
    /// The device failed.
    pub(super) async fn parts_of(&self, time: f64, states: Vec<f32>, device: &Device) -> Result<[Vec<f32>; 2]> {
        let cells = states.len() / self.shape.dimensions;
        let x = upload(states, [cells, self.shape.dimensions], device);
        let mask = Mask::all(cells, device);
        let others = self.interaction(&mask, x.clone()).unwrap_or_else(|| x.zeros_like());
        let mut intrinsic = read(Tensor::cat(vec![self.intrinsic(time, x), others], 0)).await?;
        let others = intrinsic.split_off(intrinsic.len() / 2);
        Ok([intrinsic, others])
    }

    /// Length of a step, in index units.
    pub fn dt(&self) -> f64 {
        1.0 / self.shape.steps as f64
    }
}

//! Simulated cells held against some observed ones.

use crate::error::Result;
use crate::tensor::read;
use crate::transport::{Bounds, Cloud, Divergence, Schedule};
use burn::tensor::Tensor;

/// How cells are compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// Sinkhorn blur (square root of the last epsilon).
    pub blur: f64,
    /// Sinkhorn scaling: ratio of successive blurs.
    pub scaling: f64,
}

impl Comparison {
    /// The Sinkhorn divergence between simulated cells and row-major `observed` ones, with its gradient with respect to the simulated ones.
    /// These have `weights` that sum to 1, or equal ones; the observed ones are equal. None if a coordinate is not finite. Reads the
    /// extent of the simulated cells, on which the epsilons depend.
    ///
    /// # Shapes
    /// - `simulated`: `[n, d]`, without gradients; `weights`: n
    ///
    /// # Errors
    /// The device failed.
    pub async fn divergence(
        &self,
        simulated: Tensor<2>,
        weights: Option<&[f32]>,
        observed: Vec<f32>,
    ) -> Result<Option<Divergence>> {
        let dimensions = simulated.dims()[1];
        let extent = Tensor::cat(vec![simulated.clone().min_dim(0), simulated.clone().max_dim(0)], 0);
        let bounds = Bounds::of(&read(extent).await?, dimensions);
        let mut cloud = Cloud::new(observed, dimensions, &simulated.device());
        let diameter = bounds.joint_diagonal(cloud.bounds());
        if !diameter.is_finite() {
            return Ok(None);
        }
        let schedule = Schedule::new(diameter, self.blur, self.scaling);
        cloud.divergence(simulated, weights, &schedule).await.map(Some)
    }
}

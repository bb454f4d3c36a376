//! Who attends to whom: populations that stand in one tensor, each with the senders that its receivers attend to.

use crate::tensor::upload;
use burn::tensor::{Device, Tensor};

/// Audiences of cells in one tensor: each cell is in one audience, and all of an audience attend to the same senders.
#[derive(Clone, Debug)]
pub struct Mask {
    /// Weight of each sender for each audience, 1 over the number of cells of the population: `[audiences, n]`.
    pub weights: Tensor<2>,
    /// 1 where a cell is in an audience: `[n, audiences]`.
    pub audience: Tensor<2>,
}

impl Mask {
    /// One population of `cells` cells, of which each attends to all.
    pub fn all(cells: usize, device: &Device) -> Self {
        Self::apart(1, cells, device)
    }

    /// `populations` populations of `cells` cells each, one after the other: none attends to another.
    pub fn apart(populations: usize, cells: usize, device: &Device) -> Self {
        let of: Vec<usize> = (0..populations * cells).map(|cell| cell / cells).collect();
        Self::new(
            &of,
            populations,
            |audience, sender| if of[sender] == audience { 1.0 / cells as f32 } else { 0.0 },
            device,
        )
    }

    /// Cells in the audiences `of`, with the weight of each sender for each audience.
    pub fn new(of: &[usize], audiences: usize, weight: impl Fn(usize, usize) -> f32, device: &Device) -> Self {
        let cells = of.len();
        let weights = (0..audiences * cells).map(|at| weight(at / cells, at % cells)).collect();
        let mut audience = vec![0.0; cells * audiences];
        of.iter().enumerate().for_each(|(cell, of)| audience[cell * audiences + of] = 1.0);
        Self {
            weights: upload(weights, [audiences, cells], device),
            audience: upload(audience, [cells, audiences], device),
        }
    }

    /// The same for tensors that record gradients.
    #[must_use]
    pub fn autodiff(self) -> Self {
        Self { weights: self.weights.autodiff(), audience: self.audience.autodiff() }
    }
}

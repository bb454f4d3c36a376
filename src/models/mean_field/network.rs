//! The networks: an intrinsic drift that knows the time, and what a population does to each of its cells.

use super::mask::Mask;
use super::shape::{GROUPS, INTRINSIC, LAYERS, MeanFieldShape, NOISE, PULLS};
use crate::error::Result;
use crate::models::fitted::{Perceptron, Tensors};
use crate::models::linear::Linear;
use crate::models::parameters::{Sink, Source};
use crate::product::product;
use crate::tensor::{read, upload};
use burn::module::{Module, Param};
use burn::tensor::activation::{softmax, tanh};
use burn::tensor::{Device, Tensor};

/// Keeps a share above 0 where it divides.
const LEAST: f64 = 1e-6;

/// What is trained, and what of it is not: groups and noise.
#[derive(Module, Debug)]
pub struct MeanFieldNetwork {
    /// The intrinsic drift of [x / scale, time], in units of the scale.
    pub intrinsic: Perceptron,
    /// Its softmax tells how much a cell belongs to each group; not trained.
    pub groups: Linear,
    /// Pull of each sender group on each receiver group, `[groups, groups]`, row = receiver.
    pub pulls: Param<Tensor<2>>,
    /// Diffusion of each dimension; not trained.
    pub noise: Param<Tensor<1>>,
}

/// Moments of each audience's senders.
pub struct Moments {
    /// Share of each group: `[audiences, groups]`.
    pub shares: Tensor<2>,
    /// Centre of each group: `[audiences, groups, d]`.
    pub centres: Tensor<3>,
}

impl MeanFieldNetwork {
    pub(super) fn loaded(tensors: &Tensors, shape: &MeanFieldShape, device: &Device) -> Result<Self> {
        let source = Source { tensors, device };
        let matrix = [shape.groups, shape.groups];
        let pulls = source.vector(PULLS)?.val().reshape(matrix);
        Ok(Self {
            intrinsic: Perceptron::loaded(tensors, INTRINSIC, LAYERS, device)?,
            groups: source.linear(GROUPS, true)?,
            pulls: Param::from_tensor(pulls),
            noise: source.vector(NOISE)?,
        })
    }

    pub(super) async fn saved(&self) -> Result<Tensors> {
        let mut sink = Sink(self.intrinsic.saved(INTRINSIC).await?);
        sink.linear(GROUPS, &self.groups).await?;
        sink.put(PULLS, self.pulls.val().dims().to_vec(), read(self.pulls.val()).await?);
        sink.put(NOISE, self.noise.val().dims().to_vec(), read(self.noise.val()).await?);
        Ok(sink.0)
    }

    /// The same weights, recording gradients of what is trained: of the pulls only where they are.
    #[must_use]
    pub(super) fn recording(&self, pulls_are_trained: bool) -> Self {
        let network = self.clone().train();
        let groups = Linear { weight: still(&network.groups.weight), bias: network.groups.bias.as_ref().map(still) };
        let pulls = if pulls_are_trained { network.pulls } else { still(&network.pulls) };
        Self { groups, pulls, noise: still(&network.noise), intrinsic: network.intrinsic }
    }

    /// How much each cell belongs to each group.
    ///
    /// # Shapes
    /// - `x`: `[n, d]`
    /// - output: `[n, groups]`
    pub fn memberships(&self, x: Tensor<2>) -> Tensor<2> {
        softmax(self.groups.forward(x), 1)
    }

    /// The intrinsic drift per interval at a time in index units.
    ///
    /// # Shapes
    /// - `x`, output: `[n, d]`
    pub fn intrinsic(&self, shape: &MeanFieldShape, time: f64, x: Tensor<2>) -> Tensor<2> {
        let scale = f64::from(shape.scale);
        let cells = x.dims()[0];
        let now = upload(hats(&shape.knots, time), [1, shape.knots.len()], &x.device());
        let inputs = Tensor::cat(vec![x.div_scalar(scale), now.repeat_dim(0, cells)], 1);
        self.intrinsic.forward(inputs, tanh).mul_scalar(scale)
    }

    /// Moments of the senders of each audience.
    ///
    /// # Shapes
    /// - `x`: `[n, d]`; `memberships`: `[n, groups]`
    pub fn moments(mask: &Mask, x: &Tensor<2>, memberships: &Tensor<2>) -> Moments {
        let ([cells, d], groups) = (x.dims(), memberships.dims()[1]);
        let audiences = mask.weights.dims()[0];
        let shares = product(mask.weights.clone(), memberships.clone());
        let each = memberships.clone().reshape([cells, groups, 1]) * x.clone().reshape([cells, 1, d]);
        let sums = product(mask.weights.clone(), each.reshape([cells, groups * d]));
        let whole = shares.clone().clamp_min(LEAST).reshape([audiences, groups, 1]);
        Moments { shares, centres: sums.reshape([audiences, groups, d]) / whole }
    }

    /// What the population does to each cell, per interval.
    ///
    /// # Shapes
    /// - `x`, output: `[n, d]`
    pub fn interaction(&self, shape: &MeanFieldShape, mask: &Mask, x: Tensor<2>) -> Tensor<2> {
        let [cells, d] = x.dims();
        let groups = shape.groups;
        let audiences = mask.weights.dims()[0];
        let memberships = self.memberships(x.clone());
        let Moments { shares, centres } = Self::moments(mask, &x, &memberships);
        let half = f64::from(shape.saturation);
        let present = shares.clone().mul_scalar(1.0 + half) / shares.add_scalar(half);
        let present = product(mask.audience.clone(), present);
        let centres = product(mask.audience.clone(), centres.reshape([audiences, groups * d]));
        let towards = centres.reshape([cells, groups, d]) - x.reshape([cells, 1, d]);
        let distance = towards.clone().square().sum_dim(2).add_scalar(LEAST).sqrt();
        let strength = product(memberships, self.pulls.val()) * present;
        let strength = strength.reshape([cells, groups, 1]) / distance.add_scalar(1.0);
        (towards * strength).sum_dim(1).reshape([cells, d])
    }
}

/// A parameter that records no gradients among some that do.
fn still<const D: usize>(param: &Param<Tensor<D>>) -> Param<Tensor<D>> {
    Param::from_tensor(param.val().detach()).no_grad()
}

/// Weights of the knots at a time, which sum to 1: linear between two of them, the nearest one outside.
fn hats(knots: &[f64], time: f64) -> Vec<f32> {
    let mut weights = vec![0.0; knots.len()];
    let after = knots.iter().position(|knot| *knot > time).unwrap_or(knots.len());
    match after {
        0 => weights[0] = 1.0,
        end if end == knots.len() => weights[end - 1] = 1.0,
        after => {
            let share = (time - knots[after - 1]) / (knots[after] - knots[after - 1]);
            (weights[after - 1], weights[after]) = ((1.0 - share) as f32, share as f32);
        }
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::hats;

    #[test]
    fn time_is_between_two_knots() {
        let knots = [0.0, 1.0, 3.0];
        assert_eq!(hats(&knots, 0.0), [1.0, 0.0, 0.0]);
        assert_eq!(hats(&knots, 1.5), [0.0, 0.75, 0.25]);
        assert_eq!((hats(&knots, -1.0), hats(&knots, 4.0)), (vec![1.0, 0.0, 0.0], vec![0.0, 0.0, 1.0]));
    }
}

//! All weights of a network in one row of numbers, in the order of its declaration, and back.

use crate::error::Result;
use crate::tensor::{read, upload};
use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor};

/// Collects a network's weights.
#[derive(Default)]
pub struct Flat {
    parts: Vec<Tensor<1>>,
}

impl Flat {
    /// All weights of `network`.
    ///
    /// # Errors
    /// The device failed.
    pub async fn of<M: Module>(network: &M) -> Result<Vec<f32>> {
        let mut flat = Self::default();
        network.visit(&mut flat);
        read(Tensor::cat(flat.parts, 0)).await
    }
}

impl ModuleVisitor for Flat {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let value = param.val();
        let count: usize = value.dims().iter().product();
        self.parts.push(value.reshape([count]));
    }
}

/// Gradients in the order of [`Flat::of`] as those of `network`'s parameters.
pub fn as_gradients<M: Module>(gradient: &[f32], network: &M, device: &Device) -> GradientsParams {
    let mut placed = Placed { rest: gradient, device, gradients: GradientsParams::new() };
    network.visit(&mut placed);
    placed.gradients
}

struct Placed<'a> {
    rest: &'a [f32],
    device: &'a Device,
    gradients: GradientsParams,
}

impl ModuleVisitor for Placed<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let shape = param.val().dims();
        let (part, rest) = self.rest.split_at(shape.iter().product());
        self.rest = rest;
        self.gradients.register(param.id, upload(part.to_vec(), shape, self.device));
    }
}

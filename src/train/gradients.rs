//! Gradients of a whole network: their global norm, clipping by it, and reading them by name.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor};

/// Scales all gradients by min(1, limit / (norm + 1e-6)) and returns them with the global norm before, `[1]`, as PyTorch's
/// `clip_grad_norm_`. Nothing is read from the device.
pub fn clip_global_norm<M: Module>(
    gradients: GradientsParams,
    module: &M,
    limit: f32,
    device: &Device,
) -> (GradientsParams, Tensor<1>) {
    let mut squares = SumOfSquares { gradients: &gradients, sum: Tensor::zeros([1], device) };
    module.visit(&mut squares);
    let norm = squares.sum.sqrt();
    let factor = norm.clone().add_scalar(1e-6).recip().mul_scalar(limit).clamp_max(1.0);
    let mut scaled = Scaled { from: gradients, factor, to: GradientsParams::new() };
    module.visit(&mut scaled);
    (scaled.to, norm)
}

/// A network whose parameters are the gradients of another's; a parameter without gradient keeps its value.
pub fn as_network<M: Module>(gradients: GradientsParams, module: M) -> M {
    module.map(&mut Replaced(gradients))
}

/// The factor that takes a global norm down to `limit`: min(1, limit / (norm + 1e-6)).
pub fn scale(norm: f32, limit: f32) -> f32 {
    (limit / (norm + 1e-6)).min(1.0)
}

struct Replaced(GradientsParams);

impl ModuleMapper for Replaced {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        match self.0.remove::<D>(param.id) {
            Some(gradient) => Param::initialized(param.id, gradient),
            None => param,
        }
    }
}

struct SumOfSquares<'a> {
    gradients: &'a GradientsParams,
    sum: Tensor<1>,
}

impl ModuleVisitor for SumOfSquares<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(gradient) = self.gradients.get::<D>(param.id) {
            self.sum = self.sum.clone() + gradient.square().sum();
        }
    }
}

struct Scaled {
    from: GradientsParams,
    factor: Tensor<1>,
    to: GradientsParams,
}

impl ModuleVisitor for Scaled {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(gradient) = self.from.remove::<D>(param.id) {
            self.to.register(param.id, gradient * self.factor.clone().reshape([1; D]));
        }
    }
}

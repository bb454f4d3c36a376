//! Adam (Kingma and Ba 2015) with PyTorch's defaults, and moments that can be saved; with decay it is AdamW (Loshchilov and Hutter 2019).
//!
//! burn's own optimiser is the same rule, but its record reads the moments synchronously, which panics on a browser's GPU.

use super::gradients::as_network;
use burn::module::{Module, ModuleMapper, ModuleVisitor, Param, ParamId};
use burn::optim::GradientsParams;
use burn::tensor::Tensor;

/// PyTorch's shares that the running means keep.
pub(super) const BETAS: [f64; 2] = [0.9, 0.999];
const EPSILON: f64 = 1e-8;

/// The optimiser's state.
pub struct Adam {
    /// Running mean of the gradients.
    first: GradientsParams,
    /// Running mean of their squares.
    second: GradientsParams,
    steps: u32,
    betas: [f64; 2],
    decay: f64,
}

impl Default for Adam {
    fn default() -> Self {
        let [first, second] = [GradientsParams::new(), GradientsParams::new()];
        Self { first, second, steps: 0, betas: BETAS, decay: 0.0 }
    }
}

impl Adam {
    /// A fresh optimiser under which weights shrink by `decay` times the learning rate at each step, apart from the gradient.
    pub fn with_decay(decay: f64) -> Self {
        Self { decay, ..Self::default() }
    }

    /// The same optimiser whose running means keep other shares.
    #[must_use]
    pub fn with_betas(self, betas: [f64; 2]) -> Self {
        Self { betas, ..self }
    }

    /// Takes one step: the network after it. Nothing is read from the device.
    pub fn step<M: Module>(&mut self, network: M, gradients: GradientsParams, learning_rate: f64) -> M {
        self.steps += 1;
        let correction = |beta: f64| 1.0 - beta.powi(self.steps as i32);
        network.map(&mut Step {
            first: &mut self.first,
            second: &mut self.second,
            gradients,
            betas: self.betas,
            rate: learning_rate / correction(self.betas[0]),
            shrink: correction(self.betas[1]).sqrt().recip(),
            kept: 1.0 - learning_rate * self.decay,
        })
    }

    /// Steps taken.
    pub fn steps(&self) -> u32 {
        self.steps
    }

    /// The moments, each as a network whose parameters they are. `None` before the first step.
    pub fn moments<M: Module>(&self, network: &M) -> Option<[M; 2]> {
        let copied = |moment: &GradientsParams| {
            let mut copy = Copied { from: moment, to: GradientsParams::new() };
            network.visit(&mut copy);
            as_network(copy.to, network.clone())
        };
        (self.steps > 0).then(|| [copied(&self.first), copied(&self.second)])
    }

    /// The state after `steps` steps with these moments, for training `network` on under `decay`.
    pub fn restored<M: Module>(network: &M, [first, second]: [&M; 2], steps: u32, decay: f64) -> Self {
        let mut ids = Ids(Vec::new());
        network.visit(&mut ids);
        let placed = |moment: &M| {
            let mut placed = Placed { ids: ids.0.iter(), to: GradientsParams::new() };
            moment.visit(&mut placed);
            placed.to
        };
        Self { first: placed(first), second: placed(second), steps, betas: BETAS, decay }
    }
}

struct Step<'a> {
    first: &'a mut GradientsParams,
    second: &'a mut GradientsParams,
    gradients: GradientsParams,
    betas: [f64; 2],
    rate: f64,
    shrink: f64,
    /// Share of a weight that its decay leaves.
    kept: f64,
}

impl ModuleMapper for Step<'_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let id = param.id;
        let Some(gradient) = self.gradients.remove::<D>(id) else { return param };
        let averaged = |moments: &mut GradientsParams, new: Tensor<D>, beta: f64| {
            let new = new.mul_scalar(1.0 - beta);
            let mean = match moments.remove::<D>(id) {
                Some(old) => old.mul_scalar(beta) + new,
                None => new,
            };
            moments.register(id, mean.clone());
            mean
        };
        let first = averaged(self.first, gradient.clone(), self.betas[0]);
        let second = averaged(self.second, gradient.square(), self.betas[1]);
        let change = first.mul_scalar(self.rate) / second.sqrt().mul_scalar(self.shrink).add_scalar(EPSILON);
        // A parameter made anew would not ask for gradients any more.
        param.map(|value| if self.kept < 1.0 { value.mul_scalar(self.kept) } else { value } - change)
    }
}

struct Copied<'a> {
    from: &'a GradientsParams,
    to: GradientsParams,
}

impl ModuleVisitor for Copied<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(moment) = self.from.get::<D>(param.id) {
            self.to.register(param.id, moment);
        }
    }
}

struct Ids(Vec<ParamId>);

impl ModuleVisitor for Ids {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.0.push(param.id);
    }
}

/// Registers the parameters of one network under the names of another of the same shape.
struct Placed<'a> {
    ids: std::slice::Iter<'a, ParamId>,
    to: GradientsParams,
}

impl ModuleVisitor for Placed<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(id) = self.ids.next() {
            self.to.register(*id, param.val());
        }
    }
}

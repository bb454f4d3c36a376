//! How the steps of a rollout are taken, and taken back.

use super::gradients::{clip_global_norm, scale};
use crate::error::Result;
use crate::model::host::{Flat, Hears, HostPopulation, as_gradients};
use crate::model::{Kernels, Mask, Network, Population, ScImf};
use crate::sde::{WithAction, euler_maruyama};
use crate::tensor::{is_cpu, read, upload};
use burn::optim::{GradientsAccumulator, GradientsParams};
use burn::tensor::{Device, Tensor};

/// A population that is rolled out once and then differentiated, step by step on the way back, each from the state before it.
///
/// States and adjoints are `[n, d + 1]`; the last column is the action.
pub struct Mover {
    model: ScImf,
    device: Device,
    /// The rollout is taken back afterwards.
    learns: bool,
    way: Way,
}

#[expect(clippy::large_enum_variant, reason = "there is one of them")]
enum Way {
    /// On any device, by tensor operations and automatic differentiation.
    Tensors {
        forward: WithAction<Population>,
        backward: WithAction<Population>,
        gradients: GradientsAccumulator<Network>,
    },
    /// On the CPU.
    Host(HostPopulation),
    /// On a GPU that takes WGSL, for the shapes that have kernels.
    Kernels(Kernels),
}

impl Mover {
    /// `cells` cells moved by `model`, with attention weights dropped under the seed `dropout` if any.
    ///
    /// # Errors
    /// The device failed.
    pub async fn new(model: &ScImf, cells: usize, dropout: Option<u64>, device: &Device) -> Result<Self> {
        let way = if is_cpu(device) {
            Way::Host(HostPopulation::new(&Flat::of(&model.network).await?, model.config, cells, dropout))
        } else if let Some(kernels) = Kernels::new(model, cells, dropout, device) {
            Way::Kernels(kernels)
        } else {
            Way::tensors(model, cells, dropout, device)
        };
        Ok(Self { model: model.clone(), device: device.clone(), learns: false, way })
    }

    /// The same, for a rollout that is taken back afterwards, in the memory of the one `before` if there was one of the same shape.
    ///
    /// # Errors
    /// The device failed.
    pub async fn learning(
        before: Option<Self>,
        model: &ScImf,
        cells: usize,
        dropout: Option<u64>,
        device: &Device,
    ) -> Result<Self> {
        let mover = match before.map(|before| before.way) {
            Some(Way::Host(population)) if population.cells() == cells => {
                let way = Way::Host(population.renewed(&Flat::of(&model.network).await?, dropout));
                Self { model: model.clone(), device: device.clone(), learns: true, way }
            }
            _ => Self::new(model, cells, dropout, device).await?,
        };
        Ok(Self { learns: true, ..mover })
    }

    /// Lets the cells hear each other as `hears(receiver, sender)` says from now on, in steps forward.
    pub fn set_hears(&mut self, cells: usize, hears: impl Fn(usize, usize) -> bool) {
        if matches!(self.way, Way::Kernels(_)) {
            // the kernels know of no such mask, and masks come without dropout
            self.way = Way::tensors(&self.model, cells, None, &self.device);
        }
        match &mut self.way {
            Way::Tensors { forward, .. } => forward.0.set_mask(Mask::of(cells, hears, &self.device)),
            Way::Host(population) => population.set_hears(Hears::of(cells, hears)),
            Way::Kernels(_) => {}
        }
    }

    /// The state after a step from `time`, with standard normal `noise` if any (that of the action has no effect).
    ///
    /// # Errors
    /// The device failed.
    pub async fn step(&mut self, time: f64, dt: f64, state: Tensor<2>, noise: Option<Vec<f32>>) -> Result<Tensor<2>> {
        let shape = state.dims();
        match &mut self.way {
            Way::Tensors { forward, .. } => {
                let noise = noise.map(|noise| upload(noise, shape, &self.device));
                Ok(euler_maruyama(forward, time, dt, state, noise))
            }
            Way::Host(population) => {
                let next = population.step(time, dt, &read(state).await?, noise.as_deref(), self.learns);
                Ok(upload(next, shape, &self.device))
            }
            Way::Kernels(kernels) => {
                let noise = noise.unwrap_or_else(|| vec![0.0; shape[0] * shape[1]]);
                Ok(kernels.step(time, dt, &state, upload(noise, shape, &self.device)))
            }
        }
    }

    /// The adjoint before the step from `state`, given that after it. Collects the gradients of the weights.
    ///
    /// # Errors
    /// The device failed.
    pub async fn back(&mut self, time: f64, dt: f64, state: Tensor<2>, adjoint: Tensor<2>) -> Result<Tensor<2>> {
        match &mut self.way {
            Way::Tensors { backward, gradients, .. } => {
                let state = state.autodiff().require_grad();
                // Additive noise moves no gradient, so the step is taken again without it.
                let next = euler_maruyama(backward, time, dt, state.clone(), None);
                let mut found = (next * adjoint.clone().autodiff()).sum().backward();
                let before = state.grad_remove(&mut found).unwrap_or(adjoint);
                let network = backward.0.network();
                gradients.accumulate(network, GradientsParams::from_module(&mut found, network));
                Ok(before)
            }
            Way::Host(population) => {
                let shape = adjoint.dims();
                let before = population.back(time, dt, &read(state).await?, &read(adjoint).await?);
                Ok(upload(before, shape, &self.device))
            }
            Way::Kernels(kernels) => Ok(kernels.back(time, dt, &state, adjoint)),
        }
    }

    /// The collected gradients of all weights.
    pub fn gradients(&mut self) -> GradientsParams {
        match &mut self.way {
            Way::Tensors { gradients, .. } => gradients.grads(),
            Way::Kernels(kernels) => kernels.gradients(),
            Way::Host(population) => as_gradients(&population.gradient(), &self.model.network, &self.device),
        }
    }

    /// The collected gradients, scaled down to a global norm of at most `limit`, and their norm before, `[1]`.
    pub fn clipped_gradients(&mut self, limit: f32) -> (GradientsParams, Tensor<1>) {
        match &mut self.way {
            Way::Host(population) => {
                let mut gradient = population.gradient();
                // in the order of the weights, so that the sum has the same bits everywhere
                let norm = gradient.iter().map(|g| f64::from(*g).powi(2)).sum::<f64>().sqrt() as f32;
                let factor = scale(norm, limit);
                gradient.iter_mut().for_each(|g| *g *= factor);
                let gradients = as_gradients(&gradient, &self.model.network, &self.device);
                (gradients, upload(vec![norm], [1], &self.device))
            }
            Way::Tensors { .. } | Way::Kernels(_) => {
                clip_global_norm(self.gradients(), &self.model.network, limit, &self.device)
            }
        }
    }
}

impl Way {
    fn tensors(model: &ScImf, cells: usize, dropout: Option<u64>, device: &Device) -> Self {
        let population = Population::new(model.clone(), cells, dropout, device);
        let backward = WithAction(population.with_gradients());
        Self::Tensors { forward: WithAction(population), backward, gradients: GradientsAccumulator::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::initial_weights;
    use crate::protocol::ScImfConfig;
    use crate::sde::Brownian;
    use crate::tensor::{cpu, read_now};
    use pollster::block_on;

    /// A step there and back by both ways: what they say, in the same order.
    fn both(config: ScImfConfig, cells: usize, dropout: Option<u64>) -> [Vec<Vec<f32>>; 2] {
        let device = cpu();
        let model = ScImf::from_weights(&initial_weights(config, 3), &device).unwrap();
        let host = block_on(Mover::learning(None, &model, cells, dropout, &device)).unwrap();
        let tensors = Way::tensors(&model, cells, dropout, &device);
        let tensors = Mover { model: model.clone(), device: device.clone(), learns: true, way: tensors };
        let shape = [cells, config.dimensions + 1];
        let numbers = |seed| Brownian::new(seed).normals(0, shape[0] * shape[1]);
        [host, tensors].map(|mut mover| {
            let state = upload(numbers(1), shape, &device);
            let next = block_on(mover.step(0.3, 0.1, state.clone(), Some(numbers(2)))).unwrap();
            let adjoint = upload(numbers(3), shape, &device);
            let before = block_on(mover.back(0.3, 0.1, state, adjoint)).unwrap();
            let before_all = block_on(mover.back(0.4, 0.1, next.clone(), before.clone())).unwrap();
            let (clipped, norm) = mover.clipped_gradients(0.5);
            let network = super::super::gradients::as_network(clipped, model.network.clone());
            let gradient = block_on(Flat::of(&network)).unwrap();
            vec![read_now(next), read_now(before), read_now(before_all), read_now(norm), gradient]
        })
    }

    #[test]
    fn the_cpu_lets_the_same_cells_hear_each_other() {
        let device = cpu();
        let config = ScImfConfig { dimensions: 4, hidden: 6, heads: 2, blocks: 2, ..ScImfConfig::default() };
        let model = ScImf::from_weights(&initial_weights(config, 3), &device).unwrap();
        let cells = 70;
        let state = upload(Brownian::new(1).normals(0, cells * 5), [cells, 5], &device);
        let host = block_on(Mover::new(&model, cells, None, &device)).unwrap();
        let tensors = Way::tensors(&model, cells, None, &device);
        let tensors = Mover { model: model.clone(), device: device.clone(), learns: true, way: tensors };
        let [host, tensors] = [host, tensors].map(|mut mover| {
            let free = read_now(block_on(mover.step(0.0, 0.1, state.clone(), None)).unwrap());
            // receiver 3 hears nobody, sender 5 is not heard
            mover.set_hears(cells, |receiver, sender| receiver != 3 && sender != 5);
            let masked = read_now(block_on(mover.step(0.0, 0.1, state.clone(), None)).unwrap());
            assert_ne!(free, masked);
            masked
        });
        assert!(host.iter().zip(&tensors).all(|(a, b)| (a - b).abs() < 1e-5), "{host:?} is not {tensors:?}");
    }

    #[test]
    fn the_cpu_takes_the_same_steps_as_tensors_there_and_back() {
        let shape = |dimensions, hidden, heads, blocks, dropout| ScImfConfig {
            dimensions,
            hidden,
            heads,
            blocks,
            dropout,
            ..ScImfConfig::default()
        };
        for (config, cells, dropout) in [
            (shape(50, 256, 2, 1, 0.1), 150, Some(7)),
            (shape(50, 256, 2, 1, 0.1), 64, None),
            (shape(6, 10, 3, 1, 0.3), 65, Some(1)),
            (shape(4, 8, 2, 3, 0.2), 130, Some(5)),
            (shape(4, 8, 1, 0, 0.1), 9, Some(5)),
            (shape(5, 7, 1, 1, 0.1), 1, Some(5)),
        ] {
            let [mut host, mut tensors] = both(config, cells, dropout);
            if cells < 2 {
                // without interaction tensors know no gradients of it, where the CPU has zeros
                let ScImfConfig { dimensions: d, hidden: h, .. } = config;
                let intrinsic = (d * h + h) + (h * h + h) + (h * d + d);
                [&mut host, &mut tensors].into_iter().for_each(|all| all[4].truncate(intrinsic));
            }
            for (what, (a, b)) in
                ["step", "back", "both back", "norm", "gradient"].iter().zip(host.iter().zip(&tensors))
            {
                assert_eq!(a.len(), b.len());
                let size = b.iter().fold(0.0f32, |size, v| size.max(v.abs()));
                for (k, (a, b)) in a.iter().zip(b).enumerate() {
                    assert!(
                        (a - b).abs() <= 2e-5 * size,
                        "{what} of {config:?}, {cells} cells, entry {k}: {a} is not {b}"
                    );
                }
            }
        }
    }
}

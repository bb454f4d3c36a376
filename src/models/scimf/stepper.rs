//! How the steps of a rollout are taken, and taken back.

use super::host::{AttentionMask, Flat, HostPopulation, as_gradients};
use super::shared::SharedPopulation;
use super::{Kernels, Mask, Population, ScImf};
use crate::error::Result;
use crate::sde::{Stepper, WithAction};
use crate::simulate::Audiences;
use crate::tensor::{is_cpu, read, upload};
use crate::train::{Helpers, clip_global_norm, scale};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor};
use std::rc::Rc;

/// A population that is rolled out once and then differentiated, step by step in reverse, each from the state before it.
///
/// States and adjoints are `[n, d + 1]`; the last column is the action.
pub struct PopulationStepper {
    model: ScImf,
    device: Device,
    /// The rollout is taken back afterwards.
    learns: bool,
    backend: Backend,
}

#[expect(clippy::large_enum_variant, reason = "there is one of them")]
enum Backend {
    /// On any device, by tensor operations and automatic differentiation.
    Autodiff(Stepper<WithAction<Population>>),
    /// On the CPU.
    Host(HostPopulation),
    /// On the CPU, with helpers, for a rollout that is taken back.
    Shared(SharedPopulation),
    /// On a GPU that takes WGSL, for the shapes that have kernels.
    Kernels(Kernels),
}

impl PopulationStepper {
    /// `cells` cells moved by `model`, with attention weights dropped under the seed `dropout` if any.
    ///
    /// # Errors
    /// The device failed.
    pub async fn new(model: &ScImf, cells: usize, dropout: Option<u64>, device: &Device) -> Result<Self> {
        let backend = if is_cpu(device) {
            Backend::Host(HostPopulation::new(&Flat::of(&model.network).await?, model.config, cells, dropout))
        } else if let Some(kernels) = Kernels::new(model, cells, dropout, device) {
            Backend::Kernels(kernels)
        } else {
            Backend::autodiff(model, cells, dropout, device)
        };
        Ok(Self { model: model.clone(), device: device.clone(), learns: false, backend })
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
        let backend = match before.map(|before| before.backend) {
            Some(Backend::Host(population)) if population.cells() == cells => {
                Backend::Host(population.renewed(&Flat::of(&model.network).await?, dropout))
            }
            _ => Self::new(model, cells, dropout, device).await?.backend,
        };
        Ok(Self { model: model.clone(), device: device.clone(), learns: true, backend })
    }

    /// The same for rollouts of at most `steps` steps, of which `helpers` move cells where that can be shared.
    ///
    /// # Errors
    /// The device failed, or a helper is lost.
    pub async fn shared(
        before: Option<Self>,
        helpers: &Rc<dyn Helpers>,
        model: &ScImf,
        [cells, steps]: [usize; 2],
        dropout: Option<u64>,
        device: &Device,
    ) -> Result<Self> {
        let parts = SharedPopulation::parts(&**helpers, &model.config, [cells, steps]);
        if parts < 2 || !is_cpu(device) {
            return Self::learning(before, model, cells, dropout, device).await;
        }
        let memory = before.and_then(|before| match before.backend {
            Backend::Shared(population) => Some(population),
            _ => None,
        });
        let weights = Flat::of(&model.network).await?;
        let population =
            SharedPopulation::new(memory, helpers, &weights, model.config, [cells, parts], dropout).await?;
        let backend = Backend::Shared(population);
        Ok(Self { model: model.clone(), device: device.clone(), learns: true, backend })
    }

    /// Lets the cells attend to each other as `audiences` says from now on, in steps forward.
    pub fn set_mask(&mut self, audiences: &Audiences) {
        if matches!(self.backend, Backend::Kernels(_)) {
            // the kernels know of no such mask, and masks come without dropout
            self.backend = Backend::autodiff(&self.model, audiences.cells(), None, &self.device);
        }
        match &mut self.backend {
            Backend::Autodiff(stepper) => stepper.equation().0.set_mask(Mask::of(audiences, &self.device)),
            Backend::Host(population) => population.set_mask(AttentionMask::of(audiences)),
            // what learns has no mask
            Backend::Kernels(_) | Backend::Shared(_) => {}
        }
    }

    /// The state after a step from `time`, with standard normal `noise` if any (that of the action has no effect).
    ///
    /// # Errors
    /// The device failed.
    pub async fn step(&mut self, time: f64, dt: f64, state: Tensor<2>, noise: Option<Vec<f32>>) -> Result<Tensor<2>> {
        let shape = state.dims();
        match &mut self.backend {
            Backend::Autodiff(stepper) => {
                let noise = noise.map(|noise| upload(noise, shape, &self.device));
                Ok(stepper.step(time, dt, state, noise))
            }
            Backend::Host(population) => {
                let next = population.step(time, dt, &read(state).await?, noise.as_deref(), self.learns);
                Ok(upload(next, shape, &self.device))
            }
            Backend::Shared(population) => {
                let noise = noise.unwrap_or_else(|| vec![0.0; shape[0] * shape[1]]);
                let next = population.step(time, dt, &read(state).await?, &noise).await?;
                Ok(upload(next, shape, &self.device))
            }
            Backend::Kernels(kernels) => {
                let noise = noise.unwrap_or_else(|| vec![0.0; shape[0] * shape[1]]);
                Ok(kernels.step(time, dt, &state, upload(noise, shape, &self.device)))
            }
        }
    }

    /// The adjoint before the step from `state`, given that after it. Collects the gradients of the weights.
    ///
    /// # Errors
    /// The device failed.
    pub async fn adjoint(&mut self, time: f64, dt: f64, state: Tensor<2>, adjoint: Tensor<2>) -> Result<Tensor<2>> {
        match &mut self.backend {
            Backend::Autodiff(stepper) => Ok(stepper.adjoint(time, dt, state, adjoint)),
            Backend::Host(population) => {
                let shape = adjoint.dims();
                let before = population.adjoint(time, dt, &read(state).await?, &read(adjoint).await?);
                Ok(upload(before, shape, &self.device))
            }
            Backend::Shared(population) => {
                let shape = adjoint.dims();
                let before = population.adjoint(time, dt, &read(adjoint).await?).await?;
                Ok(upload(before, shape, &self.device))
            }
            Backend::Kernels(kernels) => Ok(kernels.adjoint(time, dt, &state, adjoint)),
        }
    }

    /// The collected gradients of all weights.
    ///
    /// # Errors
    /// A helper is lost.
    pub async fn gradients(&mut self) -> Result<GradientsParams> {
        let on_host = match &mut self.backend {
            Backend::Autodiff(stepper) => return Ok(stepper.gradients()),
            Backend::Kernels(kernels) => return Ok(kernels.gradients()),
            Backend::Host(population) => population.gradient(),
            Backend::Shared(population) => population.gradient().await?,
        };
        Ok(as_gradients(&on_host, &self.model.network, &self.device))
    }

    /// The collected gradients, scaled down to a global norm of at most `limit`, and their norm before, `[1]`.
    ///
    /// # Errors
    /// A helper is lost.
    pub async fn clipped_gradients(&mut self, limit: f32) -> Result<(GradientsParams, Tensor<1>)> {
        let mut gradient = match &mut self.backend {
            Backend::Host(population) => population.gradient(),
            Backend::Shared(population) => population.gradient().await?,
            Backend::Autodiff(_) | Backend::Kernels(_) => {
                let gradients = self.gradients().await?;
                return Ok(clip_global_norm(gradients, &self.model.network, limit, &self.device));
            }
        };
        // in the order of the weights, so that the sum has the same bits everywhere
        let norm = gradient.iter().map(|g| f64::from(*g).powi(2)).sum::<f64>().sqrt() as f32;
        let factor = scale(norm, limit);
        gradient.iter_mut().for_each(|g| *g *= factor);
        let gradients = as_gradients(&gradient, &self.model.network, &self.device);
        Ok((gradients, upload(vec![norm], [1], &self.device)))
    }
}

impl Backend {
    fn autodiff(model: &ScImf, cells: usize, dropout: Option<u64>, device: &Device) -> Self {
        Self::Autodiff(Stepper::new(WithAction(Population::new(model.clone(), cells, dropout, device))))
    }
}

#[cfg(test)]
mod tests {
    use super::super::initial_weights;
    use super::*;
    use crate::protocol::ScImfConfig;
    use crate::sde::Brownian;
    use crate::tensor::{cpu, read_now};
    use pollster::block_on;

    /// A step there and back by both ways: what they say, in the same order.
    fn both(config: ScImfConfig, cells: usize, dropout: Option<u64>) -> [Vec<Vec<f32>>; 2] {
        let device = cpu();
        let model = ScImf::from_weights(&initial_weights(config, 3), &device).unwrap();
        let host = block_on(PopulationStepper::learning(None, &model, cells, dropout, &device)).unwrap();
        let tensors = Backend::autodiff(&model, cells, dropout, &device);
        let tensors =
            PopulationStepper { model: model.clone(), device: device.clone(), learns: true, backend: tensors };
        let shape = [cells, config.dimensions + 1];
        let numbers = |seed| Brownian::new(seed).normals(0, shape[0] * shape[1]);
        [host, tensors].map(|mut stepper| {
            let state = upload(numbers(1), shape, &device);
            let next = block_on(stepper.step(0.3, 0.1, state.clone(), Some(numbers(2)))).unwrap();
            let adjoint = upload(numbers(3), shape, &device);
            let before = block_on(stepper.adjoint(0.3, 0.1, state, adjoint)).unwrap();
            let before_all = block_on(stepper.adjoint(0.4, 0.1, next.clone(), before.clone())).unwrap();
            let (clipped, norm) = block_on(stepper.clipped_gradients(0.5)).unwrap();
            let network = crate::train::as_network(clipped, model.network.clone());
            let gradient = block_on(Flat::of(&network)).unwrap();
            vec![read_now(next), read_now(before), read_now(before_all), read_now(norm), gradient]
        })
    }

    #[test]
    fn the_cpu_lets_the_same_cells_attend_to_each_other() {
        let device = cpu();
        let config = ScImfConfig { dimensions: 4, hidden: 6, heads: 2, blocks: 2, ..ScImfConfig::default() };
        let model = ScImf::from_weights(&initial_weights(config, 3), &device).unwrap();
        let cells = 70;
        let state = upload(Brownian::new(1).normals(0, cells * 5), [cells, 5], &device);
        let host = block_on(PopulationStepper::new(&model, cells, None, &device)).unwrap();
        let tensors = Backend::autodiff(&model, cells, None, &device);
        let tensors =
            PopulationStepper { model: model.clone(), device: device.clone(), learns: true, backend: tensors };
        let [host, tensors] = [host, tensors].map(|mut stepper| {
            let free = read_now(block_on(stepper.step(0.0, 0.1, state.clone(), None)).unwrap());
            // Receiver 3 attends nobody, sender 5 is not attended to, and sender 7 more than it was.
            let of: Vec<usize> = (0..cells).map(|cell| usize::from(cell == 3)).collect();
            let factor = |audience: usize, sender: usize| match (audience, sender) {
                (1, _) | (_, 5) => 0.0,
                (_, 7) => 2.5,
                _ => 1.0,
            };
            stepper.set_mask(&Audiences::new(of.clone(), 2, factor));
            let masked = read_now(block_on(stepper.step(0.0, 0.1, state.clone(), None)).unwrap());
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

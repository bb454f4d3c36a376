//! The kernels of a training step against burn's operators on the CPU.
//!
//! They need a device that takes WGSL, so they are only run when asked for: `cargo test --lib kernels -- --ignored`. Without an adapter they
//! fail. In a browser `tests/e2e/specs/train.test.js` holds the same.

use super::super::{Population, initial_weights};
use super::*;
use crate::kernel::any_gpu;
use crate::protocol::ScImfConfig;
use crate::sde::{Brownian, Stepper, WithAction};
use crate::tensor::{cpu, read_now as read, upload};
use burn::module::{Module, ModuleMapper, Param};
use burn::optim::GradientsParams;
use pollster::block_on;

const DT: f64 = 0.1;

/// What both ways must agree on, by name.
type Found = Vec<(String, Vec<f32>)>;

fn start(cells: usize, dimensions: usize) -> Vec<f32> {
    Brownian::new(5).normals(0, cells * (dimensions + 1))
}

fn noise(cells: usize, dimensions: usize, step: usize) -> Vec<f32> {
    Brownian::new(6).normals(step, cells * (dimensions + 1))
}

fn adjoint(cells: usize, dimensions: usize) -> Vec<f32> {
    Brownian::new(7).normals(0, cells * (dimensions + 1))
}

/// Initial weights, moved so that no norm is the identity and no bias is small.
fn model(config: ScImfConfig, device: &Device) -> ScImf {
    let mut weights = initial_weights(config, 3);
    for (index, (name, tensor)) in weights.tensors.iter_mut().enumerate() {
        if name != "diffusion.sigma" {
            let moved = Brownian::new(8).normals(index, tensor.values.len());
            tensor.values.iter_mut().zip(moved).for_each(|(value, by)| *value += 0.1 * by);
        }
    }
    ScImf::from_weights(&weights, device).unwrap()
}

fn named(config: ScImfConfig, gradients: GradientsParams, like: &ScImf) -> Found {
    struct Placed(GradientsParams);
    impl ModuleMapper for Placed {
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
            let gradient = self.0.remove::<D>(param.id).expect("a gradient for each weight");
            Param::initialized(param.id, gradient)
        }
    }
    let network = like.network.clone().map(&mut Placed(gradients));
    let weights = block_on(ScImf { config, network }.to_weights(0, &[])).unwrap();
    weights.tensors.into_iter().map(|(name, tensor)| (name, tensor.values)).collect()
}

/// Two steps there and back through burn's operators on the CPU.
fn expected(config: ScImfConfig, cells: usize, dropout: Option<u64>) -> Found {
    let device = cpu();
    let d = config.dimensions;
    let model = model(config, &device);
    let shape = [cells, d + 1];
    let population = WithAction(Population::new(model.clone(), cells, dropout, &device));
    let mut stepper = Stepper::new(population);
    let mut states = vec![upload(start(cells, d), shape, &device)];
    for step in 0..2 {
        let noise = upload(noise(cells, d, step), shape, &device);
        states.push(stepper.step(step as f64 * DT, DT, states[step].clone(), Some(noise)));
    }
    let mut adjoint = upload(adjoint(cells, d), shape, &device);
    for step in [1, 0] {
        adjoint = stepper.adjoint(step as f64 * DT, DT, states[step].clone(), adjoint);
    }
    let mut found: Found = vec![("state".into(), read(states[2].clone())), ("adjoint".into(), read(adjoint))];
    found.extend(named(config, stepper.gradients(), &model));
    found
}

/// The same in kernels.
fn computed(config: ScImfConfig, cells: usize, dropout: Option<u64>) -> Found {
    let device = any_gpu().clone();
    let d = config.dimensions;
    let model = model(config, &device);
    let shape = [cells, d + 1];
    let mut kernels = Kernels::new(&model, cells, dropout, &device).expect("kernels for this shape");
    let mut states = vec![upload(start(cells, d), shape, &device)];
    for step in 0..2 {
        let noise = upload(noise(cells, d, step), shape, &device);
        states.push(kernels.step(step as f64 * DT, DT, &states[step], noise));
    }
    let mut adjoint = upload(adjoint(cells, d), shape, &device);
    for step in [1, 0] {
        adjoint = kernels.adjoint(step as f64 * DT, DT, &states[step], adjoint);
    }
    let mut found: Found = vec![("state".into(), read(states[2].clone())), ("adjoint".into(), read(adjoint))];
    found.extend(named(config, kernels.gradients(), &model));
    found
}

fn agree(config: ScImfConfig, cells: usize, dropout: Option<u64>) {
    let (expected, computed) = (expected(config, cells, dropout), computed(config, cells, dropout));
    let mut wrong = Vec::new();
    for ((name, expected), (_, computed)) in expected.iter().zip(&computed) {
        assert_eq!(expected.len(), computed.len(), "{name}");
        let norm = |values: &mut dyn Iterator<Item = f64>| values.map(|v| v * v).sum::<f64>().sqrt();
        let apart = norm(&mut expected.iter().zip(computed).map(|(a, b)| f64::from(a - b)));
        let size = norm(&mut expected.iter().map(|a| f64::from(*a)));
        // The gradient of a key is a difference of almost equal numbers.
        if apart.is_nan() || apart > 2e-4 * size + 1e-6 {
            wrong.push(format!("{name}: {apart} of {size}"));
        }
    }
    assert!(wrong.is_empty(), "{config:?}, {cells} cells, dropout {dropout:?}:\n{}", wrong.join("\n"));
}

const SMALL: ScImfConfig =
    ScImfConfig { dimensions: 10, hidden: 24, heads: 2, blocks: 1, sigma: 0.1, dropout: 0.1, dt: 0.1 };

#[test]
#[ignore = "needs a GPU"]
fn a_step_there_and_back_is_that_of_the_operators() {
    agree(SMALL, 37, None);
    agree(SMALL, 37, Some(11));
}

#[test]
#[ignore = "needs a GPU"]
fn every_shape_agrees() {
    // more cells than a tile, one head, the published sizes, and columns for which a workgroup takes smaller blocks
    agree(ScImfConfig { heads: 1, dropout: 0.3, ..SMALL }, 300, Some(2));
    agree(ScImfConfig { heads: 5, hidden: 300, ..SMALL }, 2, Some(3));
    agree(ScImfConfig::default(), 70, Some(4));
    agree(ScImfConfig { dimensions: 120, hidden: 64, ..SMALL }, 33, Some(5));
}

#[test]
#[ignore = "needs a GPU"]
fn without_interaction_cells_move_alone() {
    agree(ScImfConfig { blocks: 0, ..SMALL }, 37, Some(1));
    let single = ScImfConfig { blocks: 0, ..SMALL };
    agree(single, 1, None);
}

#[test]
#[ignore = "needs a GPU"]
fn what_has_no_kernels_is_left_to_the_operators() {
    let device = any_gpu().clone();
    let none = |config: ScImfConfig, cells| Kernels::new(&model(config, &device), cells, None, &device).is_none();
    assert!(none(ScImfConfig { blocks: 2, ..SMALL }, 8), "two blocks");
    assert!(none(ScImfConfig { hidden: 4000, ..SMALL }, 8), "columns that no workgroup holds");
    assert!(none(SMALL, 400_000), "more scratch memory than a buffer holds");
    assert!(Kernels::new(&model(SMALL, &cpu()), 8, None, &cpu()).is_none(), "the CPU");
}

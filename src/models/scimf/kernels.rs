//! The steps of a training on a GPU, there and back, in kernels of our own: two launches forward, four on the way back.
//!
//! They compute what [`super::Population`] does through burn's operators, which stay the reference and the way for every other device and
//! shape. Going back, a step is taken again: `project` and `receive` recompute it, and only two numbers of each attention row (its largest
//! score and its sum) are needed to have any of its weights again, so that no n x n matrix is ever in memory.

mod layout;
mod packed;
#[cfg(all(test, feature = "gpu"))]
mod tests;

use super::ScImf;
use super::host::Dropout;
use crate::kernel::{Buffer, Gpu, Kernel};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor};
use layout::{Layout, Sources};
use packed::Packed;
use std::collections::HashMap;
use std::sync::Arc;

/// Bytes of dropout masks that are kept for the way back; what does not fit is drawn and sent again.
const KEPT_MASKS: usize = 64 << 20;

/// A population that takes its training steps in kernels, and the weights' gradients that it collected on the way back.
pub struct Kernels {
    gpu: Gpu,
    layout: Layout,
    packed: Packed,
    weights: Buffer,
    scratch: Buffer,
    gradients: Buffer,
    /// The kernels for the step they were last asked for, which is part of their source.
    kernels: Option<(f64, Arc<Sources<Kernel>>)>,
    dropout: Option<Masks>,
}

/// Dropout of one training pass: its seed, and the masks that are on the device already, by the time of their step.
struct Masks {
    seed: u64,
    rate: f32,
    masks: HashMap<u64, Buffer>,
}

impl Kernels {
    /// `cells` cells moved by `model`; dropout as in [`super::Population::new`]. None where `device` takes no WGSL or the shape has no kernels.
    pub fn new(model: &ScImf, cells: usize, dropout: Option<u64>, device: &Device) -> Option<Self> {
        let gpu = Gpu::of(device)?;
        let rate = model.config.dropout;
        let layout = Layout::new(model, cells, dropout.is_some() && rate > 0.0, &gpu)?;
        let packed = Packed::new(&model.network, layout.interacts());
        Some(Self {
            kernels: None,
            weights: Buffer::of(packed.weights())?,
            scratch: gpu.room(layout.scratch_len()),
            gradients: Buffer::of(Tensor::<1>::zeros([packed.trained()], device))?,
            dropout: dropout.filter(|_| layout.drops()).map(|seed| Masks { seed, rate, masks: HashMap::new() }),
            gpu,
            layout,
            packed,
        })
    }

    /// The state after the step of `dt` that begins at `time`.
    ///
    /// # Shapes
    /// - `state`, `noise` (standard normal; the last column has no effect), output: `[n, d + 1]`, the action in the last column
    pub fn step(&mut self, time: f64, dt: f64, state: &Tensor<2>, noise: Tensor<2>) -> Tensor<2> {
        let (state, noise) = (buffer(state.clone()), buffer(noise));
        let next = self.gpu.room(self.layout.state_len());
        let (kernels, mask) = (self.kernels(dt), self.mask(time));
        self.launch(kernels.project.as_ref(), &[&self.scratch, &self.weights, &state], None);
        let buffers = [&self.scratch, &self.weights, &state, &noise, &next];
        self.launch(Some(&kernels.step), &buffers, mask.as_ref());
        self.gpu.tensor(next, self.layout.state_shape())
    }

    /// The adjoint before the step of `dt` that began at `time` from `state`, given the `adjoint` after it. The weights' share is collected.
    ///
    /// # Shapes
    /// - `state`, `adjoint`, output: `[n, d + 1]`
    pub fn adjoint(&mut self, time: f64, dt: f64, state: &Tensor<2>, adjoint: Tensor<2>) -> Tensor<2> {
        let (state, adjoint) = (buffer(state.clone()), buffer(adjoint));
        let before = self.gpu.room(self.layout.state_len());
        let (kernels, mask) = (self.kernels(dt), self.mask(time));
        let Sources { project_again, receive, send, weigh, .. } = &*kernels;
        self.launch(project_again.as_ref(), &[&self.scratch, &self.weights, &state], None);
        let buffers = [&self.scratch, &self.weights, &state, &adjoint, &before];
        let attended = if send.is_some() { &buffers[..4] } else { &buffers[..] };
        self.launch(Some(receive), attended, mask.as_ref());
        self.launch(send.as_ref(), &buffers, mask.as_ref());
        self.gpu.launch(weigh, self.layout.weigh_groups(&self.packed), &[&self.scratch, &self.gradients]);
        self.gpu.tensor(before, self.layout.state_shape())
    }

    /// The gradients of the weights, collected over all steps that were taken back.
    pub fn gradients(&self) -> GradientsParams {
        let shape = [self.packed.trained()];
        self.packed.gradients(self.gpu.tensor(self.gradients.clone(), shape))
    }

    fn kernels(&mut self, dt: f64) -> Arc<Sources<Kernel>> {
        let known = self.kernels.take().filter(|(known, _)| *known == dt);
        let (_, kernels) = self
            .kernels
            .insert(known.unwrap_or_else(|| (dt, Arc::new(self.layout.sources(&self.packed, dt).map(Kernel::new)))));
        kernels.clone()
    }

    fn launch(&self, kernel: Option<&Kernel>, buffers: &[&Buffer], mask: Option<&Buffer>) {
        if let Some(kernel) = kernel {
            let buffers: Vec<_> = buffers.iter().copied().chain(mask).collect();
            self.gpu.launch(kernel, self.layout.groups(), &buffers);
        }
    }

    /// Which attention weights the step at `time` keeps: bit `i % 32` of word `[h, i / 32, j]` for receiver i and sender j.
    fn mask(&mut self, time: f64) -> Option<Buffer> {
        let Masks { seed, rate, masks } = self.dropout.as_mut()?;
        if let Some(mask) = masks.get(&time.to_bits()) {
            return Some(mask.clone());
        }
        let Layout { cells, heads, .. } = self.layout;
        let blocks = cells.div_ceil(32);
        let mut words = vec![0u32; heads * blocks * cells];
        let dropout = Dropout::at(*seed, time, 0, *rate);
        let (mut stays, mut draws) = (vec![0; cells], Vec::new());
        for row in 0..heads * cells {
            dropout.stays(row * cells, &mut stays, &mut draws);
            let (head, receiver) = (row / cells, row % cells);
            let first = (head * blocks + receiver / 32) * cells;
            for (word, stays) in words[first..first + cells].iter_mut().zip(&stays) {
                *word |= u32::from(*stays) << (receiver % 32);
            }
        }
        let mask = self.gpu.words(&words);
        if (masks.len() + 1) * words.len() * size_of::<u32>() <= KEPT_MASKS {
            masks.insert(time.to_bits(), mask.clone());
        }
        Some(mask)
    }
}

/// The memory of a tensor, which is on the device that takes WGSL, as everything of a population is.
fn buffer(tensor: Tensor<2>) -> Buffer {
    Buffer::of(tensor).expect("a tensor of the population's device")
}

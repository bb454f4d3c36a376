//! A start of the intrinsic drift that needs no rollout: it is regressed on the velocities of lines between cells that transport pairs, as in OT-CFM.

use super::Network;
use crate::error::Result;
use crate::tensor::upload;
use crate::train::{Adam, AddressedDraws, Lines, Points, Populations};
use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::Device;

/// Most cells of each time point in an update, and the deviation of points around their lines: those of OT-CFM.
const CELLS: usize = 256;
const SIGMA: f32 = 0.1;

/// Updates of the intrinsic drift before those of the training, with an optimiser of their own.
pub(super) struct WarmStart {
    lines: Lines,
    updates: u32,
    learning_rate: f64,
    done: u32,
    /// Intervals of the update in progress whose points are there.
    interval: usize,
    drawn: Points,
    optimizer: Adam,
}

impl WarmStart {
    pub(super) fn new(data: Populations, seed: u32, updates: u32, learning_rate: f64) -> Self {
        let lines = Lines { cells: CELLS, sigma: SIGMA, data, draws: AddressedDraws::Seeded(seed) };
        let (drawn, optimizer) = (Points::default(), Adam::default());
        Self { lines, updates, learning_rate, done: 0, interval: 0, drawn, optimizer }
    }

    /// Does one bounded piece of work on the network; `Some` once all updates are done.
    ///
    /// # Errors
    /// A plan cannot be found.
    pub(super) fn advance(&mut self, network: &mut Network, device: &Device) -> Result<Option<()>> {
        if self.interval < self.lines.intervals() {
            self.lines.add(&mut self.drawn, self.interval, self.done)?;
            self.interval += 1;
            return Ok(None);
        }
        let Points { points, velocities, times } = std::mem::take(&mut self.drawn);
        let shape = [times.len(), self.lines.data.dimensions];
        let learning = network.clone().train();
        let found = learning.intrinsic.forward(upload(points, shape, device).autodiff());
        let loss = (found - upload(velocities, shape, device).autodiff()).square().mean();
        let gradients = GradientsParams::from_module(&mut loss.backward(), &learning);
        *network = self.optimizer.step(network.clone(), gradients, self.learning_rate);
        (self.interval, self.done) = (0, self.done + 1);
        Ok((self.done >= self.updates).then_some(()))
    }
}

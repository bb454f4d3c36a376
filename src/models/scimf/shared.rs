//! A population of which helpers move a part of the cells each.

use super::host::HostPart;
use crate::error::Result;
use crate::protocol::{Computed, Part, ScImfConfig};
use crate::train::{Helpers, numbers, unexpected};
use std::ops::Range;
use std::rc::Rc;

/// A population in host memory, as [`super::host::HostPopulation`] and with the same bits: some blocks here, the others with helpers.
///
/// States and adjoints are `[n, d + 1]` row-major; the last column is the action.
pub struct SharedPopulation {
    config: ScImfConfig,
    cells: usize,
    own: HostPart,
    /// The cells that are moved here, and then those of each helper.
    shares: Vec<Range<usize>>,
    helpers: Rc<dyn Helpers>,
}

impl SharedPopulation {
    /// In how many parts `cells` cells are moved in rollouts of `steps` steps; 1 if nothing is to be shared.
    pub fn parts(helpers: &dyn Helpers, config: &ScImfConfig, [cells, steps]: [usize; 2]) -> usize {
        HostPart::most(config, cells, steps).min(helpers.count() + 1)
    }

    /// `cells` cells in so many parts at the beginning of a rollout; `before` is that of the last one, for its memory.
    ///
    /// # Errors
    /// A helper is lost.
    pub async fn new(
        before: Option<Self>,
        helpers: &Rc<dyn Helpers>,
        weights: &[f32],
        config: ScImfConfig,
        [cells, parts]: [usize; 2],
        dropout: Option<u64>,
    ) -> Result<Self> {
        let blocks = HostPart::shares(cells, parts);
        let seed = dropout.map(|seed| [(seed >> 32) as u32, seed as u32]);
        for (helper, blocks) in blocks[1..].iter().enumerate() {
            let (weights, blocks) = (weights.to_vec().into(), [blocks.start, blocks.end]);
            helpers.give(helper, Part::Enter { config, weights, cells, blocks, dropout: seed })?;
        }
        let own = HostPart::new(before.map(|it| it.own), weights, config, cells, blocks[0].clone(), dropout);
        for helper in 0..parts - 1 {
            match helpers.take(helper).await? {
                Computed::Ready => {}
                other => return Err(unexpected(&other)),
            }
        }
        let shares = blocks.iter().map(|blocks| HostPart::cells(blocks, cells)).collect();
        Ok(Self { config, cells, own, shares, helpers: Rc::clone(helpers) })
    }

    /// As [`super::host::HostPopulation::step`].
    ///
    /// # Errors
    /// A helper is lost.
    pub async fn step(&mut self, time: f64, dt: f64, state: &[f32], noise: &[f32]) -> Result<Vec<f32>> {
        let columns = self.config.dimensions + 1;
        let asked = self.ask(|cells| Part::Listen { state: rows(state, cells, columns).into() })?;
        let own = self.own.listen(rows(state, &self.shares[0], columns));
        let sent = joined(&asked.beside(own).await?);
        let asked = self.ask(|cells| Part::Step {
            time: [time, dt],
            sent: sent.clone().into(),
            noise: rows(noise, cells, columns).into(),
        })?;
        let own = self.own.step(time, dt, sent, &rows(noise, &self.shares[0], columns));
        Ok(asked.beside(own).await?.concat())
    }

    /// The adjoint before the last step that was not taken back; see [`super::host::HostPopulation::adjoint`].
    ///
    /// # Errors
    /// A helper is lost.
    pub async fn adjoint(&mut self, time: f64, dt: f64, adjoint: &[f32]) -> Result<Vec<f32>> {
        let dimensions = self.config.dimensions;
        let asked =
            self.ask(|cells| Part::Back { time: [time, dt], adjoint: rows(adjoint, cells, dimensions + 1).into() })?;
        let own = self.own.back(time, dt, rows(adjoint, &self.shares[0], dimensions + 1));
        let blocks = asked.beside(own).await?;
        let on_sent = sum(&blocks, 2 * self.cells * dimensions);
        let (on_keys, on_values) = on_sent.split_at(self.cells * dimensions);
        let of = |cells: &Range<usize>| [on_keys, on_values].map(|on| rows(on, cells, dimensions)).concat();
        let asked = self.ask(|cells| Part::Before { on_sent: of(cells).into() })?;
        let own = self.own.before(&of(&self.shares[0]));
        Ok(asked.beside(own).await?.concat())
    }

    /// As [`super::host::HostPopulation::gradient`].
    ///
    /// # Errors
    /// A helper is lost.
    pub async fn gradient(&self) -> Result<Vec<f32>> {
        let blocks = self.ask(|_| Part::Gradients)?.beside(self.own.gradients()).await?;
        Ok(sum(&blocks, self.own.parameters()))
    }

    /// Asks each helper, by its cells.
    fn ask(&self, part: impl Fn(&Range<usize>) -> Part) -> Result<Asked> {
        for (helper, cells) in self.shares[1..].iter().enumerate() {
            self.helpers.give(helper, part(cells))?;
        }
        Ok(Asked { helpers: Rc::clone(&self.helpers), count: self.shares.len() - 1 })
    }
}

/// What helpers were asked and is computed here meanwhile.
struct Asked {
    helpers: Rc<dyn Helpers>,
    count: usize,
}

impl Asked {
    /// The numbers of all parts, those that were computed here first.
    async fn beside(self, own: Vec<f32>) -> Result<Vec<Vec<f32>>> {
        let mut all = vec![own];
        for helper in 0..self.count {
            all.push(numbers(&*self.helpers, helper).await?);
        }
        Ok(all)
    }
}

/// The rows of some cells.
fn rows(all: &[f32], cells: &Range<usize>, columns: usize) -> Vec<f32> {
    all[cells.start * columns..cells.end * columns].to_vec()
}

/// Keys of all cells and then their values, of parts that have the keys of theirs and then the values.
fn joined(parts: &[Vec<f32>]) -> Vec<f32> {
    let (keys, values): (Vec<_>, Vec<_>) = parts.iter().map(|part| part.split_at(part.len() / 2)).unzip();
    [keys.concat(), values.concat()].concat()
}

/// The sum over all blocks of `size` numbers each, in their order: so are they summed where a population is not shared.
fn sum(parts: &[Vec<f32>], size: usize) -> Vec<f32> {
    let mut sums = vec![0.0; size];
    for block in parts.iter().flat_map(|blocks| blocks.chunks_exact(size)) {
        sums.iter_mut().zip(block).for_each(|(sum, value)| *sum += value);
    }
    sums
}

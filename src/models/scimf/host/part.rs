//! Some blocks of a population whose other blocks are moved elsewhere.
//!
//! All parts of a step are computed at the same time, and meet twice: where keys and values of all cells are heard, and on the way back where
//! their gradients are summed. Blocks are those of the whole population, so that its bits are the same however many parts it has.

use super::block::{Block, ROWS};
use super::population::HostPopulation;
use crate::protocol::ScImfConfig;
use scimf_host::together;
use std::ops::Range;

/// Memory for the keys and values of all steps of a rollout, in bytes.
const SENT_BYTES: usize = 128 << 20;

/// A part of a population under a model with at most one block of f_inter. Arrays of cells have its own cells alone, unless they are of all `n`.
pub struct HostPart {
    population: HostPopulation,
    /// Its blocks of the whole.
    blocks: Range<usize>,
    /// The steps that were not taken back.
    past: Vec<Past>,
    /// The state of its cells before a step, or their adjoint after it, in the middle of it.
    now: Vec<f32>,
}

/// What is kept of a step.
#[derive(Default)]
struct Past {
    /// The state of its cells before it.
    state: Vec<f32>,
    /// Keys and then values of all cells.
    sent: Vec<f32>,
}

impl HostPart {
    /// Most parts of a rollout of so many steps, by the blocks that there are; 1 if it cannot be shared.
    pub fn most(config: &ScImfConfig, cells: usize, steps: usize) -> usize {
        let fits = steps.saturating_mul(cells * config.dimensions * 2 * size_of::<f32>()) <= SENT_BYTES;
        if config.blocks <= 1 && fits { cells.div_ceil(ROWS) } else { 1 }
    }

    /// The blocks of each of so many parts, the later ones no smaller than the earlier ones: the first has other work too.
    pub fn shares(cells: usize, parts: usize) -> Vec<Range<usize>> {
        let blocks = cells.div_ceil(ROWS);
        (0..parts).map(|part| blocks * part / parts..blocks * (part + 1) / parts).collect()
    }

    /// The cells of some blocks.
    pub fn cells(blocks: &Range<usize>, cells: usize) -> Range<usize> {
        (blocks.start * ROWS).min(cells)..(blocks.end * ROWS).min(cells)
    }

    /// These blocks of `cells` cells at the beginning of a rollout, as [`HostPopulation::new`], in the memory of the part `before` if there was one of the
    /// same shape.
    pub fn new(
        before: Option<Self>,
        weights: &[f32],
        config: ScImfConfig,
        cells: usize,
        blocks: Range<usize>,
        dropout: Option<u64>,
    ) -> Self {
        let same = |before: &Self| before.blocks == blocks && before.population.is_of(&config, cells);
        let population = match before.filter(same) {
            Some(before) => before.population.renewed(weights, dropout),
            None => {
                let mut own = Block::all(cells, config.dimensions);
                own.truncate(blocks.end);
                own.drain(..blocks.start.min(own.len()));
                HostPopulation::with(own, weights, config, cells, dropout)
            }
        };
        Self { population, blocks, past: Vec::new(), now: Vec::new() }
    }

    /// Keys and then values of its cells at the beginning of a step, `[cells, d]` each.
    ///
    /// # Shapes
    /// - `state`: `[cells, d + 1]`
    pub fn listen(&mut self, state: Vec<f32>) -> Vec<f32> {
        self.population.alone(&state, self.population.config.dimensions + 1);
        self.now = state;
        if self.population.interactions.is_empty() {
            return Vec::new();
        }
        let (mut keys, values) = self.population.sent(0);
        keys.extend(values);
        keys
    }

    /// The state after the step, given the keys and then the values of all cells, `[n, d]` each; see [`HostPopulation::step`].
    ///
    /// # Shapes
    /// - `noise`, output: `[cells, d + 1]`
    pub fn step(&mut self, time: f64, dt: f64, sent: Vec<f32>, noise: &[f32]) -> Vec<f32> {
        together(|| {
            self.hear(&sent, false);
            self.population.complete(time);
        });
        let next = self.population.moved(dt, &self.now, Some(noise));
        self.population.keep(time);
        self.past.push(Past { state: std::mem::take(&mut self.now), sent });
        next
    }

    /// The first half of the way back over the last step: what each block adds to the gradients with respect to the keys, and then the values, of all
    /// cells, `[blocks, 2, n, d]`.
    ///
    /// # Shapes
    /// - `adjoint`: `[cells, d + 1]`, after the step
    pub fn back(&mut self, time: f64, dt: f64, adjoint: Vec<f32>) -> Vec<f32> {
        let Past { state, sent } = self.past.pop().unwrap_or_default();
        together(|| {
            let kept = self.population.recall(time);
            if !kept {
                self.population.alone(&state, self.population.config.dimensions + 1);
            }
            self.hear(&sent, true);
            if !kept {
                self.population.complete(time);
            }
            self.population.receivers_adjoint(dt as f32, &adjoint);
        });
        self.now = adjoint;
        if self.population.interactions.is_empty() {
            return Vec::new();
        }
        let blocks = self.population.blocks.iter().map(|block| &block.to_senders[0]);
        blocks.flat_map(|to| [&*to.keys, &*to.values]).collect::<Vec<_>>().concat()
    }

    /// The second half: the adjoint before the step, given the gradients with respect to the keys and then the values of its cells, `[cells, d]` each.
    ///
    /// # Shapes
    /// - output: `[cells, d + 1]`
    pub fn before(&mut self, on_sent: &[f32]) -> Vec<f32> {
        if !self.population.interactions.is_empty() {
            let (on_keys, on_values) = on_sent.split_at(on_sent.len() / 2);
            together(|| self.population.senders_adjoint(0, [on_keys, on_values]));
        }
        self.population.before(&self.now)
    }

    /// Number of weights.
    pub fn parameters(&self) -> usize {
        self.population.parameters
    }

    /// The gradients of all weights that its blocks have collected, one after the other.
    pub fn gradients(&self) -> Vec<f32> {
        self.population.blocks.iter().flat_map(|block| &block.gradient).copied().collect()
    }

    fn hear(&mut self, sent: &[f32], backward: bool) {
        let (keys, values) = sent.split_at(sent.len() / 2);
        self.population.hear(0, keys, values, backward);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::scimf::host::HostPopulation;
    use crate::sde::Brownian;

    const D: usize = 4;
    const CELLS: usize = 300;
    const COLUMNS: usize = D + 1;

    fn numbers(seed: u64, size: usize) -> Vec<f32> {
        Brownian::new(seed).normals(0, size)
    }

    /// Keys of all cells and then their values, as all parts together send them.
    fn joined(sent: &[Vec<f32>]) -> Vec<f32> {
        let (keys, values): (Vec<_>, Vec<_>) = sent.iter().map(|sent| sent.split_at(sent.len() / 2)).unzip();
        [keys.concat(), values.concat()].concat()
    }

    /// Three steps there and back in so many parts, of which activations are kept or not: the states, the adjoint and the gradient.
    fn in_parts(weights: &[f32], config: ScImfConfig, count: usize, kept: bool) -> Vec<Vec<f32>> {
        let shares = HostPart::shares(CELLS, count);
        let mut parts: Vec<HostPart> = (shares.iter().cloned())
            .map(|blocks| HostPart::new(None, weights, config, CELLS, blocks, Some(7)))
            .collect();
        let own = |all: &[f32], part: usize, columns: usize| {
            let cells = HostPart::cells(&shares[part], CELLS);
            all[cells.start * columns..cells.end * columns].to_vec()
        };
        let mut states = vec![numbers(1, CELLS * COLUMNS)];
        for step in 0..3 {
            let (state, noise) = (states[step].clone(), numbers(2 + step as u64, CELLS * COLUMNS));
            let sent: Vec<_> = (0..count).map(|k| parts[k].listen(own(&state, k, COLUMNS))).collect();
            let sent = joined(&sent);
            let next = |k: usize| parts[k].step(step as f64 * 0.1, 0.1, sent.clone(), &own(&noise, k, COLUMNS));
            states.push((0..count).flat_map(next).collect());
        }
        if !kept {
            parts.iter_mut().for_each(|part| part.population.forget());
        }
        let mut adjoint = numbers(9, CELLS * COLUMNS);
        for step in (0..3).rev() {
            let back = |k: usize| parts[k].back(step as f64 * 0.1, 0.1, own(&adjoint, k, COLUMNS));
            let blocks: Vec<f32> = (0..count).flat_map(back).collect();
            let mut on_sent = vec![0.0; 2 * CELLS * D];
            for block in blocks.chunks_exact(on_sent.len()) {
                on_sent.iter_mut().zip(block).for_each(|(sum, value)| *sum += value);
            }
            let (on_keys, on_values) = on_sent.split_at(CELLS * D);
            let before = |k: usize| parts[k].before(&[own(on_keys, k, D), own(on_values, k, D)].concat());
            adjoint = (0..count).flat_map(before).collect();
        }
        let mut gradient = vec![0.0; weights.len()];
        for block in parts.iter().flat_map(|part| part.gradients()).collect::<Vec<_>>().chunks_exact(weights.len()) {
            gradient.iter_mut().zip(block).for_each(|(sum, value)| *sum += value);
        }
        states.extend([adjoint, gradient]);
        states
    }

    /// The same of a whole population.
    fn whole(weights: &[f32], config: ScImfConfig) -> Vec<Vec<f32>> {
        let mut population = HostPopulation::new(weights, config, CELLS, Some(7));
        let mut states = vec![numbers(1, CELLS * COLUMNS)];
        for step in 0..3 {
            let noise = numbers(2 + step as u64, CELLS * COLUMNS);
            states.push(population.step(step as f64 * 0.1, 0.1, &states[step], Some(&noise), true));
        }
        let mut adjoint = numbers(9, CELLS * COLUMNS);
        for step in (0..3).rev() {
            adjoint = population.adjoint(step as f64 * 0.1, 0.1, &states[step], &adjoint);
        }
        states.extend([adjoint, population.gradient()]);
        states
    }

    #[test]
    fn parts_have_the_bits_of_the_whole() {
        for blocks in [0, 1] {
            let config = ScImfConfig { dimensions: D, hidden: 6, heads: 2, blocks, ..ScImfConfig::default() };
            let (intrinsic, interaction) = ((D * 6 + 6) + 42 + (6 * D + D), 6 * D + 3 * D * D + 8 * D * D + 5 * D);
            let weights = numbers(3, intrinsic + blocks * interaction);
            let whole = whole(&weights, config);
            for (parts, kept) in [(1, true), (2, true), (3, true), (2, false)] {
                assert!(in_parts(&weights, config, parts, kept) == whole, "{blocks} blocks, {parts} parts, {kept}");
            }
        }
    }

    #[test]
    fn what_cannot_be_shared_is_one_part() {
        let config = ScImfConfig::default();
        assert_eq!(HostPart::most(&config, 512, 110), 4);
        assert_eq!(HostPart::most(&config, 100, 110), 1);
        assert_eq!(HostPart::most(&config, 512, 11_000), 1, "what all cells sent does not fit");
        assert_eq!(HostPart::most(&ScImfConfig { blocks: 2, ..config }, 512, 110), 1);
        assert_eq!(HostPart::shares(512, 3), [0..1, 1..2, 2..4]);
        assert_eq!(HostPart::cells(&(2..3), 300), 256..300);
    }
}

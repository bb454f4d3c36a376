//! Forward and backward passes of a population in host memory.

use super::Flat;
use super::block::{Activations, Block};
use super::dropout::Dropout;
use super::interaction::{HostInteraction, Scratch, Senders};
use super::intrinsic::HostIntrinsic;
use super::mask::AttentionMask;
use crate::error::Result;
use crate::models::scimf::ScImf;
use crate::protocol::ScImfConfig;
use scimf_host::sums::sum_of;
use scimf_host::{Threads, for_blocks, together};

/// Memory for activations, in bytes. The backward pass reuses the activations of a step; steps that do not fit are computed again.
const KEPT_BYTES: usize = if cfg!(target_arch = "wasm32") { 96 << 20 } else { 320 << 20 };

/// A population of fixed size moved by scIMF in host memory, with the gradients that the backward pass has collected.
pub struct HostPopulation {
    pub(super) config: ScImfConfig,
    /// Seed and rate.
    dropout: Option<(u64, f32)>,
    pub(super) parameters: usize,
    intrinsic: HostIntrinsic,
    pub(super) interactions: Vec<HostInteraction>,
    pub(super) mask: Option<AttentionMask>,
    pub(super) senders: Vec<Senders>,
    pub(super) blocks: Vec<Block>,
    pub(super) scratch: Threads<Scratch>,
    /// Activations of past steps with the times of the steps, in their order.
    kept: Vec<(f64, Vec<Activations>)>,
    /// Memory of activations that were used, for the next steps.
    spare: Vec<Vec<Activations>>,
}

impl HostPopulation {
    /// `cells` cells moved by `model`, without dropout.
    ///
    /// # Errors
    /// The device failed.
    pub async fn of(model: &ScImf, cells: usize) -> Result<Self> {
        Ok(Self::new(&Flat::of(&model.network).await?, model.config, cells, None))
    }

    /// `cells` cells moved by a model of shape `config` with `weights` as by [`super::Flat::of`]. With `dropout`, a seed, attention weights
    /// are dropped as in training; a time always drops the same.
    pub fn new(weights: &[f32], config: ScImfConfig, cells: usize, dropout: Option<u64>) -> Self {
        Self::with(Block::all(cells, config.dimensions), weights, config, cells, dropout)
    }

    /// Some of the blocks of `cells` cells.
    pub(super) fn with(
        blocks: Vec<Block>,
        weights: &[f32],
        config: ScImfConfig,
        cells: usize,
        dropout: Option<u64>,
    ) -> Self {
        let (intrinsic, interactions) = layers(weights, &config, cells);
        Self {
            config,
            dropout: at_rate(dropout, &config),
            parameters: weights.len(),
            blocks,
            senders: interactions.iter().map(|_| Senders::default()).collect(),
            intrinsic,
            interactions,
            mask: None,
            scratch: Threads::default(),
            kept: Vec::new(),
            spare: Vec::new(),
        }
    }

    /// The same population at the beginning of another rollout, under other weights and another dropout. Memory is used again.
    #[must_use]
    pub fn renewed(mut self, weights: &[f32], dropout: Option<u64>) -> Self {
        (self.intrinsic, self.interactions) = layers(weights, &self.config, self.cells());
        self.dropout = at_rate(dropout, &self.config);
        self.blocks.iter_mut().for_each(|block| block.gradient.fill(0.0));
        self.spare.extend(self.kept.drain(..).map(|(_, activations)| activations));
        self
    }

    /// Number of cells.
    pub fn cells(&self) -> usize {
        self.blocks.first().map_or(0, |block| block.at.cells)
    }

    /// It is moved by models of this shape, as part of so many cells.
    pub(super) fn is_of(&self, config: &ScImfConfig, cells: usize) -> bool {
        self.config == *config && self.cells() == cells
    }

    /// The first of the cells that are moved here; all arrays of cells begin with it.
    pub(super) fn first(&self) -> usize {
        self.blocks.first().map_or(0, |block| block.at.first)
    }

    /// Lets the cells attend to each other as `mask` says from now on, in forward steps; the adjoint ignores the mask.
    pub fn set_mask(&mut self, mask: AttentionMask) {
        self.mask = Some(mask);
    }

    /// One Euler-Maruyama step of length `dt` from `time`, with standard normal `noise` if any; with `keep`, its activations are
    /// kept for the adjoint.
    ///
    /// # Shapes
    /// - `state`, `noise`, output: `[n, d + 1]` row-major; the last column is the action, which has no noise
    pub fn step(&mut self, time: f64, dt: f64, state: &[f32], noise: Option<&[f32]>, keep: bool) -> Vec<f32> {
        together(|| {
            self.listen(time, state, self.config.dimensions + 1, false);
            self.complete(time);
        });
        let next = self.moved(dt, state, noise);
        if keep && self.mask.is_none() {
            self.keep(time);
        }
        next
    }

    /// The state after a step along the drift that was computed.
    pub(super) fn moved(&self, dt: f64, state: &[f32], noise: Option<&[f32]>) -> Vec<f32> {
        let (d, first) = (self.config.dimensions, self.first());
        let (dt, spread) = (dt as f32, self.config.sigma * dt.sqrt() as f32);
        let mut next = state.to_vec();
        for block in &self.blocks {
            for (row, f) in block.now.drift.chunks_exact(d).enumerate() {
                let start = (block.at.first - first + row) * (d + 1);
                let next = &mut next[start..start + d + 1];
                next.iter_mut().zip(f).for_each(|(x, f)| *x += f * dt);
                next[d] += sum_of(f, |f| f * f) * dt;
                if let Some(noise) = noise {
                    next.iter_mut().zip(&noise[start..start + d]).for_each(|(x, z)| *x += z * spread);
                }
            }
        }
        next
    }

    /// Takes `adjoint`, the gradient with respect to the state after a step, to before the step from `state`, and adds those of the
    /// weights to [`Self::gradient`]. Additive noise moves no gradient.
    ///
    /// # Shapes
    /// - `state`, `adjoint`, output: `[n, d + 1]` row-major
    pub fn adjoint(&mut self, time: f64, dt: f64, state: &[f32], adjoint: &[f32]) -> Vec<f32> {
        let d = self.config.dimensions;
        together(|| {
            if self.recall(time) {
                (0..self.interactions.len()).for_each(|index| self.gather(index, true));
            } else {
                self.listen(time, state, d + 1, true);
                self.complete(time);
            }
            self.receivers_adjoint(dt as f32, adjoint);
            for index in (0..self.interactions.len()).rev() {
                let on_key = Block::sums(&self.blocks, d, |block| &block.to_senders[index].keys);
                let on_value = Block::sums(&self.blocks, d, |block| &block.to_senders[index].values);
                self.senders_adjoint(index, [&on_key, &on_value]);
            }
        });
        self.before(adjoint)
    }

    /// The adjoint before a step whose way back was computed.
    pub(super) fn before(&self, adjoint: &[f32]) -> Vec<f32> {
        let (d, first) = (self.config.dimensions, self.first());
        let mut before = adjoint.to_vec();
        for block in &self.blocks {
            let rows = before[(block.at.first - first) * (d + 1)..].chunks_exact_mut(d + 1);
            for (row, on_x) in rows.zip(block.on_x.chunks_exact(d)) {
                row.iter_mut().zip(on_x).for_each(|(sum, on)| *sum += on);
            }
        }
        before
    }

    /// The gradients of all weights that [`Self::adjoint`] has collected, in the order of [`super::Flat::of`].
    pub fn gradient(&self) -> Vec<f32> {
        let mut sums = vec![0.0; self.parameters];
        for block in &self.blocks {
            sums.iter_mut().zip(&block.gradient).for_each(|(sum, part)| *sum += part);
        }
        sums
    }

    /// Forward pass up to the last block's keys and values; `state` is row-major with `columns` columns.
    pub(super) fn listen(&mut self, time: f64, state: &[f32], columns: usize, backward: bool) {
        self.alone(state, columns);
        for index in 0..self.interactions.len() {
            if index > 0 {
                self.prepare(index, time);
            }
            self.gather(index, backward);
        }
    }

    /// f_intra, and what the first block of f_inter says of each cell by itself: queries, keys and values.
    pub(super) fn alone(&mut self, state: &[f32], columns: usize) {
        let first = self.first();
        let Self { intrinsic, interactions, blocks, config, .. } = self;
        let d = config.dimensions;
        for_blocks(blocks, 1, |_, blocks| {
            for Block { at, now, .. } in blocks {
                let rows = state[(at.first - first) * columns..].chunks_exact(columns).take(at.rows);
                now.x.clear();
                rows.for_each(|row| now.x.extend_from_slice(&row[..d]));
                now.drift.resize(at.rows * d, 0.0);
                now.attention.resize_with(interactions.len(), Default::default);
                intrinsic.forward(&now.x, &mut now.alone, &mut now.drift);
                if let (Some(interaction), Some(attention)) = (interactions.first(), now.attention.first_mut()) {
                    interaction.prepare(&now.x, attention);
                }
            }
        });
    }

    /// The responses of the block of f_inter before number `index`, and its queries, keys and values.
    fn prepare(&mut self, index: usize, time: f64) {
        let Self { interactions, senders, blocks, scratch, dropout, mask, .. } = self;
        let dropout = at_block(*dropout, time, index - 1);
        for_blocks(blocks, 1, |_, blocks| {
            for Block { at, now: Activations { attention, .. }, .. } in blocks {
                let (before, here) = attention.split_at_mut(index);
                let (before, scratch) = (&mut before[index - 1], &mut *scratch.mine());
                interactions[index - 1].respond(*at, &senders[index - 1], dropout, mask.as_ref(), before, scratch);
                interactions[index].prepare(&before.response, &mut here[0]);
            }
        });
    }

    /// Gathers what all cells send in a block of f_inter.
    fn gather(&mut self, index: usize, backward: bool) {
        let (keys, values) = self.sent(index);
        self.hear(index, &keys, &values, backward);
    }

    /// Keys and values of the cells, `[n, d]` each.
    pub(super) fn sent(&self, index: usize) -> (Vec<f32>, Vec<f32>) {
        let attention = || self.blocks.iter().map(|block| &block.now.attention[index]);
        (
            attention().flat_map(|attention| &attention.key).copied().collect(),
            attention().flat_map(|attention| &attention.value).copied().collect(),
        )
    }

    /// Takes in the keys and values of all cells.
    pub(super) fn hear(&mut self, index: usize, keys: &[f32], values: &[f32], backward: bool) {
        if let (Some(interaction), Some(senders)) = (self.interactions.get(index), self.senders.get_mut(index)) {
            interaction.gather(keys, values, backward, senders);
        }
    }

    /// Adds f_inter to the drift.
    pub(super) fn complete(&mut self, time: f64) {
        let Self { interactions, senders, blocks, scratch, dropout, mask, .. } = self;
        let Some((interaction, senders)) = interactions.last().zip(senders.last()) else { return };
        let dropout = at_block(*dropout, time, interactions.len() - 1);
        for_blocks(blocks, 1, |_, blocks| {
            for Block { at, now: Activations { attention, drift, .. }, .. } in blocks {
                let Some(attention) = attention.last_mut() else { continue };
                interaction.respond(*at, senders, dropout, mask.as_ref(), attention, &mut scratch.mine());
                drift.iter_mut().zip(&attention.response).for_each(|(f, attention)| *f += attention);
            }
        });
    }

    /// Keeps the activations of the last step, as long as there is memory for them.
    pub(super) fn keep(&mut self, time: f64) {
        let bytes: usize = self.blocks.iter().map(|block| block.now.bytes()).sum();
        if (self.kept.len() + 1) * bytes > KEPT_BYTES {
            return;
        }
        let mut spare = self.spare.pop().unwrap_or_default();
        spare.resize_with(self.blocks.len(), Activations::default);
        let kept = self.blocks.iter_mut().zip(spare).map(|(block, spare)| std::mem::replace(&mut block.now, spare));
        self.kept.push((time, kept.collect()));
    }

    /// Restores the activations of the step from `time`, if they were kept.
    pub(super) fn recall(&mut self, time: f64) -> bool {
        let Some((_, kept)) = self.kept.pop_if(|(kept, _)| *kept == time) else { return false };
        let used = self.blocks.iter_mut().zip(kept).map(|(block, kept)| std::mem::replace(&mut block.now, kept));
        self.spare.push(used.collect());
        true
    }

    /// Forgets them, as where memory is short.
    #[cfg(test)]
    pub(super) fn forget(&mut self) {
        self.kept.clear();
    }

    /// Backward pass through f_intra and, of the last block of f_inter, from the responses to queries, keys and values.
    pub(super) fn receivers_adjoint(&mut self, dt: f32, adjoint: &[f32]) {
        let start = self.first();
        let Self { intrinsic, interactions, senders, blocks, parameters, scratch, dropout, config, .. } = self;
        let (d, dropped) = (config.dimensions, dropout.map(|(_, rate)| rate));
        for_blocks(blocks, 1, |_, blocks| {
            for block in blocks {
                let scratch = &mut *scratch.mine();
                block.gradient.resize(*parameters, 0.0);
                let Block { at, now, on_x, on_drift, gradient, .. } = block;
                // the gradient of adjoint . (f dt, |f|^2 dt) with respect to f
                let rows = adjoint[(at.first - start) * (d + 1)..].chunks_exact(d + 1);
                for ((f, on), after) in now.drift.chunks_exact(d).zip(on_drift.chunks_exact_mut(d)).zip(rows) {
                    let twice = 2.0 * after[d];
                    on.iter_mut().zip(f).zip(after).for_each(|((on, f), after)| *on = dt * (after + twice * f));
                }
                intrinsic.backward(&now.x, on_drift, &now.alone, on_x, scratch, gradient);
                if let Some(index) = interactions.len().checked_sub(1) {
                    interactions[index].receivers_adjoint(block, index, &senders[index], dropped, scratch);
                }
            }
        });
    }

    /// Backward pass from the keys, values and queries of block `index` of f_inter to its input, and through the responses of the block before.
    /// `on` are the gradients with respect to keys and values.
    pub(super) fn senders_adjoint(&mut self, index: usize, on: [&[f32]; 2]) {
        let start = self.first();
        let Self { interactions, senders, blocks, scratch, dropout, config, .. } = self;
        let (d, dropped) = (config.dimensions, dropout.map(|(_, rate)| rate));
        for_blocks(blocks, 1, |_, blocks| {
            for block in blocks {
                let scratch = &mut *scratch.mine();
                let first = (block.at.first - start) * d;
                let on = on.map(|on| &on[first..first + block.at.rows * d]);
                let Block { now, on_x, on_drift, to_senders, gradient, .. } = block;
                let (attention, on_query) = (&now.attention[index], &to_senders[index].on_query);
                let Some(before) = index.checked_sub(1) else {
                    interactions[index].cells_adjoint(on_query, on, attention, on_x, scratch, gradient);
                    continue;
                };
                on_drift.fill(0.0);
                interactions[index].cells_adjoint(on_query, on, attention, on_drift, scratch, gradient);
                interactions[before].receivers_adjoint(block, before, &senders[before], dropped, scratch);
            }
        });
    }
}

fn layers(weights: &[f32], config: &ScImfConfig, cells: usize) -> (HostIntrinsic, Vec<HostInteraction>) {
    let ScImfConfig { dimensions, hidden, heads, blocks, .. } = *config;
    let mut next = 0;
    let intrinsic = HostIntrinsic::take(weights, &mut next, dimensions, hidden);
    let count = if cells < 2 { 0 } else { blocks };
    let interaction = |_| HostInteraction::take(weights, &mut next, dimensions, heads);
    (intrinsic, (0..count).map(interaction).collect())
}

/// A seed with the rate at which it drops, if it does.
fn at_rate(seed: Option<u64>, config: &ScImfConfig) -> Option<(u64, f32)> {
    seed.map(|seed| (seed, config.dropout)).filter(|(_, rate)| *rate > 0.0)
}

/// The dropout of one block of f_inter.
fn at_block(dropout: Option<(u64, f32)>, time: f64, index: usize) -> Option<Dropout> {
    dropout.map(|(seed, rate)| Dropout::at(seed, time, index, rate))
}

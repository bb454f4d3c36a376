//! A population that is moved, and the way back.

use super::Flat;
use super::dropout::Dropout;
use super::hears::Hears;
use super::interaction::{Heard, HostInteraction, Scratch, Senders};
use super::intrinsic::{Alone, HostIntrinsic};
use crate::error::Result;
use crate::host::sums::sum_of;
use crate::host::{Threads, for_blocks};
use crate::model::ScImf;
use crate::protocol::ScImfConfig;

/// Receivers of a block.
const ROWS: usize = 64;

/// Some receivers of a population.
#[derive(Clone, Copy)]
pub struct Receivers {
    pub first: usize,
    pub rows: usize,
    pub cells: usize,
}

/// A population of fixed size moved by scIMF in host memory, and the gradients that its way back has collected.
pub struct HostPopulation {
    config: ScImfConfig,
    /// Seed and rate.
    dropout: Option<(u64, f32)>,
    parameters: usize,
    intrinsic: HostIntrinsic,
    interactions: Vec<HostInteraction>,
    hears: Option<Hears>,
    senders: Vec<Senders>,
    blocks: Vec<Block>,
    scratch: Threads<Scratch>,
}

/// What one block of receivers computes.
struct Block {
    at: Receivers,
    x: Vec<f32>,
    alone: Alone,
    heard: Vec<Heard>,
    drift: Vec<f32>,
    on_x: Vec<f32>,
    on_drift: Vec<f32>,
    gradient: Vec<f32>,
}

impl Block {
    fn new(at: Receivers, config: &ScImfConfig, interactions: usize) -> Self {
        let row = vec![0.0; at.rows * config.dimensions];
        Self {
            at,
            x: row.clone(),
            alone: Alone::default(),
            heard: (0..interactions).map(|_| Heard::default()).collect(),
            drift: row.clone(),
            on_x: row.clone(),
            on_drift: row,
            gradient: Vec::new(),
        }
    }
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
        let ScImfConfig { dimensions, hidden, heads, blocks, .. } = config;
        let mut next = 0;
        let intrinsic = HostIntrinsic::take(weights, &mut next, dimensions, hidden);
        let count = if cells < 2 { 0 } else { blocks };
        let interactions: Vec<_> =
            (0..count).map(|_| HostInteraction::take(weights, &mut next, dimensions, heads)).collect();
        let at = |first| Receivers { first, rows: ROWS.min(cells - first), cells };
        Self {
            config,
            dropout: dropout.map(|seed| (seed, config.dropout)).filter(|(_, rate)| *rate > 0.0),
            parameters: weights.len(),
            blocks: (0..cells).step_by(ROWS).map(|first| Block::new(at(first), &config, count)).collect(),
            senders: interactions.iter().map(|_| Senders::default()).collect(),
            intrinsic,
            interactions,
            hears: None,
            scratch: Threads::default(),
        }
    }

    /// Lets the cells hear each other as `hears` says from now on, in steps; the way back knows of no such mask.
    pub fn set_hears(&mut self, hears: Hears) {
        self.hears = Some(hears);
    }

    /// f_intra and f_inter of each cell, without dropout.
    ///
    /// # Shapes
    /// - `x`, outputs: `[n, d]` row-major
    pub fn parts(&mut self, x: &[f32]) -> [Vec<f32>; 2] {
        let d = self.config.dimensions;
        self.listen(0.0, x, d, false);
        let intrinsic: Vec<f32> = self.blocks.iter().flat_map(|block| block.drift.iter().copied()).collect();
        if self.interactions.is_empty() {
            return [intrinsic.clone(), vec![0.0; intrinsic.len()]];
        }
        let Self { interactions, senders, blocks, scratch, dropout, hears, .. } = self;
        for_blocks(blocks, 1, |_, blocks| {
            for block in blocks {
                complete(block, interactions, senders, *dropout, hears.as_ref(), 0.0, &mut scratch.mine());
            }
        });
        let responses = blocks.iter().filter_map(|block| block.heard.last());
        [intrinsic, responses.flat_map(|heard| heard.response.iter().copied()).collect()]
    }

    /// Shows `see(first receiver, scores [rows, n])` how the receivers of the first block of f_inter score all senders, at most `rows_at_once`
    /// (and at least 64) at a time: the mean over heads of A, with `influence` of A times the length of the sender's value vector. Never
    /// called without interaction.
    ///
    /// # Shapes
    /// - `x`: `[n, d]` row-major
    pub fn for_scores(
        &mut self,
        x: &[f32],
        influence: bool,
        rows_at_once: usize,
        mut see: impl FnMut(usize, Vec<f32>),
    ) {
        let ScImfConfig { dimensions, heads, .. } = self.config;
        self.listen(0.0, x, dimensions, false);
        let Self { interactions, senders, blocks, scratch, hears, .. } = self;
        let Some(interaction) = interactions.first() else { return };
        let cells = x.len() / dimensions;
        let mut reaches = vec![1.0; heads * cells];
        if influence {
            let all = blocks.iter().flat_map(|block| block.heard[0].reaches(dimensions, heads));
            for (cell, reach) in all.enumerate() {
                reach.enumerate().for_each(|(head, reach)| reaches[head * cells + cell] = reach);
            }
        }
        for blocks in blocks.chunks((rows_at_once / ROWS).max(1)) {
            let rows = blocks.iter().map(|block| block.at.rows).sum::<usize>();
            let mut scores = vec![0.0; rows * cells];
            for_blocks(&mut scores, ROWS * cells, |index, scores| {
                let (block, scratch) = (&blocks[index], &mut *scratch.mine());
                interaction.attend(block.at, &senders[0], hears.as_ref(), &block.heard[0], scratch);
                for (weights, reaches) in scratch.weights.chunks_exact(scores.len()).zip(reaches.chunks_exact(cells)) {
                    for (scores, weights) in scores.chunks_exact_mut(cells).zip(weights.chunks_exact(cells)) {
                        let scored = scores.iter_mut().zip(weights).zip(reaches);
                        scored.for_each(|((score, weight), reach)| *score += weight * reach / heads as f32);
                    }
                }
            });
            see(blocks[0].at.first, scores);
        }
    }

    /// One Euler-Maruyama step of length `dt` from `time`, with standard normal `noise` if any.
    ///
    /// # Shapes
    /// - `state`, `noise`, output: `[n, d + 1]` row-major; the last column is the action, which has no noise
    pub fn step(&mut self, time: f64, dt: f64, state: &[f32], noise: Option<&[f32]>) -> Vec<f32> {
        self.listen(time, state, self.config.dimensions + 1, false);
        let Self { interactions, senders, blocks, scratch, dropout, hears, .. } = self;
        for_blocks(blocks, 1, |_, blocks| {
            for block in blocks {
                complete(block, interactions, senders, *dropout, hears.as_ref(), time, &mut scratch.mine());
            }
        });
        let (d, dt, spread) = (self.config.dimensions, dt as f32, self.config.sigma * dt.sqrt() as f32);
        let mut next = state.to_vec();
        for block in &self.blocks {
            for (row, f) in block.drift.chunks_exact(d).enumerate() {
                let start = (block.at.first + row) * (d + 1);
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
    pub fn back(&mut self, time: f64, dt: f64, state: &[f32], adjoint: &[f32]) -> Vec<f32> {
        self.listen(time, state, self.config.dimensions + 1, true);
        let Self { intrinsic, interactions, senders, blocks, parameters, scratch, dropout, .. } = self;
        let (d, dropout, last) = (self.config.dimensions, *dropout, interactions.len().wrapping_sub(1));
        let (intrinsic, interactions, scratch) = (&*intrinsic, &*interactions, &*scratch);
        for_blocks(blocks, 1, |_, blocks| {
            for block in blocks {
                let scratch = &mut *scratch.mine();
                block.gradient.resize(*parameters, 0.0);
                complete(block, interactions, senders, dropout, None, time, scratch);
                let Block { at, x, alone, heard, drift, on_x, on_drift, gradient } = block;
                // the gradient of adjoint . (f dt, |f|^2 dt) with respect to f
                let rows = adjoint[at.first * (d + 1)..].chunks_exact(d + 1);
                for ((f, on), after) in drift.chunks_exact(d).zip(on_drift.chunks_exact_mut(d)).zip(rows) {
                    let twice = 2.0 * after[d];
                    on.iter_mut().zip(f).zip(after).for_each(|((on, f), after)| *on = dt as f32 * (after + twice * f));
                }
                intrinsic.backward(x, on_drift, alone, on_x, &mut scratch.panels, gradient);
                if let Some(interaction) = interactions.get(last) {
                    let dropout = at_block(dropout, time, last);
                    let (senders, heard) = (&senders[last], &mut heard[last]);
                    interaction.receivers_back(*at, senders, dropout, on_drift, heard, scratch, gradient);
                }
            }
        });
        for (index, interaction) in interactions.iter().enumerate().rev() {
            let on_key = sums(blocks, d, |block| &block.heard[index].to_keys);
            let on_value = sums(blocks, d, |block| &block.heard[index].to_values);
            for_blocks(blocks, 1, |_, blocks| {
                for block in blocks {
                    let scratch = &mut *scratch.mine();
                    let Block { at, heard, on_x, on_drift, gradient, .. } = block;
                    let part = at.first * d..(at.first + at.rows) * d;
                    let on = [&on_key[part.clone()], &on_value[part]];
                    let Some(before) = index.checked_sub(1) else {
                        interaction.cells_back(on, &heard[index], on_x, scratch, gradient);
                        continue;
                    };
                    on_drift.fill(0.0);
                    interaction.cells_back(on, &heard[index], on_drift, scratch, gradient);
                    // what the block before computed is gone from the scratch
                    let (dropout, earlier) = (at_block(dropout, time, before), &interactions[before]);
                    let (senders, heard) = (&senders[before], &mut heard[before]);
                    earlier.respond(*at, senders, dropout, None, heard, scratch);
                    earlier.receivers_back(*at, senders, dropout, on_drift, heard, scratch, gradient);
                }
            });
        }
        let mut before = adjoint.to_vec();
        for block in &*blocks {
            let rows = before[block.at.first * (d + 1)..].chunks_exact_mut(d + 1);
            for (row, on_x) in rows.zip(block.on_x.chunks_exact(d)) {
                row.iter_mut().zip(on_x).for_each(|(sum, on)| *sum += on);
            }
        }
        before
    }

    /// The gradients of all weights that [`Self::back`] has collected, in the order of [`super::Flat::of`].
    pub fn gradient(&self) -> Vec<f32> {
        let mut sums = vec![0.0; self.parameters];
        for block in &self.blocks {
            sums.iter_mut().zip(&block.gradient).for_each(|(sum, part)| *sum += part);
        }
        sums
    }

    /// f_intra, and f_inter up to the keys and values that the last block of it listens to, of rows of `state` that are `columns` long.
    fn listen(&mut self, time: f64, state: &[f32], columns: usize, backward: bool) {
        let Self { intrinsic, interactions, senders, blocks, scratch, dropout, hears, .. } = self;
        let (d, dropout, scratch) = (self.config.dimensions, *dropout, &*scratch);
        for_blocks(blocks, 1, |_, blocks| {
            for Block { at, x, alone, drift, .. } in blocks {
                let rows = state[at.first * columns..].chunks_exact(columns);
                x.chunks_exact_mut(d).zip(rows).for_each(|(x, row)| x.copy_from_slice(&row[..d]));
                intrinsic.forward(x, alone, drift);
            }
        });
        for (index, interaction) in interactions.iter().enumerate() {
            let known = &*senders;
            for_blocks(blocks, 1, |_, blocks| {
                for Block { at, x, heard, .. } in blocks {
                    let (earlier, here) = heard.split_at_mut(index);
                    let input = match (earlier.last_mut(), index.checked_sub(1)) {
                        (Some(heard), Some(before)) => {
                            let dropout = at_block(dropout, time, before);
                            let scratch = &mut *scratch.mine();
                            interactions[before].respond(*at, &known[before], dropout, hears.as_ref(), heard, scratch);
                            &heard.response
                        }
                        _ => &*x,
                    };
                    interaction.prepare(input, &mut here[0]);
                }
            });
            interaction.gather(blocks.iter().map(|block| &block.heard[index]), backward, &mut senders[index]);
        }
    }
}

/// The dropout of one block of f_inter.
fn at_block(dropout: Option<(u64, f32)>, time: f64, index: usize) -> Option<Dropout> {
    dropout.map(|(seed, rate)| Dropout::at(seed, time, index, rate))
}

/// Adds f_inter to the drift of a block of receivers.
fn complete(
    block: &mut Block,
    interactions: &[HostInteraction],
    senders: &[Senders],
    dropout: Option<(u64, f32)>,
    hears: Option<&Hears>,
    time: f64,
    scratch: &mut Scratch,
) {
    let Some((interaction, index)) = interactions.last().zip(interactions.len().checked_sub(1)) else { return };
    let heard = &mut block.heard[index];
    interaction.respond(block.at, &senders[index], at_block(dropout, time, index), hears, heard, scratch);
    block.drift.iter_mut().zip(&heard.response).for_each(|(f, heard)| *f += heard);
}

/// The sums over all blocks of what each has for every cell, `[n, d]`.
fn sums(blocks: &[Block], dimensions: usize, part: impl Fn(&Block) -> &[f32] + Sync) -> Vec<f32> {
    let cells = blocks.first().map_or(0, |block| block.at.cells);
    let size = ROWS * dimensions;
    let mut sums = vec![0.0; cells * dimensions];
    for_blocks(&mut sums, size, |position, sums| {
        for block in blocks {
            sums.iter_mut().zip(&part(block)[position * size..]).for_each(|(sum, part)| *sum += part);
        }
    });
    sums
}

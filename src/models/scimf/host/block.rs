//! Blocks of receivers: their activations and gradients.

use super::interaction::{InteractionActivations, ToSenders};
use super::intrinsic::Alone;
use scimf_host::for_blocks;

/// Receivers of a block: more of them use weights and gradients once more while these are in a cache.
pub const ROWS: usize = 128;

/// Some receivers of a population.
#[derive(Clone, Copy)]
pub struct Receivers {
    pub first: usize,
    pub rows: usize,
    pub cells: usize,
}

/// A block of receivers with its activations, and its gradients in the backward pass.
pub struct Block {
    pub at: Receivers,
    pub now: Activations,
    pub on_x: Vec<f32>,
    pub on_drift: Vec<f32>,
    /// By block of f_inter.
    pub to_senders: Vec<ToSenders>,
    /// With respect to all weights.
    pub gradient: Vec<f32>,
}

/// Activations of one block of receivers in the forward pass.
#[derive(Default)]
pub struct Activations {
    pub x: Vec<f32>,
    pub alone: Alone,
    /// By block of f_inter.
    pub attention: Vec<InteractionActivations>,
    /// f, `[rows, d]`.
    pub drift: Vec<f32>,
}

impl Activations {
    /// Memory that they take.
    pub fn bytes(&self) -> usize {
        let attention: usize = self.attention.iter().map(InteractionActivations::bytes).sum();
        4 * (self.x.len() + self.drift.len() + self.alone.hidden1.len() + self.alone.hidden2.len()) + attention
    }
}

impl Block {
    /// All blocks of a population.
    pub fn all(cells: usize, dimensions: usize) -> Vec<Self> {
        let block = |first| {
            let at = Receivers { first, rows: ROWS.min(cells - first), cells };
            let row = vec![0.0; at.rows * dimensions];
            let now = Activations::default();
            Self { at, now, on_x: row.clone(), on_drift: row, to_senders: Vec::new(), gradient: Vec::new() }
        };
        (0..cells).step_by(ROWS).map(block).collect()
    }

    /// The sums over all blocks, in their order, of what each has for every cell, `[n, d]`.
    pub fn sums(blocks: &[Self], dimensions: usize, part: impl Fn(&Self) -> &[f32] + Sync) -> Vec<f32> {
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
}

//! What the model says of cells that are not moved.

use super::block::ROWS;
use super::population::HostPopulation;
use crate::protocol::ScImfConfig;
use scimf_host::{for_blocks, together};

impl HostPopulation {
    /// f_intra and f_inter of each cell.
    ///
    /// # Shapes
    /// - `x`, outputs: `[n, d]` row-major
    pub fn parts(&mut self, x: &[f32]) -> [Vec<f32>; 2] {
        together(|| {
            self.listen(0.0, x, self.config.dimensions, false);
            let intrinsic: Vec<f32> = self.blocks.iter().flat_map(|block| block.now.drift.iter().copied()).collect();
            self.complete(0.0);
            let responses = self.blocks.iter().filter_map(|block| block.now.attention.last());
            let mut interaction: Vec<f32> =
                responses.flat_map(|attention| attention.response.iter().copied()).collect();
            interaction.resize(intrinsic.len(), 0.0);
            [intrinsic, interaction]
        })
    }

    /// Shows `see(first receiver, scores [rows, n])` how the receivers of the first block of f_inter score all senders, at most `rows_at_once`
    /// (and at least a block) at a time: the mean over heads of A, with `influence` of A times the length of the sender's value vector. Never
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
        let Self { interactions, senders, blocks, scratch, mask, .. } = self;
        let Some(interaction) = interactions.first() else { return };
        let cells = x.len() / dimensions;
        let mut reaches = vec![1.0; heads * cells];
        if influence {
            let all = blocks.iter().flat_map(|block| block.now.attention[0].reaches(dimensions, heads));
            for (cell, reach) in all.enumerate() {
                reach.enumerate().for_each(|(head, reach)| reaches[head * cells + cell] = reach);
            }
        }
        for blocks in blocks.chunks((rows_at_once / ROWS).max(1)) {
            let rows = blocks.iter().map(|block| block.at.rows).sum::<usize>();
            let mut scores = vec![0.0; rows * cells];
            for_blocks(&mut scores, ROWS * cells, |index, scores| {
                let (block, scratch) = (&blocks[index], &mut *scratch.mine());
                interaction.attend(block.at, &senders[0], mask.as_ref(), &block.now.attention[0], scratch);
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
}

//! Which senders each receiver attends to.

/// For a whole population, whether each receiver attends to each sender. Nobody attends to itself.
#[derive(Clone, Debug)]
pub struct AttentionMask {
    cells: usize,
    /// Row-major, receivers as rows.
    pairs: Vec<bool>,
    /// Whether each receiver attends to anybody.
    listens: Vec<bool>,
}

impl AttentionMask {
    /// As `attends(receiver, sender)` says.
    pub fn of(cells: usize, attends: impl Fn(usize, usize) -> bool) -> Self {
        let pair = |k: usize| k / cells != k % cells && attends(k / cells, k % cells);
        let pairs: Vec<bool> = (0..cells * cells).map(pair).collect();
        let listens = pairs.chunks(cells.max(1)).map(|row| row.contains(&true)).collect();
        Self { cells, pairs, listens }
    }

    /// Takes senders that are not attended to out of the scores of the receivers from `first` on. A receiver that attends to nobody keeps its scores:
    /// what they would do is taken away by [`Self::leave_alone`].
    pub(super) fn silence(&self, first: usize, scores: &mut [f32]) {
        let rows = self.pairs[first * self.cells..].chunks_exact(self.cells).zip(&self.listens[first..]);
        for (scores, (attends, listens)) in scores.chunks_exact_mut(self.cells).zip(rows) {
            if *listens {
                let silent = scores.iter_mut().zip(attends).filter(|(_, attends)| !**attends);
                silent.for_each(|(score, _)| *score = f32::NEG_INFINITY);
            }
        }
    }

    /// Sets the response of receivers that attend to nobody to zero: for them there is no interaction.
    pub(super) fn leave_alone(&self, first: usize, dimensions: usize, response: &mut [f32]) {
        for (row, listens) in response.chunks_exact_mut(dimensions).zip(&self.listens[first..]) {
            if !listens {
                row.fill(0.0);
            }
        }
    }
}

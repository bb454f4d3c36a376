//! How much each receiver attends to each sender.

use crate::simulate::Audiences;

/// For a whole population, what is added to the scores of senders, by the audience of the receiver.
#[derive(Clone, Debug)]
pub struct AttentionMask {
    cells: usize,
    /// The audience of each receiver.
    of: Vec<usize>,
    /// ln of each sender's factor for each audience, negative infinity where it is not attended to: row-major `[audiences, cells]`.
    biases: Vec<f32>,
    /// Whether each receiver attends to anybody else.
    listens: Vec<bool>,
}

impl AttentionMask {
    /// As `audiences` says.
    pub fn of(audiences: &Audiences) -> Self {
        let biases = (0..audiences.count()).flat_map(|audience| audiences.factors(audience)).map(|factor| factor.ln());
        Self {
            cells: audiences.cells(),
            of: audiences.of().to_vec(),
            biases: biases.collect(),
            listens: audiences.listening(),
        }
    }

    /// Changes the scores of the receivers from `first` on: exp of a score is multiplied by the sender's factor. A receiver that attends to nobody
    /// keeps its scores: what they would do is taken away by [`Self::leave_alone`].
    pub(super) fn weigh(&self, first: usize, scores: &mut [f32]) {
        let receivers = self.of[first..].iter().zip(&self.listens[first..]);
        for (scores, (audience, listens)) in scores.chunks_exact_mut(self.cells).zip(receivers) {
            if *listens {
                let biases = &self.biases[audience * self.cells..][..self.cells];
                scores.iter_mut().zip(biases).for_each(|(score, bias)| *score += bias);
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

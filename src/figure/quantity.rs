//! Which number of an answer about communication is shown, and what it means.

use crate::protocol::{Communication, Score};

/// Which number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quantity {
    /// The mean score that was asked for.
    #[default]
    Mean,
    /// log2 of observed over expected attention.
    Enrichment,
}

impl Quantity {
    /// The matrix: row = receiver, column = sender.
    #[must_use]
    pub fn values(self, communication: &Communication) -> &[f32] {
        match self {
            Self::Mean => &communication.mean,
            Self::Enrichment => &communication.enrichment,
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(self, communication: &Communication) -> &'static str {
        match (self, communication.query.score) {
            (Self::Mean, Score::Attention) => "mean attention weight",
            (Self::Mean, Score::Influence) => "mean influence",
            (Self::Enrichment, _) => "enrichment (log2)",
        }
    }

    /// What it means, in a whole sentence.
    #[must_use]
    pub fn meaning(self, communication: &Communication) -> &'static str {
        match (self, communication.query.score) {
            (Self::Mean, Score::Attention) => {
                "The attention weight that a cell of the receiver gives to a cell of the sender, mean over cells and heads."
            }
            (Self::Mean, Score::Influence) => {
                "Attention weight times length of the sender's value vector (how much a cell is moved), mean over cells and heads."
            }
            (Self::Enrichment, Score::Attention) => {
                "log2 of the sender's share of the receiver's attention over its share of the cells: + is more than by numbers alone."
            }
            (Self::Enrichment, Score::Influence) => {
                "log2 of the sender's share of the influence on the receiver over its share of the cells: + is more than by numbers alone."
            }
        }
    }
}

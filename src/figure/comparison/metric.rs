//! The numbers of a row: distances to the observed cells, and what a prediction that is too narrow gives away.

use crate::protocol::{Distances, FLOOR, HeldOut};

/// Which number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// Energy distance.
    Energy,
    /// Debiased Sinkhorn divergence.
    Sinkhorn,
    /// Total variance over that of the observed cells.
    Spread,
    /// Total variation distance of the shares of the types.
    Types,
    /// W1.
    W1,
    /// W2.
    W2,
    /// scTimeBench's divergence, for each gene.
    PerGene,
}

impl Metric {
    /// All of them, what judges first.
    pub const ALL: [Self; 7] =
        [Self::Energy, Self::Sinkhorn, Self::Spread, Self::Types, Self::W1, Self::W2, Self::PerGene];

    /// Mean and standard deviation; not a number where it is not known.
    #[must_use]
    pub fn of(self, distances: &Distances) -> [f64; 2] {
        let debiased = distances.debiased;
        let known = match self {
            Self::W1 => Some([distances.w1, distances.w1_sd]),
            Self::W2 => Some([distances.w2, distances.w2_sd]),
            Self::Energy => debiased.map(|it| [it.energy, it.energy_sd]),
            Self::Sinkhorn => debiased.map(|it| [it.sinkhorn, it.sinkhorn_sd]),
            Self::Spread => debiased.map(|it| [it.spread, it.spread_sd]),
            Self::Types => debiased.and_then(|it| Some([it.types?, it.types_sd])),
            Self::PerGene => distances.per_gene,
        };
        known.unwrap_or([f64::NAN; 2])
    }

    /// Its name, for an axis.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Energy => "energy distance, lower is better",
            Self::Sinkhorn => "Sinkhorn divergence, lower is better",
            Self::Spread => "spread, 1 is right",
            Self::Types => "distance of type shares, lower is better",
            Self::W1 => "W1, lower is better",
            Self::W2 => "W2, lower is better",
            Self::PerGene => "Sinkhorn divergence a gene, lower is better",
        }
    }

    /// Its name, for the head of a column or a sentence.
    #[must_use]
    pub const fn short(self) -> &'static str {
        match self {
            Self::Energy => "energy distance",
            Self::Sinkhorn => "Sinkhorn",
            Self::Spread => "spread",
            Self::Types => "types",
            Self::W1 => "W1",
            Self::W2 => "W2",
            Self::PerGene => "Sinkhorn a gene",
        }
    }

    /// What it is, in a sentence.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Energy => {
                "Energy distance over pairs of different cells: 0 in the mean for cells of the observed population"
            }
            Self::Sinkhorn => {
                "Sinkhorn divergence with halves of each cloud in its own terms: 0 in the mean for cells of the observed population"
            }
            Self::Spread => {
                "Total variance of the predicted cells over that of the observed ones; below 1 they are too narrow"
            }
            Self::Types => {
                "Total variation distance between predicted and observed shares of the cell types, by neighbours"
            }
            Self::W1 => "Exact optimal transport with Euclidean cost; smaller for predictions that are too narrow",
            Self::W2 => {
                "Square root of exact optimal transport with squared Euclidean cost; smaller for predictions that are too narrow"
            }
            Self::PerGene => {
                "Sinkhorn divergence with blur 0.05 in measured genes, divided by their number, as scTimeBench has it; smaller for predictions that \
                 are too narrow"
            }
        }
    }

    /// The row with the smallest value is the best: of debiased distances, or of all distances where there are no debiased ones.
    #[must_use]
    pub fn marks(self, held_out: &HeldOut) -> bool {
        match self {
            Self::Energy | Self::Sinkhorn => true,
            Self::W1 | Self::W2 | Self::PerGene => !is_debiased(held_out),
            Self::Spread | Self::Types => false,
        }
    }
}

/// At least two predictions have debiased distances.
#[must_use]
pub fn is_debiased(held_out: &HeldOut) -> bool {
    let known = |distances: &Distances| distances.debiased.is_some();
    held_out.rows.iter().filter(|row| row.key != FLOOR && row.distances.as_ref().is_some_and(known)).count() > 1
}

/// The distance that judges, and the one whose disagreement is told.
#[must_use]
pub fn judge(held_out: &HeldOut) -> [Metric; 2] {
    if is_debiased(held_out) { [Metric::Energy, Metric::W1] } else { [Metric::W1, Metric::W2] }
}

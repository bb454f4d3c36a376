//! W1 and W2 between two clouds.

use crate::Result;
use crate::protocol::Distances;
use crate::transport::exact::{Cost, Exact, Weighted};

/// Both distances on their way.
pub(super) struct Comparison {
    w1: Exact,
    w2: Exact,
}

impl Comparison {
    pub(super) fn new(one: Weighted, other: Weighted, dimensions: usize) -> Result<Self> {
        Ok(Self {
            w1: Exact::new(one.clone(), other.clone(), dimensions, Cost::Euclidean)?,
            w2: Exact::new(one, other, dimensions, Cost::SquaredEuclidean)?,
        })
    }

    /// Does one bounded piece of work; W1 and W2 at the end.
    pub(super) fn advance(&mut self) -> Option<Distances> {
        let next = if self.w1.is_finished() { &mut self.w2 } else { &mut self.w1 };
        next.advance();
        self.w2.is_finished().then(|| Distances::one([self.w1.value(), self.w2.value().max(0.0).sqrt()]))
    }
}

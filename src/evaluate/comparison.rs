//! All that is said of one cloud beside the observed cells.

use super::debiased::{debiased, drawn, variances};
use super::per_gene::per_gene;
use crate::Result;
use crate::protocol::{Debiased, Distances, Measured};
use crate::simulate::Neighbourhood;
use crate::transport::exact::{Cost, Exact, Weighted};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::vec::IntoIter;

/// Most cells whose types are looked up.
const LABELLED: usize = 500;

/// Distances on their way.
pub(super) struct Comparison {
    predicted: Weighted,
    observed: Weighted,
    dimensions: usize,
    w1: Exact,
    w2: Exact,
    /// Seeds of the draws for debiased distances that are left.
    seeds: IntoIter<u32>,
    debiased: Vec<(u32, Debiased)>,
    /// scTimeBench's divergence is asked for.
    per_gene: bool,
}

impl Comparison {
    /// Of a predicted cloud with the observed one; debiased distances are taken of draws with each of these seeds.
    pub(super) fn new(
        predicted: Weighted,
        observed: Weighted,
        dimensions: usize,
        seeds: Vec<u32>,
        per_gene: bool,
    ) -> Result<Self> {
        Ok(Self {
            per_gene,
            w1: Exact::new(predicted.clone(), observed.clone(), dimensions, Cost::Euclidean)?,
            w2: Exact::new(predicted.clone(), observed.clone(), dimensions, Cost::SquaredEuclidean)?,
            predicted,
            observed,
            dimensions,
            seeds: seeds.into_iter(),
            debiased: Vec::new(),
        })
    }

    /// Does one bounded piece of work; all distances at the end, those of each seed. `types` are those of the observed cells with a way to tell
    /// others'.
    pub(super) fn advance(&mut self, types: Option<(&Neighbourhood, &[f32])>) -> Option<Vec<(u32, Measured)>> {
        if !self.w2.is_finished() {
            let next = if self.w1.is_finished() { &mut self.w2 } else { &mut self.w1 };
            next.advance();
            return None;
        }
        if let Some(seed) = self.seeds.next() {
            self.debiased.push((seed, debiased(&self.predicted, &self.observed, self.dimensions, seed)));
            return None;
        }
        let per_gene = self.per_gene.then(|| [per_gene(&self.predicted, &self.observed, self.dimensions), 0.0]);
        let distances = Distances::one([self.w1.value(), self.w2.value().max(0.0).sqrt()]);
        let [ours, theirs] = [&self.predicted, &self.observed].map(|cloud| variances(cloud, self.dimensions));
        let ratio = |ours: f64, theirs: f64| ours / theirs.max(f64::MIN_POSITIVE);
        let spread = ratio(ours.iter().sum(), theirs.iter().sum());
        let shares = types.map(|(neighbourhood, observed)| (self.shares(neighbourhood), observed));
        let apart = |(ours, theirs): &(Vec<f32>, &[f32])| {
            0.5 * ours.iter().zip(*theirs).map(|(a, b)| f64::from((a - b).abs())).sum::<f64>()
        };
        let types = shares.as_ref().map(apart);
        let measured = Measured {
            distances: Distances { per_gene, ..distances },
            spread: ours.iter().zip(&theirs).map(|(ours, theirs)| ratio(*ours, *theirs) as f32).collect(),
            types: shares.map_or_else(Vec::new, |(shares, _)| shares),
        };
        let under = |&(seed, debiased): &(u32, Debiased)| {
            let debiased = Some(Debiased { spread, types, ..debiased });
            (seed, Measured { distances: Distances { debiased, ..measured.distances }, ..measured.clone() })
        };
        Some(self.debiased.iter().map(under).collect())
    }

    /// Shares of the types, by neighbours.
    fn shares(&self, neighbourhood: &Neighbourhood) -> Vec<f32> {
        let count = LABELLED.min(self.predicted.masses.len());
        let cells = drawn(&self.predicted, count, self.dimensions, &mut ChaCha8Rng::seed_from_u64(0));
        neighbourhood.shares(&neighbourhood.label(&cells).types)
    }
}

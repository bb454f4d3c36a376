//! How far an effect would differ on other cells, and on another training.

use crate::protocol::{Estimate, Spread};
use crate::ranking::mean_and_deviation;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

/// Populations of drawn cells behind a standard error.
pub(super) const DRAWS: usize = 40;
/// Draws behind an interval.
const POOLED: usize = 2000;
/// Share of the draws below, and above, an interval.
const TAIL: f64 = 0.025;

/// How often each cell of a population is drawn: as many cells of each type as there are, with replacement. One row a draw.
pub(super) fn multiplicities(kinds: &[usize], seed: u64) -> Vec<Vec<f64>> {
    let rng = &mut ChaCha8Rng::seed_from_u64(seed);
    let most = kinds.iter().max().map_or(0, |most| most + 1);
    let groups: Vec<Vec<usize>> =
        (0..most).map(|kind| (0..kinds.len()).filter(|at| kinds[*at] == kind).collect()).collect();
    let mut draw = || {
        let mut times = vec![0.0; kinds.len()];
        for group in &groups {
            group.iter().for_each(|_| times[group[rng.random_range(0..group.len())]] += 1.0);
        }
        times
    };
    (0..DRAWS).map(|_| draw()).collect()
}

/// Mean and spread over trainings, with the interval of one drawn at random on drawn cells; none without trainings.
pub(super) fn pooled(trainings: &[Estimate]) -> Option<Spread> {
    let values: Vec<f64> = trainings.iter().map(|it| it.value).collect();
    let (mean, sd) = mean_and_deviation(&values)?;
    let rng = &mut ChaCha8Rng::seed_from_u64(0);
    let mut draws: Vec<f64> = (0..POOLED)
        .map(|_| {
            let Estimate { value, error } = trainings[rng.random_range(0..trainings.len())];
            let away: f64 = StandardNormal.sample(rng);
            (value + error * away).max(0.0)
        })
        .collect();
    draws.sort_by(f64::total_cmp);
    let at = |share: f64| draws[((POOLED - 1) as f64 * share).round() as usize];
    Some(Spread { mean, sd, interval: Some([at(TAIL), at(1.0 - TAIL)]) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_cells_of_each_type_are_drawn() {
        let kinds = [0, 2, 0, 2, 2];
        let drawn = multiplicities(&kinds, 1);
        assert_eq!(drawn.len(), DRAWS);
        for times in &drawn {
            let of = |kind: usize| (0..5).filter(|at| kinds[*at] == kind).map(|at| times[at]).sum::<f64>();
            assert_eq!([of(0), of(2)], [2.0, 3.0]);
        }
        assert!(drawn.iter().any(|times| times[0] == 2.0), "cells are put back");
    }

    #[test]
    fn an_interval_covers_trainings_and_cells() {
        let at = |value: f64, error: f64| Estimate { value, error };
        let spread = pooled(&[at(0.2, 0.01)]).unwrap();
        let [low, high] = spread.interval.unwrap();
        assert!((low - 0.18).abs() < 0.003 && (high - 0.22).abs() < 0.003, "{spread:?}");
        let [low, high] = pooled(&[at(0.1, 0.001), at(0.3, 0.001)]).unwrap().interval.unwrap();
        assert!(low < 0.101 && high > 0.299, "{low} {high}");
        assert_eq!(pooled(&[]), None);
        assert_eq!(pooled(&[at(0.0, 1.0)]).unwrap().interval.unwrap()[0], 0.0, "a length is not below 0");
    }
}

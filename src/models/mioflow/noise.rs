//! The noise of each interval, as far as it was learned.

use super::field::bin;
use crate::protocol::{IntervalNoise, ModelKind, NoiseOfInterval, Recipe};
use crate::sde::STAGES;
use std::collections::BTreeSet;

/// What the stages of a step weigh: 1, 3, 3, 1 of 8.
const WEIGHTS: [f32; 4] = [0.125, 0.375, 0.375, 0.125];

/// The noise of each interval by the scales of the bins. `variances` are the mean variances of a coordinate at the time points. `recipe` says whether the
/// scales were learned, where they began, and which time points the training left out.
pub(super) fn of_intervals(alpha: &[f32], variances: &[f32], recipe: Option<&Recipe>) -> IntervalNoise {
    let model = ModelKind::MioFlow;
    let start = recipe.map(|recipe| recipe.number("noise") as f32);
    let Some((recipe, start)) = recipe.zip(start).filter(|(recipe, _)| recipe.switch("learn-noise")) else {
        return IntervalNoise { model, learned: false, start, intervals: Vec::new() };
    };
    let points = variances.len();
    let kept: Vec<usize> = (0..points).filter(|time| !recipe.held_out.contains(time)).collect();
    let read: BTreeSet<usize> = kept.windows(2).flat_map(|pair| bins([pair[0], pair[1]], alpha.len())).collect();
    let one = |time: usize| {
        let bins = bins([time, time + 1], alpha.len());
        let scales = bins.map(|bin| alpha[bin]);
        let spread = spread(scales);
        NoiseOfInterval {
            time,
            bins,
            scales,
            spread,
            spread_at_start: self::spread([start; 4]),
            share: spread.powi(2) / variances[time + 1],
            trained: bins.iter().all(|bin| read.contains(bin)),
        }
    };
    IntervalNoise { model, learned: true, start: Some(start), intervals: (0..points - 1).map(one).collect() }
}

/// The bins that one step from a time point to another reads.
fn bins([from, to]: [usize; 2], bins: usize) -> [usize; 4] {
    let gap = to as f64 - from as f64;
    STAGES.map(|share| bin(from as f64 + share * gap, bins))
}

/// Standard deviation of a step of one interval under independent noise at its stages.
fn spread(scales: [f32; 4]) -> f32 {
    scales.iter().zip(WEIGHTS).map(|(scale, weight)| (scale * weight).powi(2)).sum::<f32>().sqrt()
}

/// Mean over the columns of their variances.
pub(super) fn mean_variance(rows: &[f32], columns: usize) -> f32 {
    let count = (rows.len() / columns).max(1) as f64;
    let of = |axis: usize| {
        let values = || rows.iter().skip(axis).step_by(columns).map(|x| f64::from(*x));
        let mean = values().sum::<f64>() / count;
        values().map(|x| (x - mean).powi(2)).sum::<f64>() / count
    };
    ((0..columns).map(of).sum::<f64>() / columns as f64) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of cells at -1 and 1, at -2 and 2, at -4 and 4.
    const VARIANCES: [f32; 4] = [0.25, 1.0, 4.0, 16.0];

    fn recipe(learned: bool) -> Recipe {
        Recipe::new(ModelKind::MioFlow).with("learn-noise", learned)
    }

    #[test]
    fn learned_noise_stands_by_interval_beside_its_start() {
        let alpha = [0.1, 0.4, 0.2, 0.8];
        let found = of_intervals(&alpha, &VARIANCES, Some(&recipe(true)));
        assert!(found.learned && found.start == Some(0.2));
        let [first, second, third] = &found.intervals[..] else { panic!("{found:?}") };
        // int(t - 1) makes the first time point read the last bin, and everything up to the third the first one.
        assert_eq!((first.bins, first.scales), ([3, 0, 0, 0], [0.8, 0.1, 0.1, 0.1]));
        assert_eq!((second.bins, third.bins), ([0, 0, 0, 1], [1, 1, 1, 2]));
        let expected = (0.8f32.powi(2) + 19.0 * 0.01).sqrt() / 8.0;
        assert!((first.spread - expected).abs() < 1e-6 && (first.share - expected.powi(2)).abs() < 1e-6, "{first:?}");
        assert!((third.share - third.spread.powi(2) / 16.0).abs() < 1e-6);
        assert!((first.spread_at_start - 0.2 * 20f32.sqrt() / 8.0).abs() < 1e-6);
        assert!(found.intervals.iter().all(|it| it.trained));
        let gap = of_intervals(&alpha, &VARIANCES, Some(&Recipe { held_out: vec![3], ..recipe(true) }));
        assert_eq!(gap.intervals.iter().map(|it| it.trained).collect::<Vec<_>>(), [true, true, false]);
    }

    #[test]
    fn variances_are_those_of_the_columns() {
        assert_eq!(mean_variance(&[-1.0, 5.0, 1.0, 5.0], 2), 0.5);
    }

    #[test]
    fn held_noise_is_no_result() {
        let held = of_intervals(&[0.2; 4], &VARIANCES, Some(&recipe(false)));
        assert_eq!((held.learned, held.start, held.intervals.len()), (false, Some(0.2), 0));
        let unknown = of_intervals(&[0.2; 4], &VARIANCES, None);
        assert_eq!((unknown.learned, unknown.start, unknown.intervals.len()), (false, None, 0));
    }
}

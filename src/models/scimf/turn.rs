//! The samples that take part in an update.

use crate::train::TrainingData;

/// Fewest cells of a sample, where there are several.
const FEWEST: usize = 64;
/// Most samples of an update: of more, these take turns.
const MOST: usize = 8;

/// The samples of an update.
pub(super) struct Turn {
    /// Their positions.
    pub(super) samples: Vec<usize>,
    /// Cells drawn of each.
    pub(super) cells: usize,
}

impl Turn {
    /// Of so many samples, with `cells` cells in all that are split evenly. A single sample has them all.
    pub(super) fn of(update: u32, samples: usize, cells: usize) -> Self {
        if samples == 1 {
            return Self { samples: vec![0], cells };
        }
        let taking = samples.min(MOST);
        let first = update as usize % samples * taking;
        let samples: Vec<usize> = (first..first + taking).map(|at| at % samples).collect();
        Self { cells: (cells / taking).max(FEWEST), samples }
    }
}

/// The time points that any sample is compared at, in order.
pub(super) fn all_times(data: &[TrainingData]) -> Vec<usize> {
    let mut times: Vec<usize> = data.iter().flat_map(|data| data.times.iter().copied()).collect();
    times.sort_unstable();
    times.dedup();
    times
}

/// What the device says of an update.
pub(super) struct Reported {
    /// Mean divergence at each of all time points, over the samples that have it; the mean of all where none has.
    pub(super) at_times: Vec<f32>,
    /// Mean over samples of the means over their times.
    pub(super) mean: f32,
    /// Mean action per time.
    pub(super) action: f32,
    /// Norm of the gradient before clipping.
    pub(super) gradient_norm: f32,
}

impl Reported {
    /// From the divergences of all samples in turn, their actions and the norm of the gradient. `samples` are the times of each.
    pub(super) fn of(report: &[f32], samples: Vec<&[usize]>, times: &[usize]) -> Self {
        let average = |values: &[f32]| values.iter().sum::<f32>() / values.len() as f32;
        let (mut rest, mut means, mut at_times) = (report, Vec::new(), vec![Vec::new(); times.len()]);
        for own in &samples {
            let (divergences, after) = rest.split_at(own.len());
            rest = after;
            means.push(average(divergences));
            for (time, divergence) in own.iter().zip(divergences) {
                if let Some(at) = times.iter().position(|it| it == time) {
                    at_times[at].push(*divergence);
                }
            }
        }
        let (actions, norm) = rest.split_at(samples.len());
        let mean = average(&means);
        let known = |values: Vec<f32>| if values.is_empty() { mean } else { average(&values) };
        Self {
            at_times: at_times.into_iter().map(known).collect(),
            mean,
            action: average(actions),
            gradient_norm: norm.first().copied().unwrap_or(f32::NAN),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_split_evenly_and_many_samples_take_turns() {
        let turn = Turn::of(3, 1, 20);
        assert_eq!((turn.samples, turn.cells), (vec![0], 20));
        let turn = Turn::of(0, 3, 600);
        assert_eq!((turn.samples, turn.cells), (vec![0, 1, 2], 200));
        assert_eq!(Turn::of(0, 4, 100).cells, FEWEST);
        let mut seen: Vec<usize> = (0..11).flat_map(|update| Turn::of(update, 11, 600).samples).collect();
        seen.sort_unstable();
        assert!((0..11).all(|sample| seen.iter().filter(|it| **it == sample).count() == MOST), "{seen:?}");
    }

    #[test]
    fn a_report_is_a_mean_over_samples_and_times() {
        let found = Reported::of(&[1.0, 3.0, 6.0, 0.5, 1.5, 9.0], vec![&[1, 3], &[3]], &[1, 2, 3]);
        assert_eq!((found.mean, found.action, found.gradient_norm), (4.0, 1.0, 9.0));
        assert_eq!(found.at_times, [1.0, 4.0, 4.5]);
    }
}

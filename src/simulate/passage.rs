//! Simulated cells that pass among chosen observed ones: their ancestors lie before them, their fates behind.

use super::fates::Neighbourhood;
use super::frames::Frames;
use crate::data::Dataset;
use std::collections::BTreeSet;

/// The observed cells of each time point that has chosen ones.
pub struct Passage(Vec<(f32, Neighbourhood)>);

impl Passage {
    /// Among these cells, as indices in the dataset; those that it does not have do not count.
    pub fn new(dataset: &Dataset, chosen: &[u32]) -> Self {
        let chosen: BTreeSet<u32> = chosen.iter().copied().collect();
        let observed = |time: usize| {
            let kinds: Vec<u32> = dataset.cells_at(time).iter().map(|cell| u32::from(chosen.contains(cell))).collect();
            let any = kinds.contains(&1);
            any.then(|| (time as f32, Neighbourhood::of(&dataset.states_at(time), &kinds, 2)))
        };
        Self((0..dataset.time_points.len()).filter_map(observed).collect())
    }

    /// Marks the cells of a frame that lie among chosen ones: most of their nearest observed cells of that time point are chosen.
    pub fn mark(&self, frames: &Frames, index: usize, passed: &mut Vec<u8>) {
        let Some((_, near)) = self.0.iter().find(|(time, _)| (time - frames.times[index]).abs() < 1e-3) else { return };
        let labels = near.label(frames.frame(index));
        passed.resize(labels.types.len(), 0);
        passed.iter_mut().zip(labels.types).for_each(|(passed, kind)| *passed |= kind as u8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Matrix;
    use crate::protocol::TimePoint;

    #[test]
    fn cells_pass_among_chosen_ones_of_that_time() {
        // At time 0 all cells lie at 0; at time 1 half of them at 10 and half at 20.
        let (times, values): (Vec<u32>, Vec<f32>) =
            (0..60).map(|cell| if cell < 20 { (0, 0.0) } else { (1, if cell < 40 { 10.0 } else { 20.0 }) }).unzip();
        let point = || TimePoint { label: String::new(), value: None, cells: 0 };
        let dataset = Dataset {
            states: Matrix { rows: 60, cols: 1, values },
            times,
            time_points: vec![point(), point()],
            ..Dataset::default()
        };
        let frames = Frames { times: vec![0.0, 0.5, 1.0], states: vec![0.0, 0.0, 10.0, 5.0, 10.5, 19.0] };
        let passed = |chosen: Vec<u32>| {
            let (passage, mut passed) = (Passage::new(&dataset, &chosen), Vec::new());
            (0..3).for_each(|index| passage.mark(&frames, index, &mut passed));
            passed
        };
        assert_eq!(passed((20..40).collect()), [1, 0]);
        assert_eq!(passed((0..20).collect()), [1, 1], "both began there");
        assert_eq!(passed(vec![20, 99]), [0, 0], "a single cell is not most of the neighbours");
        assert!(passed(Vec::new()).is_empty());
    }
}

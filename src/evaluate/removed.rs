//! Senders taken out of observed populations.

use super::bootstrap::{DRAWS, multiplicities};
use crate::data::{Dataset, evenly};
use crate::error::Result;
use crate::models::AnyModel;
use crate::protocol::Estimate;
use crate::ranking::mean_and_deviation;
use burn::tensor::Device;

/// Most cells of a population: attention grows with their square.
const MOST: usize = 400;
/// Fewer receivers or senders are not counted.
const FEWEST: usize = 5;

/// What goes without each type, one population after the other.
pub(crate) struct Removal {
    kinds: usize,
    next: usize,
    populations: usize,
    /// Of each receiver (row) and sender (column).
    sums: Vec<Sum>,
}

/// Sums over populations.
#[derive(Clone, Copy)]
struct Sum {
    populations: usize,
    share: f64,
    /// The same on drawn cells.
    drawn: [f64; DRAWS],
}

impl Removal {
    pub(crate) fn new(dataset: &Dataset) -> Self {
        let kinds = dataset.types.len();
        let sums = vec![Sum { populations: 0, share: 0.0, drawn: [0.0; DRAWS] }; kinds * kinds];
        Self { kinds, next: 0, populations: Self::populations(dataset), sums }
    }

    /// Populations that were not looked at yet.
    pub(crate) fn left(&self) -> usize {
        self.populations - self.next
    }

    /// Pieces of work.
    pub(crate) fn populations(dataset: &Dataset) -> usize {
        dataset.sample_count() * dataset.time_points.len()
    }

    /// Looks at the next population; after the last returns the mean share of each receiver (row) and sender (column) with its standard error
    /// over resampled cells, none where they never meet.
    ///
    /// # Errors
    /// The device failed.
    pub(crate) async fn advance(
        &mut self,
        dataset: &Dataset,
        model: &AnyModel,
        device: &Device,
    ) -> Result<Option<Vec<Option<Estimate>>>> {
        let (sample, time) = (self.next / dataset.time_points.len(), self.next % dataset.time_points.len());
        self.next += 1;
        let all = dataset.sample_cells(sample, time);
        let cells: Vec<u32> = evenly(all.len(), MOST).map(|at| all[at]).collect();
        let kind = |cell: &u32| dataset.cell_types[*cell as usize] as usize;
        let mut counts = vec![0; self.kinds];
        cells.iter().for_each(|cell| counts[kind(cell)] += 1);
        let drawn = multiplicities(&cells.iter().map(kind).collect::<Vec<_>>(), self.next as u64);
        let when = time as f64;
        if let Some([intrinsic, others]) = model.parts(when, dataset.states_of(&cells), device).await? {
            let dimensions = dataset.states.cols;
            for sender in (0..self.kinds).filter(|kind| counts[*kind] >= FEWEST) {
                let stay: Vec<usize> = (0..cells.len()).filter(|at| kind(&cells[*at]) != sender).collect();
                let left: Vec<u32> = stay.iter().map(|at| cells[*at]).collect();
                if left.is_empty() {
                    continue;
                }
                let left = dataset.states_of(&left);
                let Some([_, without]) = model.parts(when, left, device).await? else { continue };
                // Of the receivers of each type: their places, the lengths of what goes, and of the drift.
                let mut lengths = vec![Vec::new(); self.kinds];
                for (&at, without) in stay.iter().zip(without.chunks_exact(dimensions)) {
                    let row = at * dimensions..(at + 1) * dimensions;
                    let (own, others) = (&intrinsic[row.clone()], &others[row]);
                    let gone = length(others.iter().zip(without).map(|(a, b)| a - b));
                    let whole = length(own.iter().zip(others).map(|(a, b)| a + b));
                    lengths[kind(&cells[at])].push((at, gone, whole));
                }
                for receiver in (0..self.kinds).filter(|it| *it != sender && counts[*it] >= FEWEST) {
                    let share = |times: &dyn Fn(usize) -> f64| {
                        let add = |[gone, whole]: [f64; 2], &(at, g, w): &(usize, f64, f64)| {
                            [gone + times(at) * g, whole + times(at) * w]
                        };
                        let [gone, whole] = lengths[receiver].iter().fold([0.0; 2], add);
                        gone / whole.max(f64::MIN_POSITIVE)
                    };
                    let sum = &mut self.sums[receiver * self.kinds + sender];
                    sum.populations += 1;
                    sum.share += share(&|_| 1.0);
                    sum.drawn.iter_mut().zip(&drawn).for_each(|(sum, times)| *sum += share(&|at| times[at]));
                }
            }
        }
        Ok((self.next >= self.populations).then(|| self.effects()))
    }

    /// Mean share of each receiver (row) and sender (column); none where they never meet.
    fn effects(&self) -> Vec<Option<Estimate>> {
        let estimate = |sum: &Sum| {
            let count = sum.populations as f64;
            let error = mean_and_deviation(&sum.drawn.map(|sum| sum / count)).map_or(0.0, |(_, sd)| sd);
            (sum.populations > 0).then(|| Estimate { value: sum.share / count, error })
        };
        self.sums.iter().map(estimate).collect()
    }
}

fn length(values: impl Iterator<Item = f32>) -> f64 {
    values.map(|value| f64::from(value).powi(2)).sum::<f64>().sqrt()
}

//! Senders taken out of observed populations.

use crate::data::{Dataset, evenly};
use crate::error::Result;
use crate::models::AnyModel;
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
    /// Of each receiver (row) and sender (column): sum of the shares, and populations in it.
    sums: Vec<(f64, usize)>,
}

impl Removal {
    pub(crate) fn new(dataset: &Dataset) -> Self {
        let kinds = dataset.types.len();
        Self { kinds, next: 0, populations: Self::populations(dataset), sums: vec![(0.0, 0); kinds * kinds] }
    }

    /// Populations that were not looked at yet.
    pub(crate) fn left(&self) -> usize {
        self.populations - self.next
    }

    /// Pieces of work.
    pub(crate) fn populations(dataset: &Dataset) -> usize {
        dataset.sample_count() * dataset.time_points.len()
    }

    /// Looks at the next population; after the last returns the mean share of each receiver (row) and sender (column), none where they never
    /// meet.
    ///
    /// # Errors
    /// The device failed.
    pub(crate) async fn advance(
        &mut self,
        dataset: &Dataset,
        model: &AnyModel,
        device: &Device,
    ) -> Result<Option<Vec<Option<f64>>>> {
        let (sample, time) = (self.next / dataset.time_points.len(), self.next % dataset.time_points.len());
        self.next += 1;
        let all = dataset.sample_cells(sample, time);
        let cells: Vec<u32> = evenly(all.len(), MOST).map(|at| all[at]).collect();
        let kind = |cell: &u32| dataset.cell_types[*cell as usize] as usize;
        let mut counts = vec![0; self.kinds];
        cells.iter().for_each(|cell| counts[kind(cell)] += 1);
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
                // Sums of lengths over the receivers of each type: of what goes, and of the drift.
                let mut lengths = vec![[0.0; 2]; self.kinds];
                for (&at, without) in stay.iter().zip(without.chunks_exact(dimensions)) {
                    let row = at * dimensions..(at + 1) * dimensions;
                    let (own, others) = (&intrinsic[row.clone()], &others[row]);
                    let [gone, whole] = &mut lengths[kind(&cells[at])];
                    *gone += length(others.iter().zip(without).map(|(a, b)| a - b));
                    *whole += length(own.iter().zip(others).map(|(a, b)| a + b));
                }
                for receiver in (0..self.kinds).filter(|it| *it != sender && counts[*it] >= FEWEST) {
                    let [gone, whole] = lengths[receiver];
                    let (sum, count) = &mut self.sums[receiver * self.kinds + sender];
                    *sum += gone / whole.max(f64::MIN_POSITIVE);
                    *count += 1;
                }
            }
        }
        Ok((self.next >= self.populations).then(|| self.effects()))
    }

    /// Mean share of each receiver (row) and sender (column); none where they never meet.
    fn effects(&self) -> Vec<Option<f64>> {
        self.sums.iter().map(|&(sum, count)| (count > 0).then(|| sum / count as f64)).collect()
    }
}

fn length(values: impl Iterator<Item = f32>) -> f64 {
    values.map(|value| f64::from(value).powi(2)).sum::<f64>().sqrt()
}

//! The cells of one step.

use super::snapshots::{Day, Snapshots, gathered, sampled};
use crate::protocol::CellMnnSettings;
use crate::tensor::upload;
use burn::tensor::{Device, Tensor};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Terms of the loss whose discount is smaller than this are left out: a squared discrepancy is never above 2.
const LEAST_DISCOUNT: f32 = 1e-4;

/// Start cells, and targets at the time points that they are compared with.
pub(super) struct Batch {
    /// Start cells of each start day: rows of [`Batch::cells`] come in this many blocks of equal size.
    pub starts: usize,
    /// Start cells, day after day: `[starts x block, d]`.
    pub cells: Tensor<2>,
    /// Their times `[starts x block, 1]`.
    pub times: Tensor<2>,
    /// From each start cell to each training time point after it, as far as the loss looks; the last one is repeated where there are fewer.
    pub spans: Vec<Vec<f32>>,
    /// Target cells of each day after the first: `[days - 1, targets, d]`.
    pub targets: Tensor<3>,
}

impl Batch {
    /// Training time points ahead that the loss looks at.
    pub fn horizon(settings: &CellMnnSettings, starts: usize) -> usize {
        let counts = |ahead: &usize| settings.gamma.powi(*ahead as i32) >= LEAST_DISCOUNT;
        (0..starts).take_while(counts).count().max(1)
    }

    /// The cells of a step, drawn with replacement.
    pub fn drawn(data: &Snapshots, settings: &CellMnnSettings, step: u64, device: &Device) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(u64::from(settings.seed));
        rng.set_stream(1 << 40 | step);
        let mut below = |bound: usize| ((u64::from(rng.next_u32()) * bound as u64) >> 32) as usize;
        let starts = data.days.len() - 1;
        let block = (settings.batch / starts).max(1);
        let mut draw = |rows: &[f32], count: usize| -> Vec<f32> {
            let available = rows.len() / data.dimensions();
            gathered(rows, data.dimensions(), (0..count).map(|_| below(available)))
        };
        let cells = data.days[..starts].iter().flat_map(|day| draw(&day.training, block)).collect();
        let targets = data.days[1..].iter().flat_map(|day| draw(&day.training, settings.batch)).collect();
        Self::of(data, settings, cells, targets, [block, settings.batch], device)
    }

    /// Validation cells, the same at every epoch.
    pub fn validation(data: &Snapshots, settings: &CellMnnSettings, device: &Device) -> Self {
        let d = data.dimensions();
        let fewest = data.days.iter().map(|day| day.validation.len() / d).min().unwrap_or(0);
        let count = fewest.min(settings.batch);
        // The same number at each time point.
        let rows = |day: &Day| sampled(&day.validation, d, count);
        let cells = data.days[..data.days.len() - 1].iter().flat_map(rows).collect();
        let targets = data.days[1..].iter().flat_map(rows).collect();
        Self::of(data, settings, cells, targets, [count, count], device)
    }

    fn of(
        data: &Snapshots,
        settings: &CellMnnSettings,
        cells: Vec<f32>,
        targets: Vec<f32>,
        [block, target]: [usize; 2],
        device: &Device,
    ) -> Self {
        let (d, starts) = (data.dimensions(), data.days.len() - 1);
        let horizon = Self::horizon(settings, starts);
        let per_start = data.days[..starts].iter().enumerate().flat_map(|(s, day)| {
            let to = |ahead: usize| (data.days[(s + ahead).min(starts)].time - day.time) as f32;
            std::iter::repeat_n((1..=horizon).map(to).collect::<Vec<f32>>(), block)
        });
        let times = data.days[..starts].iter().flat_map(|day| std::iter::repeat_n(day.time as f32, block)).collect();
        Self {
            starts,
            cells: upload(cells, [starts * block, d], device),
            times: upload(times, [starts * block, 1], device),
            spans: per_start.collect(),
            targets: upload(targets, [starts, target, d], device),
        }
    }

    /// The longest span, in mean sampling intervals.
    pub fn longest(&self) -> f64 {
        self.spans.iter().flatten().copied().fold(0.0, f32::max).into()
    }
}

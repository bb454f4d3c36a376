//! The part of a dataset that a training of Cell-MNN looks at.

use crate::data::{Clock, Dataset, Space, Standard, evenly};
use crate::error::{Error, Result};
use crate::protocol::{CellMnnSettings, StopRule};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

/// Pairs of cells from which the width of the kernel is taken.
const PAIRS: usize = 2000;
/// Most cells of a held-out time point that the published stop rule looks at.
const MOST_LOOKED_AT: usize = 500;

/// Standardised cells of the training time points, and the measure of distance between them.
#[derive(Clone, Debug)]
pub struct Snapshots {
    /// The components in use.
    pub standard: Standard,
    /// The training time points in order.
    pub(super) days: Vec<Day>,
    /// Width of the Laplace kernel, as a multiple of the dimensions.
    pub(super) width: f64,
    /// The held-out time points, for the stop rule that looks at them alone.
    pub(super) peeks: Vec<Peek>,
}

/// The cells of a training time point, row-major.
#[derive(Clone, Debug)]
pub(super) struct Day {
    /// The time point.
    pub index: usize,
    /// In mean sampling intervals.
    pub time: f64,
    pub training: Vec<f32>,
    pub validation: Vec<f32>,
}

/// A held-out time point with the training time point before it.
#[derive(Clone, Debug)]
pub(super) struct Peek {
    pub from: f64,
    pub cells: Vec<f32>,
    pub to: f64,
    pub observed: Vec<f32>,
}

impl Snapshots {
    /// Takes all time points of `dataset` but the held-out ones.
    ///
    /// # Errors
    /// The first time point is held out, a held-out time point does not exist, or fewer than two are left.
    pub fn new(dataset: &Dataset, settings: &CellMnnSettings) -> Result<Self> {
        let kept = crate::train::training_times(dataset, &settings.held_out)?;
        if !(0.0..0.9).contains(&settings.validation) {
            return Err(Error::request("The share of validation cells must be from 0 to 0.9").at("validation"));
        }
        let dimensions = settings.config.dimensions.min(dataset.states.cols);
        let standard = Standard::of(&dataset.states, dimensions);
        let clock = Clock::of(dataset);
        let mut rng = ChaCha8Rng::seed_from_u64(u64::from(settings.seed));
        rng.set_stream(u64::MAX);
        let cells_at = |time: usize| standard.encode(&dataset.states_at(time).values, dataset.states.cols);
        let share = if settings.stop == StopRule::Validation { settings.validation } else { 0.0 };
        let days: Vec<Day> = [0]
            .into_iter()
            .chain(kept)
            .map(|index| {
                let cells = cells_at(index);
                let count = cells.len() / dimensions;
                let mut order: Vec<usize> = (0..count).collect();
                order.shuffle(&mut rng);
                // At least one cell is left to train on.
                let (validation, training) = order.split_at(((count as f32 * share) as usize).min(count - 1));
                let rows = |rows: &[usize]| gathered(&cells, dimensions, rows.iter().copied());
                Day { index, time: clock.at(index as f64), training: rows(training), validation: rows(validation) }
            })
            .collect();
        let width = if dimensions <= crate::data::standard::MOST_OWN_SCALES {
            1.0
        } else {
            median_distance(&days, dimensions) / dimensions as f64
        };
        let peeks = if settings.stop == StopRule::HeldOut { &settings.held_out[..] } else { &[] };
        let peeks = peeks.iter().map(|&time| {
            let before = days.iter().rev().find(|day| day.index < time).unwrap_or(&days[0]);
            Peek {
                from: before.time,
                cells: sampled(&before.training, dimensions, MOST_LOOKED_AT),
                to: clock.at(time as f64),
                observed: sampled(&cells_at(time), dimensions, MOST_LOOKED_AT),
            }
        });
        let peeks = peeks.collect();
        Ok(Self { width, peeks, days, standard })
    }

    /// d.
    pub fn dimensions(&self) -> usize {
        self.standard.dimensions()
    }

    /// Time points that the loss compares with: the training time points after the first.
    pub fn times(&self) -> Vec<usize> {
        self.days[1..].iter().map(|day| day.index).collect()
    }

    /// Cells that are trained on.
    pub fn training_cells(&self) -> usize {
        self.days.iter().map(|day| day.training.len()).sum::<usize>() / self.dimensions()
    }

    /// There are validation cells at each time point.
    pub fn has_validation(&self) -> bool {
        self.days.iter().all(|day| !day.validation.is_empty())
    }
}

/// Some rows of a row-major matrix.
pub(super) fn gathered(values: &[f32], columns: usize, rows: impl Iterator<Item = usize>) -> Vec<f32> {
    rows.flat_map(|row| &values[row * columns..(row + 1) * columns]).copied().collect()
}

/// Evenly spread rows, so many or all that there are.
pub(super) fn sampled(values: &[f32], columns: usize, wanted: usize) -> Vec<f32> {
    gathered(values, columns, evenly(values.len() / columns, wanted))
}

/// Median 1-norm distance between cells, whatever their time point.
fn median_distance(days: &[Day], dimensions: usize) -> f64 {
    let cells: Vec<&[f32]> = days.iter().flat_map(|day| day.training.chunks_exact(dimensions)).collect();
    // Two strides without a common rhythm pair cells of all time points.
    let pair = |k: usize| (cells[k * 7919 % cells.len()], cells[(k * 104_729 + 1) % cells.len()]);
    let mut distances: Vec<f64> =
        (0..PAIRS).map(pair).map(|(a, b)| a.iter().zip(b).map(|(a, b)| f64::from((a - b).abs())).sum()).collect();
    distances.sort_by(f64::total_cmp);
    distances[PAIRS / 2].max(f64::MIN_POSITIVE)
}

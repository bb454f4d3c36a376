//! Where predictions are compared with observed cells.

use super::baseline::{checked_times, neighbours};
use super::measure::Measure;
use crate::data::{Dataset, Matrix};
use crate::error::{Error, Result};
use crate::simulate::Neighbourhood;

/// A held-out time point or, of a held-out sample, one of those after its first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) time: usize,
    pub(super) sample: Option<usize>,
}

/// All that is held out.
pub(super) struct Points {
    /// Held-out time points, then the later time points of held-out samples.
    pub(super) all: Vec<Point>,
    pub(super) times: Vec<usize>,
    pub(super) samples: Vec<usize>,
}

impl Points {
    /// # Errors
    /// Nothing is held out, or something that does not exist or is the first time point.
    pub(super) fn new(dataset: &Dataset, times: &[usize], samples: &[usize]) -> Result<Self> {
        let times = if times.is_empty() && !samples.is_empty() {
            Vec::new()
        } else {
            checked_times(times, dataset.time_points.len())?
        };
        let mut samples = samples.to_vec();
        samples.sort_unstable();
        samples.dedup();
        let mut all: Vec<Point> = times.iter().map(|&time| Point { time, sample: None }).collect();
        for &sample in &samples {
            let Some(known) = dataset.samples.get(sample) else {
                let what = format!("There is no sample {sample}");
                return Err(Error::request(what).at("hold out sample").remedy("See the samples with `scimf info`."));
            };
            let first = dataset.first_time(sample).unwrap_or(0);
            let later = (first + 1..dataset.time_points.len()).map(|time| Point { time, sample: Some(sample) });
            let before = all.len();
            all.extend(later.filter(|point| point.cells(dataset).len() > 1));
            if all.len() == before {
                let what = format!("The sample “{}” has no later cells to compare with", known.name);
                return Err(Error::request(what).at("hold out sample"));
            }
        }
        Ok(Self { all, times, samples })
    }

    /// The samples whose own cells are predicted, and none for the held-out time points.
    pub(super) fn groups(&self) -> Vec<Option<usize>> {
        let mut groups: Vec<Option<usize>> = self.all.iter().map(|point| point.sample).collect();
        groups.dedup();
        groups
    }

    /// Positions of the points of a group.
    pub(super) fn of(&self, group: Option<usize>) -> Vec<usize> {
        (0..self.all.len()).filter(|at| self.all[*at].sample == group).collect()
    }
}

impl Point {
    /// The observed cells.
    pub(super) fn cells(&self, dataset: &Dataset) -> Vec<u32> {
        match self.sample {
            Some(sample) => dataset.sample_cells(sample, self.time),
            None => dataset.cells_at(self.time),
        }
    }

    /// The cells that stand for no change: those of the time before or, of a held-out sample, of its first population, which alone is known.
    pub(super) fn before(&self, dataset: &Dataset) -> Vec<u32> {
        match self.sample {
            Some(sample) => dataset.sample_cells(sample, dataset.first_time(sample).unwrap_or(0)),
            None => dataset.cells_at(self.time - 1),
        }
    }

    /// The cells of the other samples at that time; none for a held-out time point.
    pub(super) fn others(&self, dataset: &Dataset, points: &Points) -> Option<Vec<u32>> {
        self.sample?;
        let mut cells = dataset.cells_at(self.time);
        cells.retain(|&cell| !points.samples.contains(&dataset.sample_of(cell as usize)));
        Some(cells).filter(|cells| !cells.is_empty())
    }

    /// Clouds of what is known around: the neighbouring training time points or, for a held-out sample, the other samples at that time, and
    /// where there are none its first population.
    pub(super) fn around(&self, dataset: &Dataset, points: &Points, measure: &Measure) -> Vec<Matrix> {
        if self.sample.is_some() {
            let known = self.others(dataset, points).unwrap_or_else(|| self.before(dataset));
            return vec![measure.observed(dataset, &known)];
        }
        let around = neighbours(self.time, &points.times, dataset.time_points.len());
        let known = || (0..self.time).rev().find(|time| !points.times.contains(time)).unwrap_or(0);
        let times = around.map_or_else(|| vec![known()], |(before, after, _)| vec![before, after]);
        times.into_iter().map(|time| measure.observed(dataset, &dataset.cells_at(time))).collect()
    }

    pub(super) fn label(&self, dataset: &Dataset) -> String {
        let label = &dataset.time_points[self.time].label;
        self.sample.map_or_else(|| label.clone(), |sample| format!("{}, {label}", dataset.samples[sample].name))
    }

    /// Share of each type among the observed cells; empty where there is only one type.
    pub(super) fn types(&self, dataset: &Dataset) -> Vec<f32> {
        let cells = self.cells(dataset);
        let mut shares = vec![0.0; if dataset.types.len() > 1 { dataset.types.len() } else { 0 }];
        for kind in cells.iter().map(|cell| dataset.cell_types[*cell as usize] as usize) {
            if let Some(share) = shares.get_mut(kind) {
                *share += 1.0 / cells.len() as f32;
            }
        }
        shares
    }
}

/// What tells the types of cells in the space that is measured in; none where there is only one type.
pub(super) fn neighbourhood(dataset: &Dataset, measure: &Measure) -> Option<Neighbourhood> {
    (dataset.types.len() > 1).then(|| {
        let states = measure.points(&dataset.states.values, dataset.states.cols);
        Neighbourhood::of(&states, &dataset.cell_types, dataset.types.len())
    })
}

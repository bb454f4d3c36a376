//! The part of a dataset that training looks at.

use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::transport::Cloud;
use burn::tensor::Device;

/// Start cells and targets of one sample. Held-out time points are not in it.
pub struct TrainingData {
    /// The time point at which its cells begin.
    pub first: usize,
    /// Cells of that time point, row-major.
    pub start: Vec<f32>,
    /// Dimensions of the model space.
    pub dimensions: usize,
    /// Time points that are compared with, in order.
    pub times: Vec<usize>,
    /// All observed cells of each of them.
    pub clouds: Vec<Cloud>,
}

impl TrainingData {
    /// Takes all time points of `dataset` but the `held_out` ones, for comparisons on `device`: one entry for each sample that is not held out and
    /// has cells at a first and at a later time point; a single one without samples.
    ///
    /// # Errors
    /// The first time point is held out, a held-out time point does not exist, or nothing is left to train on.
    pub fn new(dataset: &Dataset, held_out: &Unseen<'_>, device: &Device) -> Result<Vec<Self>> {
        let dimensions = dataset.states.cols;
        let of = |Trained { sample, first, times }: Trained| {
            let states = |time: usize| match sample {
                Some(sample) => dataset.states_of(&dataset.sample_cells(sample, time)),
                None => dataset.states_at(time).values,
            };
            let clouds = times.iter().map(|&time| Cloud::new(states(time), dimensions, device)).collect();
            Self { first, start: states(first), dimensions, times, clouds }
        };
        Ok(training_samples(dataset, held_out)?.into_iter().map(of).collect())
    }

    /// Intervals from its first time point to the last that is compared with.
    pub fn intervals(&self) -> usize {
        self.times.last().copied().unwrap_or(self.first) - self.first
    }
}

/// What a training never sees.
#[derive(Clone, Copy, Default)]
pub struct Unseen<'a> {
    /// Time points.
    pub times: &'a [usize],
    /// Samples, of which not even the first population is seen.
    pub samples: &'a [usize],
}

/// A sample that is trained on.
pub(crate) struct Trained {
    /// Its position; none for all cells as one population.
    pub(crate) sample: Option<usize>,
    /// Its first time point.
    pub(crate) first: usize,
    /// The later ones that are trained on.
    pub(crate) times: Vec<usize>,
}

/// The samples that are trained on: those that have cells at a first and at a later time point. If none has, all cells are one population.
///
/// # Errors
/// As [`TrainingData::new`].
pub(crate) fn training_samples(dataset: &Dataset, held_out: &Unseen<'_>) -> Result<Vec<Trained>> {
    let all = training_times(dataset, held_out.times)?;
    let of = |sample: usize| {
        let has = |time: &usize| !dataset.sample_cells(sample, *time).is_empty();
        let mut times = [0].into_iter().chain(all.iter().copied()).filter(has);
        let first = times.next()?;
        Some(Trained { sample: Some(sample), first, times: times.collect() })
    };
    let samples = (0..dataset.samples.len()).filter(|sample| !held_out.samples.contains(sample)).filter_map(of);
    let samples: Vec<Trained> = samples.filter(|sample| !sample.times.is_empty()).collect();
    match (samples.is_empty(), held_out.samples) {
        (false, _) => Ok(samples),
        (true, []) => Ok(vec![Trained { sample: None, first: 0, times: all }]),
        (true, _) => Err(Error::request("No sample is left that has cells at two time points to train on")
            .at("hold out sample")
            .remedy("Hold out fewer samples or time points.")),
    }
}

/// The time points after the first that are trained on.
///
/// # Errors
/// As [`TrainingData::new`].
pub(crate) fn training_times(dataset: &Dataset, held_out: &[usize]) -> Result<Vec<usize>> {
    let last = dataset.time_points.len() - 1;
    if let Some(time) = held_out.iter().find(|&&time| time == 0 || time > last) {
        let what = match time {
            0 => "The first time point cannot be held out: every simulated cell starts there".into(),
            _ => format!("There is no time point {time}"),
        };
        return Err(Error::request(what).at("hold out").remedy(format!("Choose among 1 to {last}.")));
    }
    let times: Vec<_> = (1..=last).filter(|time| !held_out.contains(time)).collect();
    if times.is_empty() {
        let what = "Every time point after the first is held out";
        return Err(Error::request(what).at("hold out").remedy("Leave at least one to train on."));
    }
    Ok(times)
}

//! The part of a dataset that training looks at.

use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::transport::Cloud;
use burn::tensor::Device;

/// Start cells and targets of a training. Held-out time points are not in it.
pub struct TrainingData {
    /// Cells of the first time point, row-major.
    pub start: Vec<f32>,
    /// Dimensions of the model space.
    pub dimensions: usize,
    /// Time points that are compared with, in order.
    pub times: Vec<usize>,
    /// All observed cells of each of them.
    pub clouds: Vec<Cloud>,
}

impl TrainingData {
    /// Takes all time points of `dataset` but the `held_out` ones and uploads them.
    ///
    /// # Errors
    /// The first time point is held out, a held-out time point does not exist, or nothing is left to train on.
    pub fn new(dataset: &Dataset, held_out: &[usize], device: &Device) -> Result<Self> {
        let times = training_times(dataset, held_out)?;
        let dimensions = dataset.states.cols;
        let clouds = times.iter().map(|&time| Cloud::new(dataset.states_at(time).values, dimensions, device)).collect();
        Ok(Self { start: dataset.states_at(0).values, dimensions, times, clouds })
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

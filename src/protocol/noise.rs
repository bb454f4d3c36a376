//! How much noise a model needs in each interval, where it learned that.

use super::ModelKind;
use serde::{Deserialize, Serialize};

/// The noise of a model in each interval between neighbouring time points.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IntervalNoise {
    /// Whose.
    pub model: ModelKind,
    /// The noise was learned. Else it was held at its start and says nothing; nobody knows of weights whose training is not known.
    pub learned: bool,
    /// Scale of the noise at the start of the training, if that is known.
    pub start: Option<f32>,
    /// What was learned, in order; empty where nothing was.
    pub intervals: Vec<NoiseOfInterval>,
}

/// The noise of a model in one interval. A step through it reads the scale of the noise in the derivative four times: at its beginning, after one
/// and two thirds, and at its end. Each time belongs to a bin, and each bin has one scale.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NoiseOfInterval {
    /// The time point before it.
    pub time: usize,
    /// The bins that are read, counted from 0.
    pub bins: [usize; 4],
    /// Their scales.
    pub scales: [f32; 4],
    /// Standard deviation that the noise of the interval gives a cell along each coordinate in which cells are moved (a component, or a coordinate of a
    /// learned space), as far as the drift carries all noise alike.
    pub spread: f32,
    /// The same with the scale at the start of the training: the control.
    pub spread_at_start: f32,
    /// Square of the spread as a share of the mean variance of such a coordinate over the cells observed at the end of the interval.
    pub share: f32,
    /// The training read all of these bins. What it never read is as at the start, but for the decay of weights.
    pub trained: bool,
}

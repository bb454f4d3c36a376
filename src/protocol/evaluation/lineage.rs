//! How well predicted steps between cell types agree with a known lineage.

use super::mean_and_deviation;
use serde::{Deserialize, Serialize};

/// Areas under the precision-recall curve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LineageScore {
    /// Of single steps.
    pub steps: f64,
    /// Of steps beside all paths of the lineage.
    pub paths: f64,
}

/// What a model's predictions say of a known lineage: means over seeds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LineageAgreement {
    /// The means.
    pub mean: LineageScore,
    /// Standard deviations; 0 for a single seed.
    pub deviation: LineageScore,
    /// Seeds.
    pub values: u32,
}

/// What is had without a model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LineageControl {
    /// By the likeness of cells of neighbouring time points.
    pub correlation: LineageScore,
    /// Without any information.
    pub chance: LineageScore,
    /// Measured genes were compared, else components.
    pub genes: bool,
}

impl LineageAgreement {
    /// Mean and standard deviation (divided by n - 1); none without values.
    pub fn over(values: &[LineageScore]) -> Option<Self> {
        let of = |pick: fn(&LineageScore) -> f64| mean_and_deviation(values.iter().map(pick));
        let ((steps, steps_sd), (paths, paths_sd)) = (of(|it| it.steps), of(|it| it.paths));
        (!values.is_empty()).then_some(Self {
            mean: LineageScore { steps, paths },
            deviation: LineageScore { steps: steps_sd, paths: paths_sd },
            values: values.len() as u32,
        })
    }
}

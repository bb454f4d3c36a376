//! How well a model predicts time points that it was not trained on.

use super::{Array, CellMnnSettings, SpaceId, TrainSettings};
use serde::{Deserialize, Serialize};

/// What to evaluate (paper, Methods, "Evaluation").
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EvaluationSettings {
    /// Time points to compare at.
    pub held_out: Vec<usize>,
    /// Simulated cells.
    pub cells: usize,
    /// Repetitions, each with a seed of its own: `first_seed`, the next number, and so on.
    pub seeds: u32,
    /// Seed of the first repetition.
    pub first_seed: u32,
    /// Train both models, with and without interaction, on the other time points, afresh for each seed (the settings' own seed and
    /// held-out points do not count). None evaluates the weights in use.
    pub train: Option<TrainSettings>,
    /// Train Cell-MNN likewise. None evaluates its weights in use, if there are any.
    pub train_cell_mnn: Option<CellMnnSettings>,
    /// Measure in the first so many components, each divided by its standard deviation over all cells (one common scale above five), as
    /// Cell-MNN's published table does. None measures in the model space as it is.
    pub components: Option<usize>,
    /// The plane of the predictions to draw.
    pub space: SpaceId,
}

impl Default for EvaluationSettings {
    fn default() -> Self {
        Self {
            held_out: Vec::new(),
            cells: 2000,
            seeds: 5,
            first_seed: 0,
            train: None,
            train_cell_mnn: None,
            components: None,
            space: SpaceId::default(),
        }
    }
}

/// The table of an evaluation: a row is none if it is not there yet, or cannot be.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// One entry for each held-out time point.
    pub held_out: Vec<HeldOut>,
    /// Repetitions asked for.
    pub seeds: u32,
    /// Updates behind the models; none if the weights do not say.
    pub updates: Option<u32>,
    /// Simulated cells.
    pub cells: usize,
}

/// Distances to the observed cells of one held-out time point.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HeldOut {
    /// The time point.
    pub time: usize,
    /// Its label.
    pub label: String,
    /// Observed cells there.
    pub observed: usize,
    /// The model.
    pub scimf: Option<Distances>,
    /// The model without interaction.
    pub intra_only: Option<Distances>,
    /// Cell-MNN, from all cells of the last training time point before.
    pub cell_mnn: Option<Distances>,
    /// Two random halves of the observed cells: what sampling alone makes.
    pub floor: Option<Distances>,
    /// The cells of the time point before, as if nothing changed.
    pub stay_put: Option<Distances>,
    /// Cells on straight lines between neighbouring training time points, paired by optimal transport; none at the end of the series.
    pub ot_interpolation: Option<Distances>,
}

impl HeldOut {
    /// The rows in the order in which they are shown, with what people call them.
    pub fn rows(&self) -> [(&'static str, Option<Distances>); 6] {
        [
            ("floor (two halves)", self.floor),
            ("stay put", self.stay_put),
            ("optimal-transport interpolation", self.ot_interpolation),
            ("intra-only", self.intra_only),
            ("scIMF", self.scimf),
            ("Cell-MNN", self.cell_mnn),
        ]
    }
}

/// Exact Wasserstein distances in the model space: mean and standard deviation over seeds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Distances {
    /// Mean W1, Euclidean cost.
    pub w1: f64,
    /// Mean W2: square root of the optimal transport with squared Euclidean cost.
    pub w2: f64,
    /// Standard deviation of W1; 0 for a single value.
    pub w1_sd: f64,
    /// Standard deviation of W2; 0 for a single value.
    pub w2_sd: f64,
    /// Values behind the means.
    pub values: u32,
}

/// A model that predicts held-out cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Predictor {
    /// scIMF with interaction.
    #[default]
    ScImf,
    /// scIMF without interaction.
    IntraOnly,
    /// Cell-MNN.
    CellMnn,
}

/// Predicted cells of the first seed at a held-out time point.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Predictions {
    /// The held-out time point.
    pub time: usize,
    /// Who predicts.
    pub by: Predictor,
    /// x, y of each cell in the plane asked for.
    pub positions: Array<f32>,
    /// Whether the plane shows them exactly.
    pub exact: bool,
}

impl Distances {
    /// W1 and W2 of one comparison.
    pub fn one([w1, w2]: [f64; 2]) -> Self {
        Self { w1, w2, w1_sd: 0.0, w2_sd: 0.0, values: 1 }
    }

    /// Mean and standard deviation (divided by n - 1) over single values; none without values.
    pub fn over(values: &[Self]) -> Option<Self> {
        let count = values.len() as f64;
        let of = |pick: fn(&Self) -> f64| {
            let mean = values.iter().map(pick).sum::<f64>() / count;
            let square = values.iter().map(|value| (pick(value) - mean).powi(2)).sum::<f64>();
            (mean, if values.len() > 1 { (square / (count - 1.0)).sqrt() } else { 0.0 })
        };
        let ((w1, w1_sd), (w2, w2_sd)) = (of(|it| it.w1), of(|it| it.w2));
        (!values.is_empty()).then_some(Self { w1, w2, w1_sd, w2_sd, values: values.len() as u32 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_value_has_no_deviation() {
        assert_eq!(Distances::over(&[]), None);
        assert_eq!(Distances::over(&[Distances::one([3.0, 4.0])]), Some(Distances::one([3.0, 4.0])));
        let three = Distances::over(&[[1.0, 2.0], [2.0, 2.0], [3.0, 2.0]].map(Distances::one)).unwrap();
        assert_eq!((three.w1, three.w1_sd, three.w2_sd, three.values), (2.0, 1.0, 0.0, 3));
    }
}

//! How well a model predicts time points that it was not trained on.

mod debiased;
mod lineage;
mod unit;

pub use debiased::Debiased;
pub use lineage::{LineageAgreement, LineageControl, LineageScore};
pub use unit::{Basis, Finding, Measured, Unit, UnitKey};

use super::{Array, ModelKind, Recipe, SpaceId};
use serde::{Deserialize, Serialize};

/// What to evaluate (paper, Methods, "Evaluation").
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EvaluationSettings {
    /// Time points to compare at.
    pub held_out: Vec<usize>,
    /// Samples to compare at, at all their time points after the first, of which alone a prediction knows.
    pub held_out_samples: Vec<usize>,
    /// Simulated cells.
    pub cells: usize,
    /// Repetitions, each with a seed of its own: `first_seed`, the next number, and so on.
    pub seeds: u32,
    /// Seed of the first repetition.
    pub first_seed: u32,
    /// Models to train on the other time points, afresh for each seed (the recipes' own seeds and held-out points do not count); one that
    /// interacts is trained without interaction, too. Of every other model the weights in use are evaluated, if there are any.
    pub train: Vec<Recipe>,
    /// Measure in the first so many components, each divided by its standard deviation over all cells (one common scale above five), as
    /// some published tables do. None measures in the model space as it is.
    pub components: Option<usize>,
    /// Measure in the measured genes, with the Sinkhorn divergence for each gene beside the other numbers, as the benchmark scTimeBench does.
    pub genes: bool,
    /// A known lineage that predicted steps between types are compared with: pairs of a type and one that it becomes. None if it is empty.
    pub lineage: Vec<[u32; 2]>,
    /// The plane of the predictions to draw.
    pub space: SpaceId,
    /// What was found before. A unit among them is not computed again, also if it failed: whoever wants it tried again leaves it out. What belongs
    /// to another dataset, split, measure or training does not count.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub known: Vec<Finding>,
    /// Compute these units alone; none for all that are not known. The table rests on all that are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only: Option<Vec<UnitKey>>,
}

impl Default for EvaluationSettings {
    fn default() -> Self {
        Self {
            held_out: Vec::new(),
            held_out_samples: Vec::new(),
            cells: 2000,
            seeds: 5,
            first_seed: 0,
            train: Vec::new(),
            components: None,
            genes: false,
            lineage: Vec::new(),
            space: SpaceId::default(),
            known: Vec::new(),
            only: None,
        }
    }
}

/// The table of an evaluation.
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
    /// Agreement with a known lineage that needs no model; none where no lineage was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lineage: Option<LineageControl>,
}

/// Distances to the observed cells of one held-out time point, or of one time point of a held-out sample.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Written")]
pub struct HeldOut {
    /// The time point.
    pub time: usize,
    /// The held-out sample; none where the time point is held out.
    pub sample: Option<usize>,
    /// Its label, with the sample's name.
    pub label: String,
    /// Observed cells there.
    pub observed: usize,
    /// What is compared with them, in the order in which it is shown: baselines, then models. The same rows at all time points.
    pub rows: Vec<Row>,
    /// Share of each cell type among the observed cells; empty where there is only one type, and in tables of older versions.
    pub types: Vec<f32>,
}

/// What is compared with the observed cells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Its key: [`FLOOR`], [`STAY_PUT`], [`INTERPOLATION`], [`ONE_POINT`], the key of a model's card, or that of a model's twin.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// What it is.
    pub about: String,
    /// The model that predicts; none for what needs no model.
    #[serde(default)]
    pub model: Option<ModelKind>,
    /// Its distances; none while they are not there yet, or where they cannot be had.
    pub distances: Option<Distances>,
    /// Variance of the predicted cells over that of the observed ones in each component; empty in tables of older versions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spread: Vec<f32>,
    /// Share of each cell type among the predicted cells, by their observed neighbours; empty where there is only one type.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<f32>,
    /// What its trainings took; none if none was trained here.
    #[serde(default)]
    pub training: Option<Effort>,
    /// Agreement of its predictions with a known lineage, over all time points; none where no lineage was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lineage: Option<LineageAgreement>,
    /// Why one of its units failed, the first of them; none where none did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}

/// What the trainings of a model took, in the mean over seeds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Effort {
    /// Trained parameters.
    pub parameters: usize,
    /// Seconds of an update or epoch on the machine that computed.
    pub seconds: f64,
    /// Trainings behind the mean.
    pub trainings: u32,
}

impl Effort {
    /// With one more training of so many seconds a step.
    #[must_use]
    pub fn and(self, seconds: f64) -> Self {
        let trainings = self.trainings + 1;
        let seconds = self.seconds + (seconds - self.seconds) / f64::from(trainings);
        Self { seconds, trainings, ..self }
    }
}

/// Key of the row of two random halves of the observed cells: what sampling alone makes.
pub const FLOOR: &str = "floor";
/// Key of the row of the cells of the time point before, as if nothing changed.
pub const STAY_PUT: &str = "stay-put";
/// Key of the row of the other samples' cells at the same time, beside a held-out sample.
pub const OTHER_SAMPLES: &str = "other-samples";
/// Key of the row of cells on straight lines between neighbouring training time points, paired by optimal transport; without distances at the
/// end of the series.
pub const INTERPOLATION: &str = "interpolation";
/// Key of the row of a single point, the mean of the neighbouring training time points' means: what a prediction without any spread has.
pub const ONE_POINT: &str = "one-point";

impl Row {
    /// The rows that need no model, without distances.
    pub fn baselines() -> Vec<Self> {
        [
            (FLOOR, "Floor (sampling alone)", "two halves of the observed cells"),
            (STAY_PUT, "Stay put", "the cells of the time before"),
            (INTERPOLATION, "Optimal-transport interpolation", "between the neighbouring time points"),
            (ONE_POINT, "One point", "all mass on the mean of the neighbouring time points"),
        ]
        .map(Self::baseline)
        .into()
    }

    /// The rows that need no model beside held-out samples, without distances.
    pub fn baselines_of_samples() -> Vec<Self> {
        [
            (FLOOR, "Floor (sampling alone)", "two halves of the observed cells"),
            (STAY_PUT, "Stay put", "the cells of the time before, or the first ones of a held-out sample"),
            (OTHER_SAMPLES, "Other samples", "their cells at the same time"),
            (INTERPOLATION, "Optimal-transport interpolation", "between the neighbouring time points"),
            (ONE_POINT, "One point", "all mass on the mean of the neighbouring time points, or of the other samples"),
        ]
        .map(Self::baseline)
        .into()
    }

    fn baseline((key, name, about): (&str, &str, &str)) -> Self {
        Self {
            key: key.into(),
            name: name.into(),
            about: about.into(),
            model: None,
            distances: None,
            spread: Vec::new(),
            types: Vec::new(),
            training: None,
            lineage: None,
            failure: None,
        }
    }

    /// The row of a model, without distances.
    pub fn of(model: ModelKind) -> Self {
        let card = model.card();
        let [key, name, about] = [card.key, card.name, card.about].map(str::to_owned);
        Self { key, name, about, model: Some(model), ..Self::baseline(("", "", "")) }
    }

    /// The row of a model without its interaction, without distances; none if the model has none.
    pub fn of_twin(model: ModelKind) -> Option<Self> {
        let twin = model.card().twin?;
        let [key, name, about] = [twin.key, twin.name, twin.about].map(str::to_owned);
        Some(Self { key, name, about, ..Self::of(model) })
    }

    /// It is a model as it is, not what needs no model nor a twin.
    pub fn is_whole_model(&self) -> bool {
        self.model.is_some_and(|model| self.key == model.card().key)
    }

    /// The same with distances.
    #[must_use]
    pub fn with(self, distances: Option<Distances>) -> Self {
        Self { distances, ..self }
    }
}

impl HeldOut {
    /// The row with this key.
    pub fn row(&self, key: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.key == key)
    }

    /// The distances of the row with this key, if they are there.
    pub fn distances(&self, key: &str) -> Option<Distances> {
        self.row(key)?.distances
    }
}

/// How a held-out time point is written: as it is, or, up to version 5 of the protocol, with a field for each of six rows.
#[derive(Deserialize)]
#[serde(untagged)]
#[allow(clippy::large_enum_variant, reason = "it lives for one conversion; only some targets find it large")]
enum Written {
    Now {
        time: usize,
        label: String,
        observed: usize,
        rows: Vec<Row>,
        #[serde(default)]
        types: Vec<f32>,
        #[serde(default)]
        sample: Option<usize>,
    },
    Before(Box<Before>),
}

/// A held-out time point with a field for each of six rows.
#[derive(Deserialize)]
struct Before {
    time: usize,
    label: String,
    observed: usize,
    scimf: Option<Distances>,
    intra_only: Option<Distances>,
    cell_mnn: Option<Distances>,
    floor: Option<Distances>,
    stay_put: Option<Distances>,
    ot_interpolation: Option<Distances>,
}

impl From<Written> for HeldOut {
    fn from(written: Written) -> Self {
        match written {
            Written::Now { time, label, observed, rows, types, sample } => {
                Self { time, sample, label, observed, rows, types }
            }
            Written::Before(it) => {
                let baselines = Row::baselines().into_iter().zip([it.floor, it.stay_put, it.ot_interpolation]);
                let mut rows: Vec<Row> = baselines.map(|(row, distances)| row.with(distances)).collect();
                let [interacting, linear] = ModelKind::BEFORE_CARDS;
                rows.extend(Row::of_twin(interacting).map(|row| row.with(it.intra_only)));
                rows.push(Row::of(interacting).with(it.scimf));
                rows.push(Row::of(linear).with(it.cell_mnn));
                Self { time: it.time, label: it.label, observed: it.observed, rows, ..Self::default() }
            }
        }
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
    /// What a prediction that is too narrow cannot win; none in tables of older versions.
    #[serde(default)]
    pub debiased: Option<Debiased>,
    /// Mean and standard deviation of scTimeBench's divergence, for each gene; none where it was not asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_gene: Option<[f64; 2]>,
}

/// Predicted cells of the first seed at a held-out time point.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Predictions {
    /// The held-out time point.
    pub time: usize,
    /// Key of the [`Row`] that predicts.
    pub row: String,
    /// x, y of each cell in the plane asked for.
    pub positions: Array<f32>,
    /// Whether the plane shows them exactly.
    pub exact: bool,
}

impl Distances {
    /// W1 and W2 of one comparison.
    pub fn one([w1, w2]: [f64; 2]) -> Self {
        Self { w1, w2, values: 1, ..Self::default() }
    }

    /// Mean and standard deviation (divided by n - 1) over single values; none without values.
    pub fn over(values: &[Self]) -> Option<Self> {
        let of = |pick: fn(&Self) -> f64| mean_and_deviation(values.iter().map(pick));
        let ((w1, w1_sd), (w2, w2_sd)) = (of(|it| it.w1), of(|it| it.w2));
        let debiased: Option<Vec<Debiased>> = values.iter().map(|it| it.debiased).collect();
        let debiased = debiased.and_then(|values| Debiased::over(&values));
        let per_gene: Option<Vec<f64>> = values.iter().map(|it| it.per_gene.map(|[mean, _]| mean)).collect();
        let per_gene = per_gene.map(|values| <[f64; 2]>::from(mean_and_deviation(values.into_iter())));
        (!values.is_empty()).then_some(Self { w1, w2, w1_sd, w2_sd, values: values.len() as u32, debiased, per_gene })
    }
}

/// Mean and standard deviation, divided by n - 1; 0 of a single value.
fn mean_and_deviation(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let count = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / count;
    let square = values.map(|value| (value - mean).powi(2)).sum::<f64>();
    (mean, if count > 1.0 { (square / (count - 1.0)).sqrt() } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "data")]
    #[test]
    fn tables_of_older_versions_are_read() {
        let one = r#"{"w1":1.0,"w2":2.0,"w1_sd":0.0,"w2_sd":0.0,"values":1}"#;
        let old = format!(
            r#"{{"time":1,"label":"a","observed":9,"scimf":{one},"intra_only":null,"cell_mnn":null,"floor":{one},
            "stay_put":null,"ot_interpolation":null}}"#
        );
        let held_out: HeldOut = serde_json::from_str(&old).unwrap();
        assert_eq!(held_out.rows.len(), 6);
        assert_eq!(held_out.distances(FLOOR), Some(Distances::one([1.0, 2.0])));
        assert_eq!(held_out.distances(ModelKind::default().card().key), Some(Distances::one([1.0, 2.0])));
        let again: HeldOut = serde_json::from_str(&serde_json::to_string(&held_out).unwrap()).unwrap();
        assert_eq!(again, held_out);

        // Version 6 without debiased distances.
        let old = format!(
            r#"{{"time":1,"label":"a","observed":9,"rows":[{{"key":"floor","name":"","about":"","distances":{one}}}]}}"#
        );
        let held_out: HeldOut = serde_json::from_str(&old).unwrap();
        assert_eq!(held_out.distances(FLOOR).map(|it| it.debiased), Some(None));
    }

    #[test]
    fn debiased_distances_are_summarised_where_all_have_them() {
        let one = |energy: f64| Distances {
            debiased: Some(Debiased { energy, spread: 0.5, types: Some(0.25), ..Debiased::default() }),
            ..Distances::one([1.0, 2.0])
        };
        let both = Distances::over(&[one(1.0), one(3.0)]).unwrap().debiased.unwrap();
        assert_eq!((both.energy, both.energy_sd, both.spread, both.types), (2.0, 2f64.sqrt(), 0.5, Some(0.25)));
        assert_eq!(Distances::over(&[one(1.0), Distances::one([1.0, 2.0])]).unwrap().debiased, None);
    }

    #[test]
    fn trainings_add_up_to_a_mean() {
        let effort = Effort { parameters: 7, ..Effort::default() };
        let both = effort.and(2.0).and(4.0);
        assert_eq!((both.parameters, both.seconds, both.trainings), (7, 3.0, 2));
    }

    #[test]
    fn a_single_value_has_no_deviation() {
        assert_eq!(Distances::over(&[]), None);
        assert_eq!(Distances::over(&[Distances::one([3.0, 4.0])]), Some(Distances::one([3.0, 4.0])));
        let three = Distances::over(&[[1.0, 2.0], [2.0, 2.0], [3.0, 2.0]].map(Distances::one)).unwrap();
        assert_eq!((three.w1, three.w1_sd, three.w2_sd, three.values), (2.0, 1.0, 0.0, 3));
    }
}

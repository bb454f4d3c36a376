//! What an evaluation is made of: units that do not depend on each other, and what each of them found.

use super::{Distances, Effort, EvaluationSettings, INTERPOLATION, LineageScore, Row};
use crate::protocol::Recipe;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// What a unit is a unit of: findings of another basis are never put beside it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Basis {
    /// Fingerprint of the dataset.
    pub dataset: String,
    /// Held-out time points, in order.
    pub held_out: Vec<usize>,
    /// Held-out samples, in order.
    pub held_out_samples: Vec<usize>,
    /// Simulated cells.
    pub cells: usize,
    /// Components to measure in; none for the model space.
    pub components: Option<usize>,
    /// Distances are measured in genes.
    pub genes: bool,
    /// The known lineage that steps between types are compared with; empty without one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lineage: Vec<[u32; 2]>,
}

/// One row of the table under one seed: a model that is trained with it, with or without its interaction, or what needs no training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unit {
    /// Which row and seed.
    #[serde(flatten)]
    pub key: UnitKey,
    /// The training, with its seed and what it does not see; none for what needs no model, and for weights in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipe: Option<Recipe>,
    /// What it belongs to.
    pub basis: Basis,
}

/// The name of a unit within an evaluation.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct UnitKey {
    /// Key of the [`Row`].
    pub row: String,
    /// The seed.
    pub seed: u32,
}

/// What a unit found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Which unit.
    pub unit: Unit,
    /// At each held-out time point, in the order of the table; none where the row cannot be had there.
    pub points: Vec<Option<Measured>>,
    /// What its training took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub training: Option<Effort>,
    /// How well its steps between types agree with the known lineage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lineage: Option<LineageScore>,
    /// Why it failed, in a sentence; then nothing was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}

/// A prediction beside the observed cells of one held-out time point, under one seed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Its distances.
    pub distances: Distances,
    /// Variance of the predicted cells over that of the observed ones in each component.
    pub spread: Vec<f32>,
    /// Share of each cell type among the predicted cells; empty where there is only one type.
    pub types: Vec<f32>,
}

impl EvaluationSettings {
    /// Seeds of all repetitions.
    pub fn all_seeds(&self) -> Range<u32> {
        self.first_seed..self.first_seed.saturating_add(self.seeds)
    }

    /// What the units of an evaluation of the dataset with this fingerprint belong to.
    pub fn basis(&self, dataset: &str) -> Basis {
        let sorted = |of: &[usize]| {
            let mut of = of.to_vec();
            of.sort_unstable();
            of.dedup();
            of
        };
        Basis {
            dataset: dataset.into(),
            held_out: sorted(&self.held_out),
            held_out_samples: sorted(&self.held_out_samples),
            cells: self.cells,
            components: self.components,
            genes: self.genes,
            lineage: self.lineage.clone(),
        }
    }

    /// The rows that need no model.
    pub fn baselines(&self) -> Vec<Row> {
        let mut rows = if self.held_out_samples.is_empty() { Row::baselines() } else { Row::baselines_of_samples() };
        rows.retain(|row| row.key != INTERPOLATION || !self.held_out.is_empty());
        rows
    }

    /// The units on a dataset in the order in which they are computed, in parts that are best computed at one place: first what needs no model,
    /// then one training after the other, all models under the first seed before any under the next. Weights in use are not among them.
    pub fn parts(&self, dataset: &str) -> Vec<Vec<Unit>> {
        let basis = self.basis(dataset);
        let unit = |row: String, seed: u32, recipe| Unit { key: UnitKey { row, seed }, recipe, basis: basis.clone() };
        let baselines =
            self.baselines().into_iter().flat_map(|row| self.all_seeds().map(move |seed| (row.key.clone(), seed)));
        let mut parts = vec![baselines.map(|(row, seed)| unit(row, seed, None)).collect()];
        for seed in self.all_seeds() {
            let trained = self.train.iter().flat_map(|recipe| self.trainings(recipe, &basis));
            parts.extend(trained.map(|(row, recipe)| vec![unit(row, seed, Some(Recipe { seed, ..recipe }))]));
        }
        parts
    }

    /// The rows that a recipe is trained for: as it is, and without its interaction if that is another model.
    fn trainings(&self, recipe: &Recipe, basis: &Basis) -> Vec<(String, Recipe)> {
        let recipe = Recipe {
            held_out: basis.held_out.clone(),
            held_out_samples: basis.held_out_samples.clone(),
            from_current: false,
            ..recipe.clone()
        };
        let card = recipe.model.card();
        match card.twin.filter(|_| card.can.interaction) {
            Some(twin) => vec![
                (card.key.into(), recipe.clone().with("interaction", true)),
                (twin.key.into(), recipe.with("interaction", false)),
            ],
            None => vec![(card.key.into(), recipe)],
        }
    }

    /// The units on a dataset that are not known.
    pub fn missing(&self, dataset: &str) -> Vec<Unit> {
        self.parts(dataset).into_iter().flatten().filter(|unit| unit.found(&self.known).is_none()).collect()
    }
}

impl Unit {
    /// It is of a model.
    pub fn is_of_a_model(&self) -> bool {
        Row::baselines_of_samples().iter().all(|row| row.key != self.key.row)
    }

    /// It is of weights in use, which nothing in it names: what it found counts only as long as they stay.
    pub fn is_of_weights_in_use(&self) -> bool {
        self.recipe.is_none() && self.is_of_a_model()
    }

    /// What it found, or why it failed, if that is among these findings.
    pub fn found<'a>(&self, known: &'a [Finding]) -> Option<&'a Finding> {
        known.iter().find(|finding| finding.unit == *self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::ModelKind;

    fn settings() -> EvaluationSettings {
        let train = [ModelKind::ScImf, ModelKind::OtCfm].map(Recipe::new).into();
        EvaluationSettings { held_out: vec![2, 1, 2], seeds: 2, first_seed: 3, train, ..EvaluationSettings::default() }
    }

    #[test]
    fn units_are_rows_times_seeds_and_seeds_go_together() {
        let parts = settings().parts("abc");
        assert_eq!(parts[0].len(), 8, "four rows need no model");
        let trained = parts[1..].iter().map(|part| {
            let [unit] = &part[..] else { panic!("{part:?}") };
            let recipe = unit.recipe.as_ref().unwrap();
            assert_eq!((recipe.seed, &recipe.held_out[..]), (unit.key.seed, &[1, 2][..]));
            assert_eq!(recipe.switch("interaction"), unit.key.row == "scimf");
            (unit.key.row.as_str(), unit.key.seed)
        });
        let expected = [3, 4].map(|seed| [("scimf", seed), ("scimf-alone", seed), ("ot-cfm", seed)]).concat();
        assert_eq!(trained.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn findings_of_another_basis_or_training_do_not_count() {
        let asked = settings();
        let all = asked.missing("abc");
        let known = all.iter().map(|unit| Finding {
            unit: unit.clone(),
            points: vec![None; 2],
            training: None,
            lineage: None,
            failure: None,
        });
        let known: Vec<Finding> = known.collect();
        let missing = |settings: &EvaluationSettings, dataset: &str| {
            EvaluationSettings { known: known.clone(), ..settings.clone() }.missing(dataset).len()
        };
        assert_eq!(missing(&asked, "abc"), 0);
        assert_eq!(missing(&EvaluationSettings { seeds: 3, ..asked.clone() }, "abc"), 4 + 3, "the new seed's");
        for other in [
            EvaluationSettings { held_out: vec![1], ..asked.clone() },
            EvaluationSettings { cells: 7, ..asked.clone() },
            EvaluationSettings { components: Some(2), ..asked.clone() },
        ] {
            assert_eq!(missing(&other, "abc"), all.len());
        }
        assert_eq!(missing(&asked, "abd"), all.len());
        let mut longer = asked.clone();
        longer.train[0] = longer.train[0].clone().with_steps(7);
        assert_eq!(missing(&longer, "abc"), 4, "the longer trainings, and no others");
        longer.train.truncate(1);
        longer.train[0] = asked.train[0].clone();
        longer.train.push(Recipe::new(ModelKind::PiSde));
        assert_eq!(missing(&longer, "abc"), 2, "the added model");
    }
}

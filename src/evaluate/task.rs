//! The parts of an evaluation.

use super::baseline::Pairing;
use super::comparison::Comparison;
use super::lineage::Following;
use super::point::Points;
use crate::models::{AnyModel, AnyPrediction, AnyTraining};
use crate::protocol::{Recipe, UnitKey};
use crate::transport::exact::Weighted;

/// Units that are computed together: a row under some seeds, more than one where what is compared is the same for all of them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Whose {
    /// Key of the row.
    pub(super) row: String,
    /// The seeds, at least one.
    pub(super) seeds: Vec<u32>,
}

/// A part of the evaluation that has not begun.
pub(super) struct Task {
    pub(super) of: Whose,
    pub(super) part: Part,
}

/// What is to be done.
pub(super) enum Part {
    /// Pair the cells around the held-out time point of this position, and compare what lies between.
    Interpolate(usize),
    /// Compare a cloud with the observed one at the held-out time point of this position.
    Compare(usize, [Weighted; 2]),
    /// Train a model, then let it predict.
    Train(Recipe),
    /// Let a model predict, from the first time point on or a held-out sample from its own.
    Predict { model: AnyModel, sample: Option<usize> },
    /// Follow the cells of each time point to the next.
    Follow(AnyModel),
}

/// The part that is being worked on.
pub(super) struct Running {
    pub(super) of: Whose,
    pub(super) stage: Stage,
}

/// How far it is.
pub(super) enum Stage {
    Pairing(usize, Box<Pairing>),
    Comparison(usize, Box<Comparison>),
    /// A training, with the seconds that its steps took so far.
    Training(Box<AnyTraining>, f64),
    Prediction {
        model: AnyModel,
        sample: Option<usize>,
        prediction: AnyPrediction,
    },
    /// Cells on their way to the next time point.
    Following(Box<Following>),
}

/// How long things take, in comparisons.
const TRAINING_WORK: f32 = 20.0;
const PREDICTION_WORK: f32 = 2.0;

impl Whose {
    /// Of a row under one seed.
    pub(super) fn one(row: &str, seed: u32) -> Self {
        Self { row: row.into(), seeds: vec![seed] }
    }

    /// The units.
    pub(super) fn keys(&self) -> impl Iterator<Item = UnitKey> + '_ {
        self.seeds.iter().map(|seed| UnitKey { row: self.row.clone(), seed: *seed })
    }

    /// The seed under which anything is drawn that is drawn once.
    pub(super) fn seed(&self) -> u32 {
        self.seeds.first().copied().unwrap_or(0)
    }
}

impl Task {
    /// How long it takes, in comparisons.
    pub(super) fn work(&self, points: &Points) -> f32 {
        match &self.part {
            Part::Interpolate(_) | Part::Compare(..) | Part::Follow(_) => 1.0,
            Part::Predict { sample, .. } => predicting(points, *sample),
            Part::Train(_) => TRAINING_WORK + predicting_all(points),
        }
    }
}

impl Running {
    /// How long what is left of it takes, in comparisons.
    pub(super) fn work(&self, points: &Points) -> f32 {
        match &self.stage {
            Stage::Pairing(..) | Stage::Comparison(..) | Stage::Following(_) => 1.0,
            Stage::Training(training, _) => {
                let done = training.steps() as f32 / training.recipe().steps().max(1) as f32;
                TRAINING_WORK * (1.0 - done).max(0.0) + predicting_all(points)
            }
            Stage::Prediction { sample, .. } => predicting(points, *sample),
        }
    }
}

/// How long all units take that are one training or, for weights in use, its predictions.
pub(super) fn whole(points: &Points, trained: bool) -> f32 {
    predicting_all(points) + if trained { TRAINING_WORK } else { 0.0 }
}

fn predicting(points: &Points, group: Option<usize>) -> f32 {
    PREDICTION_WORK + points.of(group).len() as f32
}

fn predicting_all(points: &Points) -> f32 {
    points.groups().into_iter().map(|group| predicting(points, group)).sum()
}

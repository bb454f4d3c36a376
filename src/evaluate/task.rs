//! The parts of an evaluation.

use super::baseline::Pairing;
use super::comparison::Comparison;
use super::lineage::Following;
use super::point::Points;
use crate::models::{AnyModel, AnyPrediction, AnyTraining};
use crate::protocol::{FLOOR, INTERPOLATION, ModelKind, ONE_POINT, OTHER_SAMPLES, Recipe, Row as Shown, STAY_PUT};
use crate::transport::exact::Weighted;
use std::ops::Range;

/// A row of the table, in the order in which they are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Row {
    Floor,
    StayPut,
    OtherSamples,
    Interpolation,
    OnePoint,
    /// A model.
    Of(ModelKind),
    /// A model without its interaction.
    Twin(ModelKind),
}

impl Row {
    /// The row of a model, or of its twin if it could interact and does not.
    pub(super) fn of(model: ModelKind, interacts: bool) -> Self {
        if model.card().can.interaction && !interacts { Self::Twin(model) } else { Self::Of(model) }
    }

    /// As it is shown; none for baselines, which are always shown.
    pub(super) fn shown(self) -> Option<Shown> {
        match self {
            Self::Floor | Self::StayPut | Self::OtherSamples | Self::Interpolation | Self::OnePoint => None,
            Self::Of(model) => Some(Shown::of(model)),
            Self::Twin(model) => Shown::of_twin(model),
        }
    }

    /// Its key in the table.
    pub(super) fn key(self) -> String {
        match self {
            Self::Floor => FLOOR.into(),
            Self::StayPut => STAY_PUT.into(),
            Self::OtherSamples => OTHER_SAMPLES.into(),
            Self::Interpolation => INTERPOLATION.into(),
            Self::OnePoint => ONE_POINT.into(),
            Self::Of(_) | Self::Twin(_) => self.shown().map_or_else(String::new, |row| row.key),
        }
    }

    /// Its name, for a sentence.
    pub(super) fn name(self) -> String {
        self.shown().map_or_else(|| self.key(), |row| row.name)
    }
}

/// A part of the evaluation that has not begun.
pub(super) enum Task {
    /// Pair the cells around the held-out time point of this position, and compare what lies between.
    Interpolate(usize),
    /// Compare a cloud with the observed one, for a row at the held-out time point of this position, under draws with these seeds.
    Compare(Row, usize, [Weighted; 2], Range<u32>),
    /// Train a model, then let it predict.
    Train { row: Row, recipe: Recipe },
    /// Let a model predict, from the first time point on or a held-out sample from its own.
    Predict { row: Row, model: AnyModel, seed: u32, sample: Option<usize> },
    /// Follow the cells of each time point to the next.
    Follow { row: Row, model: AnyModel, seed: u32 },
}

/// The part that is being worked on.
pub(super) enum Running {
    Pairing(usize, Box<Pairing>),
    Comparison(Row, usize, Box<Comparison>),
    /// A training, with the seconds that its steps took so far.
    Training {
        row: Row,
        seed: u32,
        training: Box<AnyTraining>,
        seconds: f64,
    },
    Prediction {
        row: Row,
        seed: u32,
        model: AnyModel,
        sample: Option<usize>,
        prediction: AnyPrediction,
    },
    /// Cells on their way to the next time point.
    Following(Row, Box<Following>),
}

/// How long things take, in comparisons.
pub(super) const TRAINING_WORK: f32 = 20.0;
pub(super) const PREDICTION_WORK: f32 = 2.0;

impl Task {
    /// How long it takes, in comparisons.
    pub(super) fn work(&self, points: &Points) -> f32 {
        let predicting = |group| PREDICTION_WORK + points.of(group).len() as f32;
        match self {
            Self::Interpolate(_) | Self::Compare(..) | Self::Follow { .. } => 1.0,
            Self::Predict { sample, .. } => predicting(*sample),
            Self::Train { .. } => TRAINING_WORK + points.groups().into_iter().map(predicting).sum::<f32>(),
        }
    }
}

/// A recipe as an evaluation follows it: as it is, or without interaction if that is another model.
pub(super) fn trained(recipe: &Recipe, whole: bool, points: &Points) -> Option<(Row, Recipe)> {
    let recipe = Recipe {
        held_out: points.times.clone(),
        held_out_samples: points.samples.clone(),
        from_current: false,
        ..recipe.clone()
    };
    let kind = recipe.model;
    match (kind.card().can.interaction, whole) {
        (true, whole) => Some((Row::of(kind, whole), recipe.with("interaction", whole))),
        (false, true) => Some((Row::Of(kind), recipe)),
        (false, false) => None,
    }
}

//! The parts of an evaluation.

use super::baseline::Pairing;
use super::comparison::Comparison;
use crate::model::ScImf;
use crate::operators::OperatorField;
use crate::protocol::{CellMnnSettings, FLOOR, INTERPOLATION, ModelKind, Row as Shown, STAY_PUT, TrainSettings};
use crate::simulate::Rollout;
use crate::train::{OperatorTrainer, Trainer};
use crate::transport::exact::Weighted;
use burn::tensor::Tensor;

/// A row of the table, in the order in which they are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Row {
    Floor,
    StayPut,
    Interpolation,
    /// A model.
    Of(ModelKind),
    /// A model without its interaction.
    Twin(ModelKind),
}

impl Row {
    /// The row of scIMF or of its twin.
    pub(super) fn scimf(interaction: bool) -> Self {
        if interaction { Self::Of(ModelKind::ScImf) } else { Self::Twin(ModelKind::ScImf) }
    }

    /// Its key in the table.
    pub(super) fn key(self) -> String {
        match self {
            Self::Floor => FLOOR.into(),
            Self::StayPut => STAY_PUT.into(),
            Self::Interpolation => INTERPOLATION.into(),
            Self::Of(model) => Shown::of(model).key,
            Self::Twin(model) => Shown::of_twin(model).map_or_else(String::new, |row| row.key),
        }
    }
}

/// A part of the evaluation that has not begun.
pub(super) enum Task {
    /// Pair the cells around the held-out time point of this position, and compare what lies between.
    Interpolate(usize),
    /// Compare two clouds, for a row at the held-out time point of this position.
    Compare(Row, usize, Weighted, Weighted),
    /// Train a model for a seed, then simulate it.
    Train { settings: TrainSettings },
    /// Simulate a model for a seed, then compare.
    Simulate { model: Box<ScImf>, seed: u32 },
    /// Train Cell-MNN for a seed, then let it predict.
    TrainOperators { settings: CellMnnSettings },
    /// Let Cell-MNN predict the held-out time point of this position.
    Predict { field: Box<OperatorField>, at: usize, seed: u32 },
}

/// The part that is being worked on.
pub(super) enum Running {
    Pairing(usize, Pairing),
    Comparison(Row, usize, Comparison),
    Training { trainer: Box<Trainer>, interaction: bool, seed: u32 },
    Simulation { rollout: Box<Rollout>, interaction: bool, seed: u32, frames: Vec<Tensor<2>> },
    OperatorTraining { trainer: Box<OperatorTrainer>, seed: u32 },
    Prediction { field: Box<OperatorField>, at: usize, seed: u32 },
}

/// How long things take, in comparisons.
pub(super) const TRAINING_WORK: f32 = 20.0;
pub(super) const SIMULATION_WORK: f32 = 2.0;

impl Task {
    /// How long it takes, in comparisons, with so many held-out time points.
    pub(super) fn work(&self, times: usize) -> f32 {
        match self {
            Self::Interpolate(_) | Self::Compare(..) | Self::Predict { .. } => 1.0,
            Self::TrainOperators { .. } => TRAINING_WORK + times as f32,
            Self::Simulate { .. } => SIMULATION_WORK + times as f32,
            Self::Train { .. } => TRAINING_WORK + SIMULATION_WORK + times as f32,
        }
    }
}

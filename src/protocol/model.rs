//! Models and their training.

use super::{CellMnnConfig, CellMnnSettings};
use serde::{Deserialize, Serialize};

/// Which model is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ModelKind {
    /// scIMF: a stochastic equation whose drift is an intrinsic network plus attention between cells.
    #[default]
    ScImf,
    /// Cell-MNN: a locally linear equation with an operator for each cell.
    CellMnn,
}

impl ModelKind {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ScImf => "scIMF",
            Self::CellMnn => "Cell-MNN",
        }
    }
}

/// Shape of a model.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum ModelShape {
    /// A scIMF model.
    ScImf(ScImfConfig),
    /// A Cell-MNN model.
    CellMnn(CellMnnConfig),
}

impl ModelShape {
    /// Which model it is.
    pub fn kind(&self) -> ModelKind {
        match self {
            Self::ScImf(_) => ModelKind::ScImf,
            Self::CellMnn(_) => ModelKind::CellMnn,
        }
    }

    /// The model lets cells hear each other.
    pub fn interacts(&self) -> bool {
        matches!(self, Self::ScImf(config) if config.blocks > 0)
    }
}

/// Which model to train, and how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Recipe {
    /// scIMF.
    ScImf(TrainSettings),
    /// Cell-MNN.
    CellMnn(CellMnnSettings),
}

impl Recipe {
    /// Which model it trains.
    pub fn kind(&self) -> ModelKind {
        match self {
            Self::ScImf(_) => ModelKind::ScImf,
            Self::CellMnn(_) => ModelKind::CellMnn,
        }
    }

    /// Time points never seen in training.
    pub fn held_out(&self) -> &[usize] {
        match self {
            Self::ScImf(settings) => &settings.held_out,
            Self::CellMnn(settings) => &settings.held_out,
        }
    }
}

impl From<TrainSettings> for Recipe {
    fn from(settings: TrainSettings) -> Self {
        Self::ScImf(settings)
    }
}

impl From<CellMnnSettings> for Recipe {
    fn from(settings: CellMnnSettings) -> Self {
        Self::CellMnn(settings)
    }
}

/// Shape of a scIMF model (paper, Methods; sizes as in the authors' program).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ScImfConfig {
    /// Dimensions d of the model space.
    pub dimensions: usize,
    /// Width of the hidden layers of the intrinsic drift.
    pub hidden: usize,
    /// Attention heads H; must divide `dimensions`.
    pub heads: usize,
    /// Interaction blocks in sequence; 0 is the model without interaction.
    pub blocks: usize,
    /// Diffusion sigma, constant and diagonal.
    pub sigma: f32,
    /// Dropout on the attention weights, in training only.
    pub dropout: f32,
}

impl Default for ScImfConfig {
    fn default() -> Self {
        Self { dimensions: 50, hidden: 256, heads: 2, blocks: 1, sigma: 0.1, dropout: 0.1 }
    }
}

/// How to train (paper, Methods, "Training"; defaults are the authors').
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TrainSettings {
    /// Time points never seen in training. The first time point cannot be held out.
    pub held_out: Vec<usize>,
    /// Number of updates.
    pub updates: u32,
    /// Seed of the initial weights, the drawn cells, the noise and the dropout.
    pub seed: u32,
    /// Simulated cells per update.
    pub cells: usize,
    /// Euler-Maruyama step in index units (one unit = one sampling interval).
    pub dt: f64,
    /// Adam's learning rate at the start; multiplied by 0.9 every 100 updates.
    pub learning_rate: f64,
    /// Global norm to which gradients are clipped.
    pub clip: f32,
    /// Weight of the action in the loss.
    pub action_weight: f32,
    /// Sinkhorn blur (square root of the last epsilon).
    pub blur: f64,
    /// Sinkhorn scaling: ratio of successive blurs.
    pub scaling: f64,
    /// Train with interaction between cells; false fits the model without `f_inter`.
    pub interaction: bool,
    /// Go on from the current weights instead of fresh ones.
    pub from_current: bool,
}

impl Default for TrainSettings {
    fn default() -> Self {
        Self {
            held_out: Vec::new(),
            updates: 3000,
            seed: 0,
            cells: 512,
            dt: 0.1,
            learning_rate: 1e-3,
            clip: 0.1,
            action_weight: 1.0,
            blur: 0.1,
            scaling: 0.7,
            interaction: true,
            from_current: false,
        }
    }
}

/// A model whose weights are in use: one of each kind at most.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelSummary {
    /// Its shape.
    pub shape: ModelShape,
    /// Updates behind the weights; 0 if unknown.
    pub updates: u32,
    /// Time points that were held out when the weights were trained, if known.
    pub held_out: Vec<usize>,
    /// Number of trained parameters.
    pub parameters: usize,
    /// Where the weights come from: a file name, `bundle` or `training`.
    pub source: String,
}

/// What a training is doing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TrainingState {
    /// Updates run.
    Running {
        /// The settings in use.
        recipe: Recipe,
        /// Time points that the loss compares with, in order: those after the first that are not held out.
        training_times: Vec<usize>,
    },
    /// Held by the user; no update runs.
    Paused,
    /// Over; the best weights are in use.
    Ended(TrainingEnd),
}

/// How a training ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainingEnd {
    /// Updates done.
    pub updates: u32,
    /// Update whose weights were kept, counted from 1: that of the lowest transport loss or, for Cell-MNN, the one that its stop rule chose.
    pub best_update: u32,
    /// The loss that chose it.
    pub best_transport: f32,
    /// The user stopped it before the last update.
    pub stopped: bool,
}

/// A training diverged, went back to the last good weights and goes on at half the learning rate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SetBack {
    /// The update or epoch in which the loss was not finite any more, counted from 1.
    pub update: u32,
    /// The update or epoch whose weights it goes on from; 0 for those that it started with.
    pub back_to: u32,
    /// The learning rate from here on, before what reduces it with time.
    pub learning_rate: f64,
}

impl SetBack {
    /// What happened, for the user.
    pub fn sentence(&self, model: ModelKind) -> String {
        let step = match model {
            ModelKind::ScImf => "update",
            ModelKind::CellMnn => "epoch",
        };
        let Self { update, back_to, learning_rate } = self;
        let whose = match back_to {
            0 => "those it started with".to_owned(),
            back_to => format!("those of {step} {back_to}"),
        };
        format!(
            "Training diverged in {step} {update}: its loss was not finite. It went back to the best weights, {whose}, and goes on at half the \
             learning rate, {learning_rate}."
        )
    }
}

/// One update of the weights, measured before the step was taken; for Cell-MNN an epoch, mean over its steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Update {
    /// Number of this update, counted from 1.
    pub update: u32,
    /// Number of updates asked for.
    pub of: u32,
    /// The loss.
    pub loss: Loss,
    /// Global gradient norm before clipping.
    pub gradient_norm: f32,
    /// Learning rate of this update.
    pub learning_rate: f64,
    /// These are the best weights so far.
    pub best: bool,
    /// Seconds that this update took.
    pub seconds: f64,
    /// Estimated seconds until the last update.
    pub seconds_left: f64,
}

/// The training loss and its parts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Loss {
    /// Distance to the observed cells at each training time, in the order of `training_times`: the Sinkhorn divergence or, for Cell-MNN,
    /// the squared maximum mean discrepancy of cells that come from the training time before.
    pub transport: Vec<f32>,
    /// Mean action per unit of time or, for Cell-MNN, the mean squared velocity.
    pub action: f32,
    /// What is minimised.
    pub total: f32,
    /// What the stop rule looks at, if it is not the loss itself.
    pub validation: Option<f32>,
}

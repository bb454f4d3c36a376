//! Cell-MNN: a locally linear equation with an operator for each cell.

use super::{Capabilities, Card, Field, Named, Paper};
use crate::protocol::limits::{LEARNING_RATES, MOST_CELLS, MOST_DIMENSIONS, MOST_HIDDEN};
use crate::protocol::{ModelKind, Recipe};
use serde::{Deserialize, Serialize};

/// What a front end knows about Cell-MNN.
pub const CARD: Card = Card {
    key: "cell-mnn",
    name: "Cell-MNN",
    about: "a linear equation for each cell",
    paper: Paper {
        citation: "von Bassewitz, Theis, Pipitsetos, Locatello. Learning Explicit Single-Cell Dynamics Using ODE Representations. ICLR 2026",
        link: "https://arxiv.org/abs/2510.02903",
    },
    step: "epoch",
    steps: "epochs",
    can: Capabilities { operators: true, ..Capabilities::NONE },
    terms: &[
        Named { key: "mmd", name: "MMD²", about: "Squared maximum mean discrepancy of carried and observed cells." },
        Named { key: "speed", name: "speed²", about: "Mean squared velocity along the way." },
    ],
    loss: "Squared maximum mean discrepancy between carried and observed cells at each training time point; total: their discounted sum plus the \
           weighted squared speed; validation: the same on cells that the training does not see.",
    twin: None,
    fields: &[
        Field::whole("components", "Components", 5, [2, MOST_DIMENSIONS as u64]).hint(
            "Dimensions d of the operators: the first components of the model space. The published table uses 5; above 5 all are divided by one \
             common scale.",
        ),
        Field::whole("epochs", "Epochs", 1000, [1, 1_000_000]).hint(
            "Most passes over the training cells. The authors' number is 1,000; the stop rule usually ends earlier.",
        ),
        Field::choice("form", "Operator form", "direct", FORMS).hint(
            "How the network's answer becomes an operator: D is the operator itself, E its eigenvalues and vectors, which are then real.",
        ),
        Field::choice("stop", "Stop at", "validation", STOPS).hint(
            "Which weights are kept: lowest loss on validation cells of the training time points, lowest W1 at the held-out ones (as published; \
             this leaks the test set), or the last.",
        ),
        Field::whole("hidden", "Hidden units", 96, [1, MOST_HIDDEN as u64])
            .hint("Width of the four hidden layers.")
            .advanced(),
        Field::number("bound", "Bound", 3.0, [1e-6, 1e3])
            .hint(
                "Soft bound on the entries of an operator, a tanh(answer / a); divided by the root of d / 5 above five components.",
            )
            .advanced(),
        Field::number("gamma", "Gamma", 0.1, [0.0, 1.0])
            .hint("Weight of each further training time point after the start, relative to the one before it.")
            .advanced(),
        Field::number("speed-weight", "Speed weight", 0.1, [0.0, 1e6])
            .hint("Weight of the mean squared velocity in the loss: larger prefers slow, short paths.")
            .advanced(),
        Field::number("learning-rate", "Learning rate", 2e-4, LEARNING_RATES).hint("Step size of AdamW.").advanced(),
        Field::number("weight-decay", "Weight decay", 1e-5, [0.0, 1e6]).hint("Weight decay of AdamW.").advanced(),
        Field::whole("batch", "Cells in a step", 200, [1, MOST_CELLS as u64])
            .hint("Start cells over all start times, and target cells of each time point, in a step.")
            .advanced(),
        Field::number("validation", "Validation cells", 0.1, [0.0, 1.0])
            .hint("Share of the training cells that are kept for validation.")
            .advanced(),
        Field::whole("patience", "Patience", 100, [1, 1_000_000])
            .unit("epochs")
            .hint("Epochs without a better value after which the training ends.")
            .advanced(),
    ],
};

const FORMS: &[Named] = &[
    Named {
        key: "direct",
        name: "D: direct, may turn",
        about: "The answer is the operator (the authors' later form).",
    },
    Named { key: "eigen", name: "E: published, no turns", about: "Real eigenvalues and eigenvectors (as published)." },
];

const STOPS: &[Named] = &[
    Named {
        key: "validation",
        name: "validation loss",
        about: "The lowest loss on validation cells of the training time points.",
    },
    Named {
        key: "held-out",
        name: "held-out W1 (published, leaky)",
        about: "The lowest W1 at the held-out time points, as the published table was made: this leaks the test set.",
    },
    Named { key: "never", name: "the last epoch", about: "After all epochs." },
];

/// How the network's answer becomes an operator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum OperatorForm {
    /// The answer is A itself, bounded; eigenvalues may be complex (the authors' later form).
    #[default]
    Direct,
    /// A = P diag(lambda) P^-1 with P = I + E: real eigenvalues only, no spirals (as published; for few dimensions).
    Eigen,
}

/// Shape of a Cell-MNN model.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CellMnnConfig {
    /// Dimensions d: the first d axes of the dataset's model space.
    pub dimensions: usize,
    /// Width of the four hidden layers.
    pub hidden: usize,
    /// How the answer becomes an operator.
    pub form: OperatorForm,
    /// Soft bound on the entries of A; divided by sqrt(d / 5) above five dimensions.
    pub bound: f32,
}

impl Default for CellMnnConfig {
    fn default() -> Self {
        Self { dimensions: 5, hidden: 96, form: OperatorForm::Direct, bound: 3.0 }
    }
}

/// When a training ends before its last epoch, and which weights are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum StopRule {
    /// The lowest loss on validation cells of the training time points; ends after `patience` epochs without a lower one.
    #[default]
    Validation,
    /// The lowest W1 at the held-out time points, as the published table was made. This leaks the test set into the choice.
    HeldOut,
    /// All epochs; the last weights.
    Never,
}

/// How to train Cell-MNN (defaults are the authors', but for the stop rule).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CellMnnSettings {
    /// Shape of the model; `dimensions` is lowered to the dataset's.
    pub config: CellMnnConfig,
    /// Time points never seen in training.
    pub held_out: Vec<usize>,
    /// Most epochs; an epoch is (training cells / batch) steps.
    pub epochs: u32,
    /// Seed of the initial weights, the validation split and the drawn cells.
    pub seed: u32,
    /// Start cells over all start times, and target cells of each time point, in a step.
    pub batch: usize,
    /// AdamW's learning rate.
    pub learning_rate: f64,
    /// AdamW's weight decay.
    pub weight_decay: f64,
    /// Discount of each further training time point after the start.
    pub gamma: f32,
    /// Weight of the mean squared velocity in the loss.
    pub speed_weight: f32,
    /// When to stop.
    pub stop: StopRule,
    /// Share of the training cells that are kept for validation.
    pub validation: f32,
    /// Epochs without a better value after which training stops.
    pub patience: u32,
    /// Go on from the current weights instead of fresh ones.
    pub from_current: bool,
}

impl Default for CellMnnSettings {
    fn default() -> Self {
        Self::from(&Recipe::new(ModelKind::CellMnn))
    }
}

impl From<&Recipe> for CellMnnSettings {
    fn from(recipe: &Recipe) -> Self {
        Self {
            config: CellMnnConfig {
                dimensions: recipe.whole("components"),
                hidden: recipe.whole("hidden"),
                form: if recipe.choice("form") == "eigen" { OperatorForm::Eigen } else { OperatorForm::Direct },
                bound: recipe.number("bound") as f32,
            },
            held_out: recipe.held_out.clone(),
            epochs: recipe.whole("epochs") as u32,
            seed: recipe.seed,
            batch: recipe.whole("batch"),
            learning_rate: recipe.number("learning-rate"),
            weight_decay: recipe.number("weight-decay"),
            gamma: recipe.number("gamma") as f32,
            speed_weight: recipe.number("speed-weight") as f32,
            stop: match recipe.choice("stop").as_str() {
                "held-out" => StopRule::HeldOut,
                "never" => StopRule::Never,
                _ => StopRule::Validation,
            },
            validation: recipe.number("validation") as f32,
            patience: recipe.whole("patience") as u32,
            from_current: recipe.from_current,
        }
    }
}

impl From<CellMnnSettings> for Recipe {
    fn from(it: CellMnnSettings) -> Self {
        let form = match it.config.form {
            OperatorForm::Direct => "direct",
            OperatorForm::Eigen => "eigen",
        };
        let stop = match it.stop {
            StopRule::Validation => "validation",
            StopRule::HeldOut => "held-out",
            StopRule::Never => "never",
        };
        let common = Self {
            held_out: it.held_out,
            seed: it.seed,
            from_current: it.from_current,
            ..Self::new(ModelKind::CellMnn)
        };
        common
            .with("components", it.config.dimensions)
            .with("hidden", it.config.hidden)
            .with("form", form)
            .with("bound", it.config.bound)
            .with("epochs", it.epochs)
            .with("batch", it.batch)
            .with("learning-rate", it.learning_rate)
            .with("weight-decay", it.weight_decay)
            .with("gamma", it.gamma)
            .with("speed-weight", it.speed_weight)
            .with("stop", stop)
            .with("validation", it.validation)
            .with("patience", it.patience)
    }
}

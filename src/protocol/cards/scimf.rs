//! scIMF: a stochastic equation whose drift is an intrinsic network plus attention between cells.

use super::{Capabilities, Card, Field, Named, Paper};
use crate::protocol::limits::{LEARNING_RATES, MOST_CELLS, SMALLEST_STEP};
use crate::protocol::{DriftPart, ModelKind, Recipe};
use serde::{Deserialize, Serialize};

/// What a front end knows about scIMF.
pub const CARD: Card = Card {
    key: "scimf",
    name: "scIMF",
    about: "with interaction between cells",
    paper: Paper {
        citation: "Jiang, Zhang, Li, Wan. Learning collective multicellular dynamics with an interacting mean field neural SDE model. \
                   PLoS Comput Biol 22(1): e1013916 (2026)",
        link: "https://arxiv.org/abs/2505.16492",
    },
    step: "update",
    steps: "updates",
    can: Capabilities {
        noise: true,
        interaction: true,
        parts: &[DriftPart::Total, DriftPart::Intrinsic, DriftPart::Interaction, DriftPart::Differing],
        attention: true,
        ..Capabilities::NONE
    },
    terms: &[
        Named { key: "transport", name: "Sinkhorn divergence", about: "Distance of simulated to observed cells." },
        Named { key: "action", name: "action", about: "Mean squared drift along the way, per unit of time." },
    ],
    loss: "Sinkhorn divergence between simulated and observed cells at each training time point; total: their mean plus the weighted action.",
    twin: Some(Named { key: "scimf-alone", name: "scIMF without interaction", about: "every cell alone" }),
    fields: &[
        Field::whole("updates", "Updates", 3000, [1, 1_000_000])
            .hint("How many times Adam changes the weights. The learning rate falls by a tenth every 100."),
        Field::whole("cells", "Simulated cells per update", 512, [1, MOST_CELLS as u64]).unit("cells").hint(
            "Cells drawn at the first time point and moved by the model. More give a steadier loss and slower updates.",
        ),
        Field::whole("targets", "Observed cells per comparison", 0, [0, 1_000_000])
            .unit("cells")
            .hint(
                "Observed cells of each time point that an update compares with, drawn anew each time; 0 for all. Of fewer than all the loss has a \
                 standard error, which stands beside it. For time points of very many cells. Ours, not the authors'.",
            )
            .advanced(),
        Field::number("dt", "Time step", 0.1, [SMALLEST_STEP, 1.0])
            .unit("intervals")
            .hint("Euler-Maruyama step dt of the simulation, as a part of the interval between two time points.")
            .advanced(),
        Field::number("learning-rate", "Learning rate", 1e-3, LEARNING_RATES)
            .hint("Adam's step size at the start.")
            .advanced(),
        Field::number("blur", "Blur", 0.1, [SMALLEST_STEP, 1e6])
            .hint(
                "Length scale of the Sinkhorn divergence between simulated and observed cells, in units of the model space.",
            )
            .advanced(),
        // The schedule takes log(1 / blur) / log(1 / scaling) steps.
        Field::number("scaling", "Scaling", 0.7, [0.01, 0.99])
            .hint("Ratio of successive blurs in the Sinkhorn iteration: nearer 1 is more exact and slower.")
            .advanced(),
        Field::number("action-weight", "Action weight", 1.0, [0.0, 1e6])
            .hint("Weight of the action in the loss: larger prefers slow, short paths.")
            .advanced(),
        Field::number("clip", "Gradient clip", 0.1, [1e-9, 1e9])
            .hint("Global norm to which the gradient of an update is cut.")
            .advanced(),
        Field::whole("warm-start", "Warm start", 0, [0, 1_000_000])
            .unit("updates")
            .hint(
                "Updates of the intrinsic drift alone before all others, on the velocities of pairs of cells that optimal transport joins, without a \
                 rollout (as OT-CFM). Ours, not the authors'.",
            )
            .advanced(),
        Field::switch("interaction", "Interaction between cells", true)
            .hint("Without it every cell moves by its intrinsic drift f_intra alone.")
            .advanced(),
    ],
};

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
    /// Euler-Maruyama step in index units, in training and whenever cells are moved.
    pub dt: f64,
}

impl Default for ScImfConfig {
    fn default() -> Self {
        Self { dimensions: 50, hidden: 256, heads: 2, blocks: 1, sigma: 0.1, dropout: 0.1, dt: 0.1 }
    }
}

/// How to train (paper, Methods, "Training"; defaults are the authors').
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TrainSettings {
    /// Time points never seen in training. The first time point cannot be held out.
    pub held_out: Vec<usize>,
    /// Samples never seen in training, not even their first population.
    pub held_out_samples: Vec<usize>,
    /// Number of updates.
    pub updates: u32,
    /// Seed of the initial weights, the drawn cells, the noise and the dropout.
    pub seed: u32,
    /// Simulated cells per update.
    pub cells: usize,
    /// Observed cells of each time point that an update compares with; 0 for all.
    pub targets: usize,
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
    /// Updates of the intrinsic drift alone before all others, without a rollout.
    pub warm_start: u32,
    /// Go on from the current weights instead of fresh ones.
    pub from_current: bool,
}

impl Default for TrainSettings {
    fn default() -> Self {
        Self::from(&Recipe::new(ModelKind::ScImf))
    }
}

impl From<&Recipe> for TrainSettings {
    fn from(recipe: &Recipe) -> Self {
        Self {
            held_out: recipe.held_out.clone(),
            held_out_samples: recipe.held_out_samples.clone(),
            updates: recipe.whole("updates") as u32,
            seed: recipe.seed,
            cells: recipe.whole("cells"),
            targets: recipe.whole("targets"),
            dt: recipe.number("dt"),
            learning_rate: recipe.number("learning-rate"),
            clip: recipe.number("clip") as f32,
            action_weight: recipe.number("action-weight") as f32,
            blur: recipe.number("blur"),
            scaling: recipe.number("scaling"),
            interaction: recipe.switch("interaction"),
            warm_start: recipe.whole("warm-start") as u32,
            from_current: recipe.from_current,
        }
    }
}

impl From<TrainSettings> for Recipe {
    fn from(it: TrainSettings) -> Self {
        let common = Self {
            held_out: it.held_out,
            held_out_samples: it.held_out_samples,
            seed: it.seed,
            from_current: it.from_current,
            ..Self::new(ModelKind::ScImf)
        };
        let common = if it.warm_start > 0 { common.with("warm-start", it.warm_start) } else { common };
        let common = if it.targets > 0 { common.with("targets", it.targets) } else { common };
        common
            .with("updates", it.updates)
            .with("cells", it.cells)
            .with("dt", it.dt)
            .with("learning-rate", it.learning_rate)
            .with("clip", it.clip)
            .with("action-weight", it.action_weight)
            .with("blur", it.blur)
            .with("scaling", it.scaling)
            .with("interaction", it.interaction)
    }
}

//! PRESCIENT: cells diffuse in a potential that does not change, and start cells are weighted by their growth.

use super::{Capabilities, Card, Field, Named, Paper};
use crate::protocol::limits::{LEARNING_RATES, MOST_CELLS, MOST_HIDDEN};

/// What a front end knows about PRESCIENT.
pub const CARD: Card = Card {
    key: "prescient",
    name: "PRESCIENT",
    about: "diffusion in a potential, with growth",
    paper: Paper {
        citation: "Yeo, Saksena, Gifford. Generative modeling of single-cell time series with PRESCIENT enables prediction of cell trajectories \
                   with interventions. Nature Communications 12, 3222 (2021)",
        link: "https://doi.org/10.1038/s41467-021-23518-w",
    },
    step: "update",
    steps: "updates",
    can: Capabilities { noise: true, potential: true, growth: true, ..Capabilities::NONE },
    terms: &[
        Named {
            key: "transport",
            name: "Sinkhorn",
            about: "Sinkhorn divergence between simulated and observed cells at each training time; simulated cells are weighted by growth.",
        },
        Named {
            key: "contrast",
            name: "contrast",
            about: "Weighted difference of the network between cells that diffused and observed cells of the last training time.",
        },
    ],
    loss: "Sinkhorn divergence between simulated and observed cells at each training time point, each with start cells of its own; total: their sum \
           plus the weighted contrastive term.",
    twin: None,
    fields: &[
        Field::whole("updates", "Updates", 2500, [1, 1_000_000])
            .hint("Updates of the weights, which the authors call epochs. Their number is 2,500."),
        Field::number("sd", "Diffusion", 0.5, [0.0, 1e3]).hint(
            "Standard deviation of the noise in one unit of time, in every dimension. The program's is 0.5, that of the paper's scripts 0.1.",
        ),
        Field::number("dt", "Step", 0.1, [1e-4, 1e6]).unit("time labels").hint(
            "Euler-Maruyama step, in the units of the data's time labels: 0.1 is the authors', whose labels are days. With labels in hours choose \
             some hours. The step belongs to the model: simulations use it, too.",
        ),
        Field::genes("birth", "Genes of birth").hint(
            "Genes of proliferation. Their expression says how much a start cell multiplies. Without genes of birth and death all start cells \
             weigh the same.",
        ),
        Field::genes("death", "Genes of death").hint(
            "Genes of cell death. A gene in both lists counts as one of death only, as in the authors' program.",
        ),
        Field::switch("keep-best", "Keep the best", false).hint(
            "Keep the weights just after the update with the lowest Sinkhorn divergence. Otherwise the last weights are kept, as published.",
        )
        .advanced(),
        Field::whole("layers", "Hidden layers", 1, [1, 8])
            .hint("Hidden layers of the network: 1 in the program, 2 in the paper's scripts.")
            .advanced(),
        Field::whole("hidden", "Hidden units", 500, [1, MOST_HIDDEN as u64])
            .hint("Width of the hidden layers: 500 in the program, 400 in the paper's scripts.")
            .advanced(),
        Field::number("share", "Share of cells", 0.1, [1e-4, 1.0])
            .hint("Share of the cells of each time point that an update draws: start cells and observed cells.")
            .advanced(),
        Field::number("learning-rate", "Learning rate", 1e-2, LEARNING_RATES)
            .hint("Step size of Adam at the start; multiplied by 0.9 every 100 updates.")
            .advanced(),
        Field::number("clip", "Gradient clip", 0.25, [1e-6, 1e6]).hint("Global norm to which gradients are clipped.").advanced(),
        Field::number("tau", "Contrast weight", 1e-6, [0.0, 1e6])
            .hint("Weight of the contrastive term; 0 leaves it out, which saves time.")
            .advanced(),
        Field::whole("contrast-cells", "Contrast cells", 2000, [1, MOST_CELLS as u64])
            .hint("Cells of the last training time point that are let diffuse in each update.")
            .advanced(),
        Field::whole("contrast-steps", "Contrast steps", 100, [1, 10_000])
            .hint("Steps in which they diffuse over the whole span of time.")
            .advanced(),
        Field::number("blur", "Blur", 0.1, [1e-3, 1e6])
            .hint("Sinkhorn blur: the length below which positions are not told apart.")
            .advanced(),
        Field::number("scaling", "Scaling", 0.7, [0.01, 0.99])
            .hint("Ratio of successive blurs of the Sinkhorn iteration: nearer to 1 is slower and more exact.")
            .advanced(),
    ],
};

//! PI-SDE: cells move down a potential that changes with time and obeys the Hamilton-Jacobi equation.

use super::{Capabilities, Card, Field, Named, Paper};
use crate::protocol::limits::{LEARNING_RATES, MOST_HIDDEN};

/// What a front end knows about PI-SDE.
pub const CARD: Card = Card {
    key: "pi-sde",
    name: "PI-SDE",
    about: "down a potential that changes with time",
    paper: Paper {
        citation: "Jiang, Wan. A physics-informed neural SDE network for learning cellular dynamics from time-series scRNA-seq data. \
                   Bioinformatics 40, Suppl 2 (2024)",
        link: "https://doi.org/10.1093/bioinformatics/btae400",
    },
    step: "update",
    steps: "updates",
    can: Capabilities { noise: true, potential: true, residual: true, ..Capabilities::NONE },
    terms: &[
        Named {
            key: "transport",
            name: "Sinkhorn",
            about: "Sinkhorn divergence between simulated and observed cells at each training time.",
        },
        Named {
            key: "residual",
            name: "residual",
            about: "Mean Hamilton-Jacobi residual that simulated cells gather up to the last training time.",
        },
    ],
    loss: "Sinkhorn divergence between simulated and observed cells at each training time point; total: their sum plus the weighted mean \
           Hamilton-Jacobi residual along the way.",
    twin: None,
    fields: &[
        Field::whole("updates", "Updates", 3000, [1, 1_000_000])
            .hint("Updates of the weights. The authors' number is 3,000; the weights just after the lowest Sinkhorn divergence are kept."),
        Field::number("sigma", "Diffusion", 0.1, [0.0, 1e3]).hint("Standard deviation of the noise in one unit of time, in every dimension."),
        Field::number("dt", "Step", 0.1, [1e-4, 1e6]).unit("time labels").hint(
            "Euler-Maruyama step, in the units of the data's time labels: 0.1 is the authors', whose labels are days. With labels in hours choose \
             some hours. The step belongs to the model: simulations use it, too.",
        ),
        Field::number("residual-weight", "Residual weight", 0.5, [0.0, 1e6])
            .hint("Weight of the mean Hamilton-Jacobi residual in the loss; 0 trains a potential without that law.")
            .advanced(),
        Field::whole("hidden", "Hidden units", 400, [1, MOST_HIDDEN as u64])
            .hint("Width of the two hidden layers of the potential.")
            .advanced(),
        Field::number("share", "Share of cells", 0.1, [1e-4, 1.0])
            .hint("Share of the cells of each time point that an update draws: start cells and observed cells.")
            .advanced(),
        Field::number("learning-rate", "Learning rate", 5e-3, LEARNING_RATES)
            .hint("Step size of Adam at the start; multiplied by 0.9 every 100 updates.")
            .advanced(),
        Field::number("clip", "Gradient clip", 0.1, [1e-6, 1e6]).hint("Global norm to which gradients are clipped.").advanced(),
        Field::number("blur", "Blur", 0.1, [1e-3, 1e6])
            .hint("Sinkhorn blur: the length below which positions are not told apart.")
            .advanced(),
        Field::number("scaling", "Scaling", 0.7, [0.01, 0.99])
            .hint("Ratio of successive blurs of the Sinkhorn iteration: nearer to 1 is slower and more exact.")
            .advanced(),
    ],
};

//! scNODE: cells move in the latent space of an autoencoder.

use super::{Capabilities, Card, Field, Named, Paper};
use crate::protocol::limits::{LEARNING_RATES, MOST_HIDDEN};

/// Where scNODE is from.
pub(super) const PAPER: Paper = Paper {
    citation: "Zhang, Larschan, Bigness, Singh. scNODE: generative model for temporal single cell transcriptomic data prediction. \
                   Bioinformatics 40, Suppl 2 (2024)",
    link: "https://doi.org/10.1093/bioinformatics/btae393",
};
/// Terms of its loss.
pub(super) const TERMS: &[Named] = &[
    Named {
        key: "transport",
        name: "Sinkhorn",
        about: "Mean over training times of the Sinkhorn divergence between decoded simulated and observed cells.",
    },
    Named { key: "latent", name: "latent", about: "The same between simulated and encoded cells in the latent space." },
    Named {
        key: "reconstruction",
        name: "reconstruction",
        about: "Mean squared difference of given back and observed cells; of the first updates only.",
    },
];
/// Updates of both phases.
pub(super) const UPDATES: Field = Field::whole("updates", "Updates", 1200, [1, 1_000_000])
    .hint("Updates of the weights. The authors' number is 200 of encoder and decoder alone, then 1,000 of all parts.");
/// Dimensions of the latent space.
pub(super) const LATENT: Field =
    Field::whole("latent", "Latent dimensions", 50, [1, 1024]).hint("Dimensions of the latent space.");
/// Whether latent coordinates can only rise.
pub(super) const RISING: Field = Field::switch("rising", "Rising", true).hint(
        "The drift ends in a ReLU, so that every latent coordinate can only rise: so in the authors' program. Without, it can fall, too; that is \
         ours.",
    );
/// Euler steps of an interval.
pub(super) const STEPS: Field = Field::whole("steps", "Steps", 1, [1, 1000])
        .hint(
            "Euler steps of an interval. With the authors' 1, an interval between training times is a single step even where a time point is \
             held out, while predictions take a step to each time point. It belongs to the model.",
        );
/// Share of the updates for encoder and decoder alone.
pub(super) const PRETRAINING: Field = Field::number("pretraining", "Pretraining", 0.1667, [0.0, 1.0])
    .hint("Share of the updates that train encoder and decoder alone: 200 of 1,200.")
    .advanced();
/// Weight of the latent comparison.
pub(super) const LATENT_WEIGHT: Field = Field::number("latent-weight", "Latent weight", 1.0, [0.0, 1e6])
    .hint("Weight of the comparison in the latent space.")
    .advanced();
/// Simulated cells in an update.
pub(super) const CELLS: Field =
    Field::whole("cells", "Cells", 32, [2, 2048]).unit("cells").hint("Simulated cells in an update.").advanced();
/// Step size of Adam.
pub(super) const RATE: Field =
    Field::number("learning-rate", "Learning rate", 1e-3, LEARNING_RATES).hint("Step size of Adam.").advanced();

/// What a front end knows about scNODE.
pub const CARD: Card = Card {
    key: "scnode",
    name: "scNODE-PC",
    about: "a flow in a latent space, on components",
    paper: PAPER,
    step: "update",
    steps: "updates",
    can: Capabilities { noise: true, space: true, ..Capabilities::NONE },
    terms: TERMS,
    loss: "In the first updates, mean squared difference between cells and what encoder and decoder give back; then Sinkhorn divergence between \
           simulated and observed cells, in the model space and, weighted, in the latent space.",
    twin: None,
    fields: &[
        UPDATES,
        LATENT,
        RISING,
        STEPS,
        PRETRAINING,
        LATENT_WEIGHT,
        CELLS,
        Field::whole("hidden", "Hidden units", 50, [1, MOST_HIDDEN as u64])
            .hint("Width of the two hidden layers of the drift.")
            .advanced(),
        RATE,
    ],
};

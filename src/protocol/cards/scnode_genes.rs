//! scNODE as published: cells move in the latent space of an autoencoder of genes.

use super::scnode::{CELLS, LATENT, LATENT_WEIGHT, PAPER, PRETRAINING, RATE, RISING, STEPS, TERMS, UPDATES};
use super::{Capabilities, Card, Field};
use crate::protocol::limits::MOST_HIDDEN;

/// Numbers of hidden layers that can be asked for.
const HIDDEN_LAYERS: [u64; 2] = [0, 4];

/// What a front end knows about scNODE on genes.
pub const CARD: Card = Card {
    key: "scnode-genes",
    name: "scNODE",
    about: "a flow in a latent space of genes, as published",
    paper: PAPER,
    step: "update",
    steps: "updates",
    can: Capabilities { noise: true, space: true, genes: true, ..Capabilities::NONE },
    terms: TERMS,
    loss: "In the first updates, mean squared difference between cells and what encoder and decoder give back; then Sinkhorn divergence between \
           simulated and observed cells, in their genes and, weighted, in the latent space.",
    twin: None,
    fields: &[
        UPDATES,
        LATENT,
        RISING,
        STEPS,
        PRETRAINING,
        LATENT_WEIGHT,
        CELLS,
        Field::whole("encoder-layers", "Encoder's hidden layers", 0, HIDDEN_LAYERS)
            .hint("Hidden layers of the encoder, which have no activation. The authors tuned 0 to 1.")
            .advanced(),
        Field::whole("decoder-layers", "Decoder's hidden layers", 0, HIDDEN_LAYERS)
            .hint("Hidden layers of the decoder. With any, a ReLU follows every layer, the last among them. The authors tuned 0 to 2.")
            .advanced(),
        Field::whole("drift-layers", "Drift's hidden layers", 2, HIDDEN_LAYERS)
            .hint("Hidden layers of the drift, each with a ReLU. The authors tuned 1 to 2.")
            .advanced(),
        Field::whole("hidden", "Hidden units", 50, [1, MOST_HIDDEN as u64])
            .hint("Width of all hidden layers.")
            .advanced(),
        RATE,
    ],
};

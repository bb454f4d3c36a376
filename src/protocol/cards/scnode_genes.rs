//! scNODE as published: cells move in the latent space of an autoencoder of genes.

use super::{Capabilities, Card, Field, Named, Paper};
use crate::protocol::limits::{LEARNING_RATES, MOST_HIDDEN};

/// Numbers of hidden layers that can be asked for.
const HIDDEN_LAYERS: [u64; 2] = [0, 4];

/// What a front end knows about scNODE on genes.
pub const CARD: Card = Card {
    key: "scnode-genes",
    name: "scNODE",
    about: "a flow in a latent space of genes, as published",
    paper: Paper {
        citation: "Zhang, Larschan, Bigness, Singh. scNODE: generative model for temporal single cell transcriptomic data prediction. \
                   Bioinformatics 40, Suppl 2 (2024)",
        link: "https://doi.org/10.1093/bioinformatics/btae393",
    },
    step: "update",
    steps: "updates",
    can: Capabilities { noise: true, space: true, genes: true, ..Capabilities::NONE },
    terms: &[
        Named {
            key: "transport",
            name: "Sinkhorn",
            about: "Mean over training times of the Sinkhorn divergence between decoded simulated and observed cells.",
        },
        Named {
            key: "latent",
            name: "latent",
            about: "The same between simulated and encoded cells in the latent space.",
        },
        Named {
            key: "reconstruction",
            name: "reconstruction",
            about: "Mean squared difference of given back and observed cells; of the first updates only.",
        },
    ],
    loss: "In the first updates, mean squared difference between cells and what encoder and decoder give back; then Sinkhorn divergence between \
           simulated and observed cells, in their genes and, weighted, in the latent space.",
    twin: None,
    fields: &[
        Field::whole("updates", "Updates", 1200, [1, 1_000_000])
            .hint("Updates of the weights. The authors' number is 200 of encoder and decoder alone, then 1,000 of all parts."),
        Field::whole("latent", "Latent dimensions", 50, [1, 1024]).hint("Dimensions of the latent space."),
        Field::switch("rising", "Rising", true).hint(
            "The drift ends in a ReLU, so that every latent coordinate can only rise: so in the authors' program. Without, it can fall, too; that is \
             ours.",
        ),
        Field::whole("steps", "Steps", 1, [1, 1000])
            .hint(
                "Euler steps of an interval. With the authors' 1, an interval between training times is a single step even where a time point is \
                 held out, while predictions take a step to each time point. It belongs to the model.",
            ),
        Field::number("pretraining", "Pretraining", 0.1667, [0.0, 1.0])
            .hint("Share of the updates that train encoder and decoder alone: 200 of 1,200.")
            .advanced(),
        Field::number("latent-weight", "Latent weight", 1.0, [0.0, 1e6])
            .hint("Weight of the comparison in the latent space.")
            .advanced(),
        Field::whole("cells", "Cells", 32, [2, 2048]).unit("cells").hint("Simulated cells in an update.").advanced(),
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
        Field::number("learning-rate", "Learning rate", 1e-3, LEARNING_RATES).hint("Step size of Adam.").advanced(),
    ],
};

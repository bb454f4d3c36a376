//! MIOFlow: a flow that is held to observed cells by exact transport plans.

use super::{Capabilities, Card, Field, Named, Paper};
use crate::protocol::limits::{LEARNING_RATES, MOST_CELLS, MOST_HIDDEN};

/// What a front end knows about MIOFlow.
pub const CARD: Card = Card {
    key: "mioflow",
    name: "MIOFlow",
    about: "a flow held to exact transport plans",
    paper: Paper {
        citation: "Huguet, Magruder, Tong, Fasina, Kuchroo, Wolf, Krishnaswamy. Manifold interpolating optimal-transport flows for trajectory \
                   inference. NeurIPS 2022",
        link: "https://arxiv.org/abs/2206.14928",
    },
    step: "update",
    steps: "updates",
    can: Capabilities { noise: true, interval_noise: true, ..Capabilities::NONE },
    terms: &[
        Named {
            key: "transport",
            name: "transport",
            about: "Cost of the exact transport plan between predicted and observed cells, summed over the times of the update.",
        },
        Named {
            key: "density",
            name: "density",
            about: "Mean distance of predicted cells to the nearest observed ones, beyond 0.01.",
        },
        Named { key: "energy", name: "energy", about: "Squared derivatives at the start cells; only where it has a weight." },
        Named {
            key: "autoencoder",
            name: "autoencoder",
            about: "Mean squared error of cells given back, plus that of squared distances in the learned space against distances along the graph of the \
                    cells; only while the autoencoder learns.",
        },
    ],
    loss: "Cost of the exact transport plan between predicted and observed cells, first of pairs of neighbouring time points, then of all at once; \
           total: with the weighted density term.",
    twin: None,
    fields: &[
        Field::whole("updates", "Updates", 3200, [1, 1_000_000]).hint(
            "Updates of the weights. The authors' number is 800 for each pair of neighbouring training times and 800 for the whole series: \
             3,200 with four training times.",
        ),
        Field::number("density", "Density weight", 20.0, [0.0, 1e6])
            .hint("Weight of the density term. Comparisons tuned it between 12 and 50; 0 leaves it out."),
        Field::switch("learn-noise", "Learn the noise", false).hint(
            "Learn how much noise there is after each time point. The program holds it at its start in effect; learning it is ours.",
        ),
        Field::number("noise", "Noise", 0.2, [0.0, 1e3])
            .hint("Scale of the noise in the derivative at the start: 0.2 in the program.")
            .advanced(),
        Field::number("local", "Local updates", 1.0, [0.0, 100.0])
            .hint("Updates of each pair of neighbouring times for one of the whole series; 0 trains on whole series only.")
            .advanced(),
        Field::whole("cells", "Cells", 100, [2, MOST_CELLS as u64])
            .unit("cells")
            .hint("Cells of each time point in an update.")
            .advanced(),
        Field::whole("hidden", "Hidden units", 16, [1, MOST_HIDDEN as u64])
            .hint("Width h of the hidden layers h, 2 h and h.")
            .advanced(),
        Field::number("learning-rate", "Learning rate", 1e-4, LEARNING_RATES)
            .hint("Step size of AdamW: 0.0001 in the comparisons, 0.001 in the tutorials.")
            .advanced(),
        Field::switch("geodesic", "Geodesic autoencoder", false)
            .hint(
                "Move cells in a learned space whose squared distances are those along the graph of the cells. Its autoencoder is trained first and then \
                 frozen; velocity, simulated cells and genes come out in the components of the study.",
            )
            .advanced(),
        Field::whole("latent", "Latent dimensions", 10, [1, MOST_HIDDEN as u64])
            .hint("Coordinates of the learned space, where there is one: 10 in the comparisons.")
            .advanced(),
        Field::number("autoencoder", "Autoencoder's share", 0.25, [0.0, 0.95])
            .hint("Share of the updates that train the autoencoder, where there is one. The program takes 1,000 to 1,500 for it.")
            .advanced(),
        Field::number("energy", "Energy weight", 0.0, [0.0, 1e6])
            .hint("Weight of the squared derivatives at the start cells: 0 in the comparisons, 0.001 in a tutorial.")
            .advanced(),
    ],
};

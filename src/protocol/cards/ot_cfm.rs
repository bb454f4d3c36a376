//! OT-CFM: a velocity field regressed on straight lines between cells that optimal transport pairs.

use super::{Capabilities, Card, Field, Named, Paper};
use crate::protocol::limits::{LEARNING_RATES, MOST_HIDDEN};

/// What a front end knows about OT-CFM.
pub const CARD: Card = Card {
    key: "ot-cfm",
    name: "OT-CFM",
    about: "velocities of transported pairs, no rollout",
    paper: Paper {
        citation: "Tong, Fatras, Malkin, Huguet, Zhang, Rector-Brooks, Wolf, Bengio. Improving and generalizing flow-based generative models with \
                   minibatch optimal transport. TMLR 2024",
        link: "https://arxiv.org/abs/2302.00482",
    },
    step: "update",
    steps: "updates",
    can: Capabilities::NONE,
    terms: &[Named {
        key: "flow",
        name: "flow",
        about: "Mean squared difference between the network's velocity and that of transported pairs of cells.",
    }],
    loss: "Mean squared difference between the network's velocity and that of pairs of cells that minibatch optimal transport joins, at random times \
           between them.",
    twin: None,
    fields: &[
        Field::whole("updates", "Updates", 10_000, [1, 1_000_000])
            .hint("Updates of the weights. The authors' number is 10,000; they are quick, since nothing is integrated."),
        Field::number("sigma", "Blur of the line", 0.1, [0.0, 1e3])
            .hint("Standard deviation of the points around the straight line between the cells of a pair."),
        Field::whole("cells", "Cells", 256, [2, 2048])
            .unit("cells")
            .hint("Cells of each time point in an update. They are paired by the exact plan, whose time grows with their square.")
            .advanced(),
        Field::whole("hidden", "Hidden units", 64, [1, MOST_HIDDEN as u64])
            .hint("Width of the three hidden layers.")
            .advanced(),
        Field::number("learning-rate", "Learning rate", 1e-4, LEARNING_RATES).hint("Step size of Adam.").advanced(),
        Field::whole("steps", "Steps", 10, [1, 1000])
            .hint("Runge-Kutta steps in which cells are moved from a time point to the next. It belongs to the model.")
            .advanced(),
    ],
};

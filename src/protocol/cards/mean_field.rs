//! A drift of our own whose interaction can be nothing and keeps its size.

use super::{Capabilities, Card, Field, Named, Paper};
use crate::protocol::DriftPart;
use crate::protocol::limits::{LEARNING_RATES, MOST_CELLS, MOST_HIDDEN};

/// What a front end knows about the mean-field drift.
pub const CARD: Card = Card {
    key: "mean-field",
    name: "Mean field",
    about: "pulls between groups of cells, which can be nothing",
    paper: Paper {
        citation: "A model of this program, not published elsewhere",
        link: "https://en.wikipedia.org/wiki/Mean-field_theory",
    },
    step: "update",
    steps: "updates",
    can: Capabilities {
        noise: true,
        interaction: true,
        effects: true,
        parts: &[DriftPart::Total, DriftPart::Intrinsic, DriftPart::Interaction, DriftPart::Differing],
        ..Capabilities::NONE
    },
    terms: &[
        Named { key: "energy", name: "energy distance", about: "Between moved and observed cells, in units of their spread." },
        Named {
            key: "types",
            name: "types",
            about: "Squared difference between the moved and the observed mean of each type, in units of its sampling error.",
        },
        Named { key: "interaction", name: "interaction", about: "Mean squared interaction, in units of the cells' spread." },
    ],
    loss: "Energy distance between moved and observed cells of an interval, plus the squared differences of the means of types, plus the price of \
           the interaction.",
    twin: Some(Named { key: "mean-field-alone", name: "Mean field without interaction", about: "every cell alone" }),
    fields: &[
        Field::whole("updates", "Updates", 300, [1, 1_000_000]).hint(
            "How many times Adam changes the weights; each looks at one interval between time points, in all samples. The learning rate falls to a \
             tenth until the end.",
        ),
        Field::whole("cells", "Cells per update", 1024, [2, MOST_CELLS as u64])
            .unit("cells")
            .hint("Observed cells that are moved, split evenly between the samples, at least 64 each."),
        Field::number("price", "Price of interaction", 0.3, [0.0, 1e6])
            .hint("Weight of the mean squared interaction: what an intrinsic drift explains as well shall not be called interaction."),
        Field::switch("linear-start", "Begin with the linear estimate", true)
            .hint("Begin with the pulls of the linear estimate, where samples allow one; otherwise with none."),
        Field::number("alone", "Intrinsic part first", 0.5, [0.0, 1.0])
            .hint("Share of the updates in which the intrinsic drift is fitted while the interaction stays as it began.")
            .advanced(),
        Field::number("saturation", "Saturation", 0.1, [1e-4, 1e6])
            .hint(
                "Share of a population at which a group of senders reaches half of its pull: small where their presence counts, large where their \
                 number does.",
            )
            .advanced(),
        Field::number("noise", "Noise", 0.3, [0.0, 100.0])
            .hint("Diffusion in an interval, in standard deviations within types.")
            .advanced(),
        Field::whole("steps", "Steps", 4, [1, 100]).hint("Steps of an interval between time points.").advanced(),
        Field::whole("hidden", "Hidden units", 64, [1, MOST_HIDDEN as u64])
            .hint("Width of the two hidden layers of the intrinsic drift.")
            .advanced(),
        Field::number("energy-weight", "Weight of the energy distance", 10.0, [0.0, 1e6])
            .hint("Weight of the distance over all cells beside that of the types' means.")
            .advanced(),
        Field::number("learning-rate", "Learning rate", 5e-3, LEARNING_RATES)
            .hint("Adam's step size at the start.")
            .advanced(),
        Field::switch("interaction", "Interaction between cells", true)
            .hint("Without it every cell moves by its intrinsic drift alone.")
            .advanced(),
    ],
};

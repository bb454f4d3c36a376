//! What the tour says.

/// One step.
#[derive(PartialEq)]
pub struct Step {
    /// The part of the page that it speaks of, as a selector.
    pub part: &'static str,
    /// Its title.
    pub title: &'static str,
    /// Its words.
    pub words: &'static str,
}

/// The steps, in order.
pub const STEPS: [Step; 5] = [
    Step {
        part: ".panel.cells",
        title: "Cells and where they go",
        words: "This page learns how cells move together from snapshots of them. Each dot is a cell of the study that is open; until you open one of \
                yours that is the demo, a simulated tissue. Arrows show where the fitted model moves the cells of the chosen time point.",
    },
    Step {
        part: ".panel.strip",
        title: "Time moves everything",
        words: "Choose a time point here, or press 1 to 9; every view follows. Space plays simulated cells from the first time point to the last.",
    },
    Step {
        part: ".panel.attention",
        title: "Who listens to whom",
        words: "Arrows go from the type that sends to the type that listens to it; the bar says how wide equal listening is. Point at one to single it out. \
                With a model without attention chosen above, what drives each cell stands here instead.",
    },
    Step {
        part: ".drawer > .tabs",
        title: "Work with the model",
        words: "Train fits the model in this tab; every view follows while it learns. Beside it: simulate from any cells, remove or mute some and see \
                what changes, follow genes, and test whether it predicts what it has not seen.",
    },
    Step {
        part: "header .actions",
        title: "Your own data, and out again",
        words: "Drop your file anywhere on this page, or open it here: it never leaves this tab. What you did before is under Recent. Save the session as \
                one file, export every figure, and press ? wherever something needs an explanation.",
    },
];

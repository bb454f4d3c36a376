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

/// What stands beside the cells.
#[derive(Clone, Copy, PartialEq)]
pub enum Beside {
    /// The evidence of who acts on whom.
    Acting,
    /// A model's attention.
    Listening,
    /// What drives each cell: operators or a potential.
    Driving,
}

impl Step {
    /// Title and words, as they are true of what stands beside the cells.
    pub fn said(&self, beside: Beside) -> [&'static str; 2] {
        match (self.part, beside) {
            (BESIDE, Beside::Acting) => ["Who acts on whom", ACTING],
            (BESIDE, Beside::Driving) => ["What drives each cell", DRIVING],
            _ => [self.title, self.words],
        }
    }
}

/// The panel beside the cells.
const BESIDE: &str = ".panel.attention";

const ACTING: &str = "Arrows go from the type that acts to the type that is acted on, as far as samples with and without a type, and models fitted to \
                      them, tell. Solid is what lies beyond data in which nothing interacts, striped what these data cannot know. The sentence below says \
                      how it is known; in a simulated tissue, Show what was planted outlines the truth.";
const DRIVING: &str = "The chosen model moves every cell alone: what drives it there stands here, at the chosen time point. Choose another model above to \
                       see who listens to whom, or who acts on whom.";

/// The steps, in order.
pub const STEPS: [Step; 5] = [
    Step {
        part: ".panel.cells",
        title: "Cells and where they go",
        words: "This page learns how cells move together from snapshots of them. Each dot is a cell of the study that is open; until you open one of \
                yours that is the demo, a simulated tissue whose interactions are known. Arrows show where the fitted model moves the cells of the chosen time point.",
    },
    Step {
        part: ".panel.strip",
        title: "Time moves everything",
        words: "Choose a time point here, or press 1 to 9; every view follows. Space plays simulated cells from the first time point to the last.",
    },
    Step {
        part: BESIDE,
        title: "Who listens to whom",
        words: "Arrows go from the type that sends to the type that listens to it; the bar says how wide equal listening is. Point at one to single it out. \
                This is read off the fitted model and is no effect: under Evidence stands what the data can tell of who acts on whom.",
    },
    Step {
        part: ".drawer > .tabs",
        title: "Work with the model",
        words: "Train fits the model in this tab; every view follows while it learns. Beside it: simulate from any cells, remove or mute some and see \
                what changes, follow genes, test whether it predicts what it has not seen, and see under Evidence what can be known.",
    },
    Step {
        part: "header .actions",
        title: "Your own data, and out again",
        words: "Drop your file anywhere on this page, or open it here: it never leaves this tab. What you did before is under Recent. Save the session as \
                one file, export every figure, and press ? wherever something needs an explanation.",
    },
];

//! Parts of an update of a training that an engine lets helpers compute: other workers, with which it shares no memory.
//!
//! What a part needs is in its message. A helper answers each part with one [`Computed`], in their order.

use super::{Array, ScImfConfig};
use serde::{Deserialize, Serialize};

/// What a helper is to compute.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Part {
    /// Simulated cells held against observed ones. Answers [`Computed::Divergence`].
    Compare {
        /// Dimensions of a cell.
        dimensions: usize,
        /// Simulated cells, row-major.
        simulated: Array<f32>,
        /// Observed cells, row-major.
        observed: Array<f32>,
        /// Their own part of the divergence.
        self_term: f32,
        /// The epsilons, largest first.
        epsilons: Array<f64>,
    },
    /// A rollout begins in which the helper moves some cells. Answers [`Computed::Ready`].
    Enter {
        /// Shape of the model.
        config: ScImfConfig,
        /// All of its weights, in the order of their declaration.
        weights: Array<f32>,
        /// Cells of the whole population.
        cells: usize,
        /// The first of the blocks of cells that the helper moves, and the one behind the last.
        blocks: [usize; 2],
        /// Seed of the dropout: its high and its low half, since numbers of JavaScript have 53 bits.
        dropout: Option<[u32; 2]>,
    },
    /// What the helper's cells send at the beginning of a step. Answers [`Computed::Numbers`].
    Listen {
        /// The state of its cells with the action.
        state: Array<f32>,
    },
    /// A step of the helper's cells. Answers with their next state, [`Computed::Numbers`].
    Step {
        /// Where the step begins, and its length.
        time: [f64; 2],
        /// What all cells send.
        sent: Array<f32>,
        /// Standard normal numbers of its cells.
        noise: Array<f32>,
    },
    /// The way back over the last step that was not taken back, up to what each block adds to the gradients of what all cells sent. Answers
    /// [`Computed::Numbers`].
    Back {
        /// Where the step began, and its length.
        time: [f64; 2],
        /// The adjoint of its cells after the step.
        adjoint: Array<f32>,
    },
    /// The rest of the way back. Answers with the adjoint of its cells before the step, [`Computed::Numbers`].
    Before {
        /// The gradient of what its cells sent.
        on_sent: Array<f32>,
    },
    /// The gradients of all weights, of each of its blocks. Answers [`Computed::Numbers`].
    Gradients,
}

/// What a helper computed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Computed {
    /// It is ready: for a rollout, or, unasked and first of all, for parts.
    Ready,
    /// A divergence.
    Divergence {
        /// Its value.
        value: f32,
        /// Its gradient with respect to the simulated cells, row-major.
        gradient: Array<f32>,
    },
    /// Numbers, as the part says.
    Numbers(Array<f32>),
    /// The part does not follow from those before it, in a sentence.
    Refused(String),
}

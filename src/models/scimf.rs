//! scIMF: a McKean-Vlasov equation whose drift is an intrinsic network plus attention between cells.
//!
//! Jiang, Li, Zhang, Wan, arXiv 2505.16492.

mod attention;
pub mod host;
mod initial;
mod interaction;
mod intrinsic;
mod kernels;
mod named;
mod network;
mod pass;
mod resume;
mod rollback;
mod rollout;
mod room;
mod settings;
mod shared;
mod stepper;
mod trainer;
mod turn;
mod velocity;
mod warm;

pub use initial::initial_weights;
pub use interaction::{AttentionRows, Interaction, Mask};
pub use intrinsic::Intrinsic;
pub use kernels::Kernels;
pub use network::{Network, Population, ScImf, WEIGHTS_AT_ONCE};
pub use room::{ScImfRoom, smallest_training};
pub use stepper::PopulationStepper;
pub use trainer::{Best, Trainer};

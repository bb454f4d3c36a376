//! The models.

mod cell_mnn;
pub mod host;
mod initial;
mod interaction;
mod intrinsic;
mod kernels;
mod named;
pub(crate) mod parameters;
mod potential;
mod scimf;

pub use cell_mnn::{
    CellMnn, OperatorNetwork, Operators, decode, initial_operator_weights, largest_norm, matvec, steps_for,
};
pub use initial::initial_weights;
pub use interaction::{AttentionRows, Interaction, Mask};
pub use intrinsic::Intrinsic;
pub use kernels::Kernels;
pub use potential::{Potential, layers_of, potential_shapes};
pub use scimf::{Network, Population, ScImf, WEIGHTS_AT_ONCE};

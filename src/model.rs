//! The models.

mod initial;
mod interaction;
mod intrinsic;
mod named;
mod scimf;

pub use initial::initial_weights;
pub use interaction::{AttentionRows, Interaction, Mask};
pub use intrinsic::Intrinsic;
pub use scimf::{Network, Population, ScImf};

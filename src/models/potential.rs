//! A drift that is the gradient of a potential: the network and its file.

mod named;
mod network;

pub use named::{loaded, saved};
pub use network::{Potential, layers_of, potential_shapes};

//! A drift that is the gradient of a potential: the network, its file, its fit, its velocity.

mod fitted;
mod network;

pub use fitted::*;
pub use network::{Potential, layers_of, potential_shapes};

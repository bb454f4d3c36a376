//! Optimal transport between clouds of points. This floor knows tensors, not cells.

mod cloud;
pub mod exact;
mod kernels;
pub mod pairs;
mod sinkhorn;
pub mod streaming;

pub use cloud::{Bounds, Cloud, Sampled};
pub use sinkhorn::{Divergence, Schedule, divergence, own_potential, self_term, weighted_divergence};

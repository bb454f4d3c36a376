//! Who acts on whom, as far as snapshots can tell: before any training.
//!
//! One snapshot series hardly determines it, samples of other compositions do. See `docs/INTERACTIONS.md`.

mod abundance;
mod contrast;
mod determinability;
mod linear;
mod moments;
mod pull;
mod solve;
mod study;
mod verdict;

pub(crate) use solve::{ridge, solve};
pub use study::{Evidences, evidence};
pub use verdict::verdict;

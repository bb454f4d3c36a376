//! Held-out evaluation: exact transport distances of predictions, always beside what is had without a model (paper, Methods, "Evaluation").

mod baseline;
mod comparison;
mod evaluator;

pub use evaluator::{Evaluator, Step};

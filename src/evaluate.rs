//! Held-out evaluation: exact transport distances of predictions, always beside what is had without a model (paper, Methods, "Evaluation").

mod baseline;
mod comparison;
mod evaluator;
mod measure;
mod task;

pub use evaluator::{Evaluator, Step};

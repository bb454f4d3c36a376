//! Held-out evaluation: distances of predictions to the observed cells, always beside what is had without a model (paper, Methods, "Evaluation").

mod baseline;
mod comparison;
mod debiased;
mod evaluator;
mod measure;
mod task;

pub use evaluator::{Evaluator, Step};

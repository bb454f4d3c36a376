//! Held-out evaluation: distances of predictions to the observed cells, always beside what is had without a model (paper, Methods, "Evaluation").

mod baseline;
mod bootstrap;
mod comparison;
mod debiased;
mod effects;
mod evaluator;
mod ledger;
mod lineage;
mod measure;
mod per_gene;
mod plan;
mod point;
mod removed;
mod task;
mod twin;

pub use effects::Effects;
pub use evaluator::Evaluator;
pub(crate) use removed::Removal;

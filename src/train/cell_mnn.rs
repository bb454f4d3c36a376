//! Fitting Cell-MNN to the snapshots.

mod batch;
mod objective;
mod resume;
mod snapshots;
mod trainer;

pub use snapshots::Snapshots;
pub use trainer::OperatorTrainer;

//! Fitting a model to the snapshots.

mod adam;
mod cell_mnn;
mod draws;
mod gradients;
mod mover;
mod resume;
mod trainer;
mod training_data;

pub use cell_mnn::{OperatorTrainer, Snapshots};
pub use draws::Draws;
pub use trainer::{Best, Trainer};
pub use training_data::TrainingData;

//! Fitting a model to the snapshots.

mod adam;
mod draws;
mod gradients;
mod resume;
mod trainer;
mod training_data;

pub use draws::Draws;
pub use trainer::{Best, Trainer};
pub use training_data::TrainingData;

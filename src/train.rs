//! Fitting a model to the snapshots.

mod adam;
mod cell_mnn;
mod draws;
mod gradients;
mod resume;
mod setback;
mod stepper;
mod trainer;
mod training_data;

pub use cell_mnn::{OperatorTrainer, Snapshots};
pub use draws::Draws;
pub use setback::{SetsBack, rolled_back};
pub use stepper::PopulationStepper;
pub use trainer::{Best, Trainer};
pub use training_data::TrainingData;

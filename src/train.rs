//! Fitting a model to the snapshots.

mod adam;
mod cell_mnn;
mod compared;
mod draws;
mod fit;
mod gradients;
mod populations;
mod resume;
mod setback;
mod stepper;
mod trainer;
mod training_data;

pub use cell_mnn::{OperatorTrainer, Snapshots};
pub use compared::Comparison;
pub use draws::{AddressedDraws, Draws, Given, Purpose};
pub use fit::{Fit, Kept, Rates, Standing, Taken};
pub(crate) use gradients::as_network;
pub use populations::Populations;
pub use setback::{SetsBack, rolled_back};
pub use stepper::PopulationStepper;
pub use trainer::{Best, Trainer};
pub use training_data::TrainingData;

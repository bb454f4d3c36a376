//! Fitting a model to the snapshots.

mod adam;
mod compared;
mod draws;
mod fit;
mod gradients;
mod helpers;
mod lines;
mod populations;
mod rollback;
mod training_data;

pub(crate) use adam::Adam;
pub use compared::Comparison;
pub use draws::{AddressedDraws, Draws, Given, Purpose};
pub use fit::{Fit, Kept, Rates, Standing, Taken};
pub(crate) use gradients::{as_network, clip_global_norm, scale};
pub use helpers::{Helpers, numbers, unexpected};
pub use lines::{Lines, Points};
pub use populations::Populations;
pub use rollback::{Completed, RollsBack, rolled_back};
pub(crate) use rollback::{MOST, diverged, rate_left};
pub(crate) use training_data::{Trained, training_samples, training_times};
pub use training_data::{TrainingData, Unseen};

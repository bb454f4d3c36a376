//! The models, each in a room of its own, and the one place that knows them all.
//!
//! What every model does is in [`room`]; [`any`] has the only list of rooms. Everything above asks a model for what it does or for an ability
//! (attention, operators), never for its name.

pub mod any;
pub mod attention;
pub mod cell_mnn;
mod file;
pub mod fitted;
mod helper;
mod landscape;
pub mod linear;
pub mod mean_field;
pub mod mioflow;
pub mod operators;
pub mod ot_cfm;
mod parameters;
pub mod pi_sde;
mod potential;
pub mod prescient;
mod readings;
mod rolled_out;
pub mod room;
pub mod scimf;
pub mod scnode;
pub mod scnode_genes;

pub use any::{AnyJourney, AnyModel, AnyPrediction, AnyTraining, AnyWeights};
pub use file::{File, recipe, with_recipe};
pub use helper::Helper;
pub use landscape::landscape;
pub use readings::{Reading, Readings, interval_noise, readings};
pub use room::{Asked, Best, Completed, Data, Journey, Model, Moves, Prediction, Room, Training};

/// Slope of LeakyReLU below zero (PyTorch's default).
const SLOPE: f64 = 0.01;

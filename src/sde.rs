//! Stochastic differential equations and their solution. This floor knows tensors, not cells.
//!
//! Equation, step method, noise and the times that are kept are four separate things: [`Sde`], [`euler_maruyama`], [`Brownian`] and
//! [`TimeGrid`]. A [`Stepper`] takes steps and takes them back.

mod action;
mod brownian;
mod equation;
mod runge_kutta;
mod saved;
mod solver;
mod stepper;

pub use action::WithAction;
pub use brownian::Brownian;
pub use equation::Sde;
pub use runge_kutta::{STAGES, three_eighths};
pub use saved::SavedTimes;
pub use solver::{TimeGrid, euler_maruyama};
pub use stepper::{Stepper, TrainedSde};

//! Cell-MNN: a locally linear equation, dz/dt = A(z, t) z, whose operator a network reads off each cell.
//!
//! von Bassewitz, Pervez, Fumero, Robinson, Karaletsos, Locatello, arXiv 2510.02903.

mod batch;
mod flow;
mod initial;
mod linearisation;
mod model;
mod network;
mod objective;
pub mod operators;
mod perturbation;
mod resume;
mod room;
mod snapshots;
mod trainer;
mod velocity;
mod walk;

pub use flow::{decode, largest_norm, matvec, steps_for};
pub use initial::initial_operator_weights;
pub use linearisation::linearisation;
pub use model::CellMnn;
pub use network::{OperatorNetwork, Operators};
pub use operators::OperatorField;
pub use perturbation::perturbation;
pub use room::CellMnnRoom;
pub use snapshots::Snapshots;
pub use trainer::OperatorTrainer;
pub use walk::Walk;

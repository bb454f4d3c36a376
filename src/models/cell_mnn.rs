//! Cell-MNN: a locally linear equation, dz/dt = A(z, t) z, whose operator a network reads off each cell.
//!
//! von Bassewitz, Pervez, Fumero, Robinson, Karaletsos, Locatello, arXiv 2510.02903.

mod batch;
mod initial;
mod model;
mod network;
mod objective;
mod resume;
mod room;
mod snapshots;
mod trainer;
mod walk;

pub use initial::initial_operator_weights;
pub use model::CellMnn;
pub use network::{OperatorNetwork, Operators};
pub use room::CellMnnRoom;
pub use snapshots::Snapshots;
pub use trainer::OperatorTrainer;
pub use walk::Walk;

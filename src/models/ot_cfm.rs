//! OT-CFM: a velocity field regressed on straight lines between cells that minibatch optimal transport pairs.
//!
//! Tong et al., TMLR 2024 (arXiv 2302.00482), as the authors' example on single cells: program atong01/conditional-flow-matching. What differs:
//! each pair of a plan is taken once, where the program draws pairs from the plan; time is the position of the time point among all,
//! held-out ones too, so that a wider gap has a smaller rate; cells are moved by Runge-Kutta steps of fixed length.

mod field;
mod objective;
mod room;
mod shape;

pub use field::{Motion, OtCfm};
pub use objective::{OtCfmObjective, OtCfmTrainer};
pub use room::OtCfmRoom;
pub use shape::{OtCfmShape, initial_weights};

/// The weights of an OT-CFM model.
pub type OtCfmWeights = super::fitted::NamedWeights<OtCfmShape>;

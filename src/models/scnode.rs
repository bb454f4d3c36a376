//! scNODE: a variational autoencoder whose latent cells move under a neural ordinary differential equation.
//!
//! Zhang et al., Bioinformatics 40 Suppl 2, ii146 (2024); program rsinghlab/scNODE ba55e8d. Published in the space of 2,000 genes; ours works in the
//! study's components with a linear decoder, since the published one, a ReLU, cannot reach their negative values. As in the program, the
//! drift ends in a ReLU, so that every latent coordinate can only rise, and an interval between time points is one Euler step: both can be
//! chosen otherwise. The simulation starts from cells that are drawn at random, where the program takes the first ones.

mod field;
mod objective;
mod room;
mod shape;

pub use field::{Motion, ScNode, ScNodeNetwork};
pub use objective::{ScNodeObjective, ScNodeTrainer};
pub use room::ScNodeRoom;
pub use shape::{ScNodeShape, initial_weights};

/// The weights of a scNODE model.
pub type ScNodeWeights = super::fitted::NamedWeights<ScNodeShape>;

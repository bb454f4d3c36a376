//! PI-SDE: dx = -grad_x Psi(x, t) dt + sigma dW, held to the Hamilton-Jacobi equation.
//!
//! Jiang and Wan, Bioinformatics 40 Suppl 2 (2024); program QiJiang-QJ/PI-SDE c61b322. Ours differentiates the discrete steps where the
//! program uses a stochastic adjoint. Of the program's options, a diffusion that is learned is left out.

mod config;
mod field;
mod objective;
mod room;
mod weights;

pub use config::{PiSdeConfig, PiSdeSettings};
pub use field::{Field, Motion, PiSde};
pub use objective::{PiSdeObjective, PiSdeTrainer};
pub use room::PiSdeRoom;
pub use weights::{PiSdeWeights, initial_weights};

/// What a training of the model needs to go on.
pub type PiSdeProgress = super::fitted::Progress<PiSdeWeights>;

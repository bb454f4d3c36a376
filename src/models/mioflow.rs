//! MIOFlow: dz/dt = g(z, t) + alpha_t N(0, 1), held to observed cells by exact transport plans inside the loss.
//!
//! Huguet et al., NeurIPS 2022 (arXiv 2206.14928), the program of 2022 as the comparisons of others use it. What differs: gradients are
//! those of the discrete steps, where the program has an adjoint that draws fresh noise on its way back, so that the scales of its noise are in
//! effect held at their start. Ours holds them, too; on request it learns them. The geodesic autoencoder is an option: without it cells are
//! moved in the model space.

mod autoencoder;
mod density;
mod field;
mod geodesic;
mod noise;
mod objective;
mod room;
mod schedule;
mod shape;

pub use autoencoder::{Autoencoder, AutoencoderShape};
pub use density::density;
pub use field::{MioFlow, MioFlowNetwork, Motion};
pub use geodesic::Walk;
pub use objective::{MioFlowObjective, MioFlowSettings, MioFlowTrainer};
pub use room::MioFlowRoom;
pub use schedule::Schedule;
pub use shape::{MioFlowShape, initial_weights};

/// The weights of a MIOFlow model.
pub type MioFlowWeights = super::fitted::NamedWeights<MioFlowShape>;

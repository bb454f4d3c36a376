//! PRESCIENT: dx = grad net(x) dt + sd dW, with start cells weighted by their growth.
//!
//! Yeo, Saksena, Gifford, Nature Communications 12, 3222 (2021); program gifford-lab/prescient 1cd76b4. What differs: the program's
//! pretraining, whose learning rate of 1e-9 changes nothing that could be measured, is left out; the neighbours over which growth is
//! smoothed are exact, where the program's are approximate.

mod config;
mod contrast;
mod field;
mod growth;
mod objective;
mod room;
mod weights;

pub use config::{GrowthGenes, PrescientConfig, PrescientSettings};
pub use field::{Motion, Prescient};
pub use growth::{Growing, Growth};
pub use objective::{PrescientObjective, PrescientTrainer};
pub use room::PrescientRoom;
pub use weights::{PrescientWeights, initial_weights};

/// What a training of the model needs to go on.
pub type PrescientProgress = super::fitted::Progress<PrescientWeights>;

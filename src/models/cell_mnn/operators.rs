//! What is read off the operators of Cell-MNN: trajectories, spectra, means by type, and gene interactions.

mod control;
mod encoder;
mod field;
mod genes;
mod means;
mod signs;
mod spectrum;

pub use encoder::Encoder;
pub use field::OperatorField;
pub use genes::{Interactions, gene_network, why};
pub use means::{mean_operators, operator};
pub use signs::sign_agreement;
pub use spectrum::{eigenvalues, growth, spectrum};

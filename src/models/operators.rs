//! What is read off models with a linear operator for each cell: spectra, means by type, gene interactions, and how far an operator leads.

mod control;
mod encoder;
mod field;
mod flow;
mod genes;
mod linearisation;
mod means;
mod path;
mod perturbation;
mod signs;
mod spectrum;

pub use encoder::Encoder;
pub use field::OperatorField;
pub use flow::{decode, frozen, largest_norm, matvec, reencoded, steps_for};
pub use genes::{Interactions, gene_network, why};
pub use linearisation::linearisation;
pub use means::{mean_operators, operator};
pub use path::plan;
pub use perturbation::perturbation;
pub use signs::sign_agreement;
pub use spectrum::{eigenvalues, growth, spectrum};

use crate::data::Standard;
use burn::tensor::Tensor;

/// A locally linear equation, dz/dt = A(z, t) z, in standardised components z.
pub trait LocallyLinear: Send + Sync {
    /// The components that it works in.
    fn standard(&self) -> &Standard;

    /// The operators A of cells.
    ///
    /// # Shapes
    /// - `z`: `[n, d]`, standardised components; `time`: `[n, 1]`, in mean sampling intervals
    /// - output: `[n, d, d]`
    fn operators(&self, z: Tensor<2>, time: Tensor<2>) -> Tensor<3>;
}

//! scNODE in its published form: the autoencoder's cells are measured genes.
//!
//! Zhang et al., Bioinformatics 40 Suppl 2, ii146 (2024); program rsinghlab/scNODE ba55e8d. Network and objective are those of [`super::scnode`]; the
//! cells that they see are the genes of the loadings, as they were measured ([`crate::data::GeneSpace`]). What the model moves comes back in the
//! study's components, so that it stands beside the other models.

mod journey;
mod room;
mod shape;
mod training;

pub use journey::Motion;
pub use room::{PlacedScNode, ScNodeGenesRoom};
pub use shape::{ScNodeGenesShape, initial_weights};
pub use training::{ScNodeGenesTrainer, ScNodeGenesTraining};

/// The weights of a scNODE model on genes.
pub type ScNodeGenesWeights = super::fitted::NamedWeights<ScNodeGenesShape>;
/// A scNODE model on genes, on a device.
pub type ScNodeGenes = super::fitted::Shaped<ScNodeGenesShape>;

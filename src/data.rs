//! Datasets and file formats, in host memory.
//!
//! Everything here turns bytes into a [`Dataset`] or [`weights::Weights`] and back; nothing here knows tensors or a device.

pub mod anndata;
pub mod bundle;
pub mod dataset;
pub mod mapping;
pub mod matrix;
pub mod weights;

mod archive;
mod npy;
mod number;

pub use dataset::{Dataset, Decoder, Embedding};
pub use matrix::Matrix;

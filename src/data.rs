//! Datasets and file formats, in host memory.
//!
//! Everything here turns bytes into a [`Dataset`] or [`weights::Weights`] and back; nothing here knows tensors or a device.

pub mod anndata;
pub mod bundle;
pub mod dataset;
pub mod expression;
pub mod mapping;
pub mod matrix;
pub mod open;
pub mod study;
pub mod unprepared;
pub mod weights;

mod archive;
mod npy;
pub mod npz;
mod number;

pub use dataset::{Dataset, Decoder, Embedding};
pub use matrix::Matrix;

//! Datasets and file formats, in host memory.
//!
//! Everything here turns bytes into a [`Dataset`] or [`weights::Weights`] and back; nothing here knows tensors or a device.

pub mod bundle;
pub mod clock;
pub mod dataset;
pub mod expression;
pub mod known_signs;
pub mod lineage;
pub mod matrix;
pub mod measured;
pub mod npz;
pub mod open;
pub mod sample;
mod space;
pub mod standard;
pub mod study;
pub mod unprepared;
pub mod weights;

pub(crate) mod anndata;
mod annotation;
mod archive;
mod codec;
mod delimited;
mod fingerprint;
mod gene_space;
mod gzip;
mod hdf5;
mod join;
mod kept;
mod loom;
mod mapping;
mod names;
mod npy;
mod number;
mod population;
mod recognise;
mod room;
mod samples;
mod tar;
mod tenx;
mod typing;
mod zarr;

pub use clock::Clock;
pub use dataset::{Column, Dataset, Decoder, Embedding};
pub use gene_space::GeneSpace;
pub use matrix::Matrix;
pub use measured::Measured;
pub use sample::evenly;
pub use space::{Components, Space};
pub use standard::Standard;

//! From counts to principal components, in host memory.

pub mod pca;
mod preparing;

pub use preparing::Preparing;

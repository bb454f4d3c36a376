//! From counts to principal components, in host memory.

pub mod pca;

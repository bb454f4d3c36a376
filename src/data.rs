//! Datasets and file formats, in host memory.

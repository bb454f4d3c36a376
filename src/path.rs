//! The path of least action between two groups of cells.
//!
//! Of all paths x(s) from one place to another, the one that asks least of a drift f beyond what f does by itself minimises
//! S = 1/2 ∫ |dx/ds - f(x, s)|^2 ds over the path and over the time that it takes. scNODE (Zhang et al., Bioinformatics 2024) looks for it between
//! the mean of the first cells and the mean of a type, in its latent space, with a general optimiser; the discrete action is the same here. It is a
//! sum of squares, so Gauss-Newton steps find its minimum: the drift is read at the middle of each step and differentiated
//! numerically, and neighbouring points alone hold each other, so that a step solves a block-tridiagonal system.
//!
//! All models give a drift in the study's own components, so paths of different models can be compared; a learned space is left through its decoder.
//! Of a model whose cells influence each other it is the intrinsic part: the path is that of a cell alone.

mod action;
mod ends;
mod finder;
mod genes;
mod newton;
mod search;

pub use finder::PathFinder;

use crate::data::Dataset;
use crate::error::Result;
use burn::tensor::Device;

/// A model whose cells have a drift when they are alone.
pub trait Drifts {
    /// The drift that single cells would have at row-major `states`, each at its own time in index units: row-major, per sampling interval.
    ///
    /// # Errors
    /// The device failed.
    fn drifts(
        &self,
        dataset: &Dataset,
        states: Vec<f32>,
        times: &[f64],
        device: &Device,
    ) -> impl Future<Output = Result<Vec<f32>>>;
}

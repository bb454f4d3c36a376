//! What is read off a model whose drift is that of a potential, and where single cells end.

use super::{Array, ModelKind};
use serde::{Deserialize, Serialize};

/// Ask for a potential over a plane of two axes of the model space.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LandscapeQuery {
    /// Whose potential.
    pub model: ModelKind,
    /// The axes of the plane.
    pub axes: [usize; 2],
    /// Time in index units; no matter where the potential does not change.
    pub time: f64,
    /// Points along each axis.
    pub resolution: usize,
}

impl Default for LandscapeQuery {
    fn default() -> Self {
        Self { model: ModelKind::default(), axes: [0, 1], time: 0.0, resolution: 64 }
    }
}

/// A potential over a plane. At each point of a grid the other components are those of the observed cells around it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Landscape {
    /// What was asked.
    pub query: LandscapeQuery,
    /// First and last coordinate of the grid along the first axis.
    pub x: [f32; 2],
    /// The same along the second axis.
    pub y: [f32; 2],
    /// The potential, `resolution` rows from the lowest y, each from the lowest x; not a number where no observed cells are around.
    pub values: Array<f32>,
}

/// Ask where copies of single cells end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FatesQuery {
    /// Which model moves the cells; one with noise.
    pub model: ModelKind,
    /// The cells, as indices in the dataset. Each begins at its own time point.
    pub cells: Array<u32>,
    /// Copies of each cell.
    pub copies: u32,
    /// Time in index units at which they end; none for the last time point.
    pub until: Option<f64>,
    /// Seed of the noise.
    pub seed: u32,
    /// Multiple of the model's diffusion.
    pub noise: f32,
}

impl Default for FatesQuery {
    fn default() -> Self {
        Self { model: ModelKind::default(), cells: Array::default(), copies: 200, until: None, seed: 0, noise: 1.0 }
    }
}

/// Where copies of single cells end: the types of the observed cells around their ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CellFates {
    /// What was asked.
    pub query: FatesQuery,
    /// Share of the copies that end as each type: cells x types.
    pub shares: Array<f32>,
    /// The most frequent type of each cell's copies, the first of several.
    pub types: Array<u16>,
    /// Observed cells that vote on the type of an end.
    pub neighbours: usize,
}

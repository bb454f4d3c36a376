//! Cells that start as genes and are seen in components.

use crate::data::{Clock, Dataset, GeneSpace};
use crate::error::{Error, Result};
use crate::models::scnode::Motion as LatentMotion;
use crate::product::product;
use crate::protocol::Change;
use crate::simulate::{CellStepper, Noise};
use crate::tensor::upload;
use burn::tensor::{Device, Tensor};

/// Cells in motion: as those of the form on components, but for their way in and out.
pub struct Motion {
    inner: LatentMotion,
    /// What is added to the genes of every cell at the start, `[1, genes]`.
    shift: Option<Tensor<2>>,
    seen: Seen,
}

/// The linear way from genes to components, on a device.
#[derive(Clone)]
pub(super) struct Seen {
    encode: Tensor<2>,
    offset: Tensor<2>,
}

impl Seen {
    pub(super) fn new(space: &GeneSpace, device: &Device) -> Self {
        let [genes, d] = [space.encode.rows, space.encode.cols];
        Self {
            encode: upload(space.encode.values.clone(), [genes, d], device),
            offset: upload(space.offset.clone(), [1, d], device),
        }
    }

    /// Velocities in components of velocities of genes.
    ///
    /// # Shapes
    /// - `velocities`: `[n, genes]`
    /// - output: `[n, d]`
    pub(super) fn push(&self, velocities: Tensor<2>) -> Tensor<2> {
        product(velocities, self.encode.clone())
    }

    fn cells(&self, genes: Tensor<2>) -> Tensor<2> {
        let rows = genes.dims()[0];
        let [_, d] = self.offset.dims();
        product(genes, self.encode.clone()) + self.offset.clone().expand([rows, d])
    }
}

impl Motion {
    pub(super) fn new(inner: LatentMotion, shift: Option<Tensor<2>>, space: &GeneSpace, device: &Device) -> Self {
        Self { inner, shift, seen: Seen::new(space, device) }
    }
}

impl CellStepper for Motion {
    fn clock(&self, dataset: &Dataset) -> Clock {
        self.inner.clock(dataset)
    }

    fn enter(&self, cells: Tensor<2>, noise: &mut Noise) -> Tensor<2> {
        let cells = match &self.shift {
            Some(shift) => cells.clone() + shift.clone().expand(cells.dims()),
            None => cells,
        };
        self.inner.enter(cells, noise)
    }

    fn step(&self, time: f64, dt: f64, state: Tensor<2>, noise: &mut Noise) -> Tensor<2> {
        self.inner.step(time, dt, state, noise)
    }

    fn leave(&self, state: Tensor<2>, dimensions: usize) -> Tensor<2> {
        self.seen.cells(self.inner.leave(state, dimensions))
    }
}

/// What changes add to the genes of every start cell, and the changes that are left.
///
/// # Errors
/// There is no such gene, or it is shifted by no finite number.
pub(super) fn shifts(changes: &[Change], genes: usize, device: &Device) -> Result<(Option<Tensor<2>>, Vec<Change>)> {
    let (mut sums, mut left) = (None, Vec::new());
    for change in changes {
        let Change::Shift { gene, by } = change else {
            left.push(change.clone());
            continue;
        };
        let sums = sums.get_or_insert_with(|| vec![0.0; genes]);
        let unknown = || Error::request(format!("There is no gene {gene}; the model has {genes}"));
        let sum = sums.get_mut(*gene).ok_or_else(unknown)?;
        if !by.is_finite() {
            return Err(Error::request("A gene can only be shifted by a finite number"));
        }
        *sum += by;
    }
    Ok((sums.map(|sums| upload(sums, [1, genes], device)), left))
}

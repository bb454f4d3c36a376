//! Principal components of large matrices: randomised block Krylov iteration.

use super::{Components, Rows, block, check_components, largest_eigen};
use crate::Result;
use crate::preprocess::cells_in_piece;
use crate::preprocess::covariance::Covariance;
use faer::{Accum, Mat};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use scimf_dense::{multiply, orthonormal, product};

/// Directions in a block beyond the components asked for (Halko, Martinsson, Tropp 2011, section 4.2).
const OVERSAMPLING: usize = 10;

/// The iteration ends when no variance changes by more than this share of itself.
const TOLERANCE: f64 = 1e-5;

/// Passes over the matrix at most.
const MOST_PASSES: usize = 12;

/// Components of chosen rows of a centred matrix, in progress: one pass over the cells for each block of directions.
///
/// Random directions are multiplied by the covariance again and again; the components are sought among all blocks together (Halko,
/// Martinsson, Shkolnisky, Tygert 2011; Musco, Musco 2015), which needs fewer passes than the last block alone where variances fall
/// slowly, as those of cells do beyond the first components. Each block is made orthogonal to the earlier ones. Memory beyond the
/// matrix: genes x (components + 10) numbers a pass.
pub struct Krylov {
    components: usize,
    /// Fewer components are found where the rank is smaller.
    at_most: bool,
    /// Orthonormal directions, genes x width each; the last is being multiplied.
    blocks: Vec<Mat<f64>>,
    /// Covariance (times cells - 1) times the last block, as far as the cells have been seen.
    image: Mat<f64>,
    /// Rows that the pass has seen.
    next: usize,
    /// Covariance (times cells - 1) between all directions.
    projected: Mat<f64>,
    /// Sums of squares along the components after the pass before.
    squares: Vec<f64>,
}

impl Krylov {
    /// Begins.
    ///
    /// # Errors
    ///
    /// If so many components cannot be had of a matrix of this shape.
    pub fn new(cells: usize, genes: usize, components: usize, seed: u64) -> Result<Self> {
        check_components(components, cells, genes)?;
        let rng = &mut ChaCha8Rng::seed_from_u64(seed);
        let width = genes.min(components + OVERSAMPLING);
        let random: Mat<f64> = Mat::from_fn(genes, width, |_, _| StandardNormal.sample(rng));
        Ok(Self {
            components,
            at_most: false,
            blocks: vec![orthonormal(&random)],
            image: Mat::zeros(genes, width),
            next: 0,
            projected: Mat::zeros(0, 0),
            squares: Vec::new(),
        })
    }

    /// Finds fewer components where the rank is smaller.
    #[must_use]
    pub fn at_most(self, at_most: bool) -> Self {
        Self { at_most, ..self }
    }

    /// Share that is done, 0 to 1, if eight passes are enough. A pass goes over so many rows.
    pub fn done(&self, rows: usize) -> f32 {
        ((self.blocks.len() as f32 - 1.0 + self.next as f32 / rows.max(1) as f32) / 8.0).min(1.0)
    }

    /// Multiplies some of the rows `cells`; returns the components after the last pass.
    ///
    /// # Errors
    ///
    /// If the rank of the matrix is less than the number of components.
    ///
    /// # Panics
    ///
    /// If there is no such row, or the matrix has not the number of genes it was begun with.
    pub fn advance(&mut self, matrix: &impl Rows, cells: &[u32]) -> Result<Option<Components>> {
        let directions = &self.blocks[self.blocks.len() - 1];
        let rows = cells_in_piece(4 * matrix.genes() * directions.ncols());
        let piece = &cells[self.next..cells.len().min(self.next + rows)];
        let values = block(matrix, piece.len(), |row| piece[row] as usize);
        let scores = product(values.as_ref(), directions.as_ref());
        multiply(self.image.as_mut(), Accum::Add, values.transpose(), scores.as_ref(), 1.0);
        self.next += piece.len();
        if self.next < cells.len() {
            return Ok(None);
        }
        self.next = 0;
        self.end_pass(cells.len())
    }

    /// Multiplies some rows of the covariance of so many cells, in the place of the cells themselves; returns the components after the last pass.
    ///
    /// # Errors
    ///
    /// As [`Self::advance`].
    pub(in crate::preprocess) fn advance_in(
        &mut self,
        covariance: &Covariance,
        cells: usize,
    ) -> Result<Option<Components>> {
        let directions = &self.blocks[self.blocks.len() - 1];
        let (genes, width) = (self.image.nrows(), self.image.ncols());
        let piece = self.next..genes.min(self.next + cells_in_piece(4 * genes * width));
        let image = self.image.submatrix_mut(piece.start, 0, piece.len(), width);
        multiply(image, Accum::Replace, covariance.rows(piece.clone()), directions.as_ref(), 1.0);
        self.next = piece.end;
        if self.next < genes {
            return Ok(None);
        }
        self.next = 0;
        self.end_pass(cells)
    }

    fn end_pass(&mut self, cells: usize) -> Result<Option<Components>> {
        self.project();
        let further = self.further();
        let last = further.is_none() || self.blocks.len() == MOST_PASSES;
        // The first two passes are never enough.
        if last || self.blocks.len() > 2 {
            let (vectors, squares) = largest_eigen(self.projected.as_ref(), self.components, self.at_most)?;
            let settled = |(new, old): (&f64, &f64)| (new - old).abs() <= TOLERANCE * new;
            let settled = !self.squares.is_empty() && squares.iter().zip(&self.squares).all(settled);
            if settled || last {
                return Ok(Some(Components::new(self.combine(&vectors), &squares, cells)));
            }
            self.squares = squares;
        }
        if let Some(further) = further {
            self.image = Mat::zeros(further.nrows(), further.ncols());
            self.blocks.push(further);
        }
        Ok(None)
    }

    /// Adds the last block to the projected covariance.
    fn project(&mut self) {
        let (old, width) = (self.projected.nrows(), self.image.ncols());
        let mut grown = Mat::zeros(old + width, old + width);
        grown.submatrix_mut(0, 0, old, old).copy_from(&self.projected);
        let mut row = 0;
        for block in &self.blocks {
            let covariance = product(block.transpose(), self.image.as_ref());
            let height = covariance.nrows();
            grown.submatrix_mut(row, old, height, width).copy_from(&covariance);
            grown.submatrix_mut(old, row, width, height).copy_from(covariance.transpose());
            row += height;
        }
        self.projected = grown;
    }

    /// The next block: what the image has beyond all directions so far; none if there is nothing.
    fn further(&self) -> Option<Mat<f64>> {
        let seen: usize = self.blocks.iter().map(Mat::ncols).sum();
        let width = self.image.ncols().min(self.image.nrows() - seen);
        let mut rest = self.image.submatrix(0, 0, self.image.nrows(), width).to_owned();
        self.remove_seen(&mut rest);
        if width == 0 || rest.norm_l2() <= 1e-9 * self.image.norm_l2() {
            return None;
        }
        // Once more, as rounding leaves a trace of the directions in what is small beside them.
        let mut rest = orthonormal(&rest);
        self.remove_seen(&mut rest);
        Some(orthonormal(&rest))
    }

    fn remove_seen(&self, rest: &mut Mat<f64>) {
        for block in &self.blocks {
            let along = product(block.transpose(), rest.as_ref());
            multiply(rest.as_mut(), Accum::Add, block.as_ref(), along.as_ref(), -1.0);
        }
    }

    /// Directions in genes (genes x components) of vectors among the blocks.
    fn combine(&self, vectors: &Mat<f64>) -> Mat<f64> {
        let mut combined = Mat::zeros(self.image.nrows(), vectors.ncols());
        let mut row = 0;
        for block in &self.blocks {
            let part = vectors.submatrix(row, 0, block.ncols(), vectors.ncols());
            multiply(combined.as_mut(), Accum::Add, block.as_ref(), part, 1.0);
            row += block.ncols();
        }
        combined
    }
}

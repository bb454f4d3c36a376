//! From counts to principal components, clusters and a plane to draw in, in host memory and in bounded pieces.

mod clusters;
mod covariance;
mod graph;
mod made;
mod markers;
mod modelling;
pub(crate) mod neighbours;
mod normalise;
pub mod pca;
mod preparing;
mod scale;
mod umap;
mod variable_genes;

pub use clusters::clusters;
pub use markers::Marking;
pub use preparing::Preparing;

/// How many cells of `each` operations are done in one piece, so that a piece takes a tenth of a second or so.
fn cells_in_piece(each: usize) -> usize {
    const OPERATIONS: usize = 100_000_000;
    (OPERATIONS / each.max(1)).max(1)
}

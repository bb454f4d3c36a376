//! From expression values to principal components: what is chosen, and what was done.

use super::MatrixSummary;
use serde::{Deserialize, Serialize};

/// What the numbers of an expression matrix are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ValueKind {
    /// Counts of molecules or reads: whole numbers from 0.
    Counts,
    /// Not negative, with fractions, not on a log scale: counts scaled to a library size, TPM, or expected counts.
    Normalised,
    /// log(1 + x) of such values.
    LogNormalised,
    /// Centred or z-scored: there are negative values.
    Scaled,
}

/// How variable genes are found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Flavour {
    /// Dispersion of log-normalised values within bins of the mean (scanpy's `seurat`; Satija et al. 2015).
    #[default]
    Seurat,
    /// Variance of counts after a variance-stabilising transformation (scanpy's `seurat_v3`; Stuart et al. 2019). Needs counts.
    Vst,
}

/// How many genes are kept, and by which rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariableGenes {
    /// Number of genes to keep; all are kept if the matrix has no more.
    pub count: usize,
    /// The rule.
    pub flavour: Flavour,
}

/// The steps from an expression matrix to the model space, in their order (paper, Methods, "Data preprocessing").
///
/// Everything that is fitted (genes, means, deviations, components) is fitted on the training time points and applied to all cells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Preprocessing {
    /// Matrix of the file: `X`, `raw/X` or `layers/…`.
    pub matrix: String,
    /// What its values are.
    pub values: ValueKind,
    /// Time points that nothing is fitted on, counted from 0 in the mapping's order.
    pub held_out: Vec<usize>,
    /// Variable genes to keep; none keeps all.
    pub variable_genes: Option<VariableGenes>,
    /// Sum of each cell over the kept genes after scaling; none leaves the cells as they are.
    pub target_sum: Option<f64>,
    /// Take log(1 + x).
    pub log1p: bool,
    /// Divide each gene by its standard deviation (all genes are centred).
    pub z_score: bool,
    /// Principal components to keep.
    pub components: usize,
    /// Fewer components are kept where there are not so many.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub at_most: bool,
}

impl Preprocessing {
    /// The paper's steps for a matrix of these values: 2,000 genes, 10,000 counts a cell, log1p, z-score, 50 components.
    pub fn of(matrix: &str, values: ValueKind) -> Self {
        let linear = matches!(values, ValueKind::Counts | ValueKind::Normalised);
        Self {
            matrix: matrix.into(),
            values,
            held_out: Vec::new(),
            variable_genes: (values != ValueKind::Scaled)
                .then_some(VariableGenes { count: 2000, flavour: Flavour::Seurat }),
            target_sum: linear.then_some(1e4),
            log1p: linear,
            z_score: values != ValueKind::Scaled,
            components: 50,
            at_most: true,
        }
    }

    /// As [`Self::of`], for a matrix of so many cells as it is: all genes are kept where there are not more than would be chosen.
    pub fn proposed(matrix: &MatrixSummary, cells: usize) -> Self {
        let steps = Self::of(&matrix.name, matrix.values);
        Self {
            variable_genes: steps.variable_genes.filter(|rule| rule.count < matrix.genes),
            // Centred cells span one dimension less than there are cells.
            components: steps.components.min(matrix.genes).min(cells.saturating_sub(1)).max(2),
            ..steps
        }
    }
}

/// UMAP for display (McInnes, Healy, Melville 2018; defaults as umap-learn's).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct UmapSettings {
    /// Neighbours of a cell, itself included.
    pub neighbours: usize,
    /// Smallest distance between points in the plane.
    pub minimum_distance: f32,
    /// Seed of the negative samples.
    pub seed: u32,
}

impl Default for UmapSettings {
    fn default() -> Self {
        Self { neighbours: 15, minimum_distance: 0.1, seed: 0 }
    }
}

/// What was done to a dataset before it came to the model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Preparation {
    /// The steps, with the numbers that were used.
    pub steps: Preprocessing,
    /// How the values were recognised, in one sentence.
    pub evidence: String,
    /// Cells that the steps were fitted on.
    pub fitted_cells: usize,
    /// Genes kept.
    pub genes: usize,
    /// Variance of each component over the fitted cells, in falling order.
    pub explained_variance: Vec<f32>,
    /// Variance of all kept genes over the fitted cells, after the last step before the components.
    pub total_variance: f32,
}

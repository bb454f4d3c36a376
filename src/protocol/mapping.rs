//! How the columns and arrays of a file become a dataset.

mod content;

pub use content::{Content, Slices};

use super::{Clusters, Preprocessing, UmapSettings, ValueKind};
use serde::{Deserialize, Serialize};

/// A file as its user named it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct File {
    /// File name, for its extension and for messages.
    pub name: String,
    /// What is in it.
    pub bytes: Content,
}

/// What is in a file that needs a mapping.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileSummary {
    /// File name.
    pub name: String,
    /// Number of cells.
    pub cells: usize,
    /// Number of genes.
    pub genes: usize,
    /// Columns of the cell annotation (`obs`).
    pub columns: Vec<Column>,
    /// Arrays with one row per cell (`obsm`).
    pub spaces: Vec<SpaceSummary>,
    /// Expression matrices, from which a model space can be computed.
    pub matrices: Vec<MatrixSummary>,
    /// Things the user should know, in whole sentences.
    pub notes: Vec<String>,
}

/// One annotation of the cells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// Its name in the file.
    pub name: String,
    /// What it holds.
    pub kind: ColumnKind,
    /// Number of different values, missing ones not counted.
    pub distinct: usize,
    /// Number of cells without a value.
    pub missing: usize,
    /// The different values in the order they would have as time points; empty if there are more than 100.
    pub levels: Vec<Level>,
    /// Where that order comes from.
    pub order: OrderSource,
    /// It can be used as time: 2 to 60 different values. Cells without one are left out.
    pub can_be_time: bool,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ColumnKind {
    /// Categories or text.
    Text,
    /// Integers or floating point numbers.
    Number,
    /// True or false.
    Boolean,
}

/// One value of a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    /// The value as text.
    pub label: String,
    /// Number of cells that have it.
    pub cells: usize,
    /// It says of itself that it is no time, such as `Unassigned`: it is not proposed as a time point.
    #[serde(default)]
    pub no_time: bool,
}

/// Where the order of a column's values comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OrderSource {
    /// The file declares ordered categories.
    Declared,
    /// The numbers in the labels: `day 10` after `day 2`.
    Number,
    /// Numbers and what stands beside them: units are converted, a control comes before days, E before P, `<` before ranges and `>` after them.
    Convention,
    /// A number among other words, or at the beginning of a label; the user should look at it.
    Guessed,
    /// Nothing; the values are in the order of the file and the user has to confirm them.
    Unknown,
}

/// One array with a row per cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpaceSummary {
    /// Its name in the file, such as `X_pca`.
    pub name: String,
    /// Number of its columns.
    pub dimensions: usize,
}

/// Name of the matrix of several files with every gene that one of them has, instead of those that all have.
pub const GENES_OF_ANY_FILE: &str = "X, genes of any file";

/// One expression matrix, cells x genes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatrixSummary {
    /// Its name in the file: `X`, `raw/X` or `layers/…`; of several files `X` or [`GENES_OF_ANY_FILE`].
    pub name: String,
    /// Number of its genes.
    pub genes: usize,
    /// What its values are.
    pub values: ValueKind,
    /// How they were recognised, in one sentence.
    pub evidence: String,
}

/// The user's choice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mapping {
    /// Column that holds the time of each cell; empty in a proposal where it has to be chosen.
    pub time: String,
    /// Labels of the time points in order, each once. Cells of other values of the column, and cells without one, are left out.
    pub time_order: Vec<String>,
    /// Column that holds the cell type; none if the study has no types.
    pub cell_type: Option<String>,
    /// Clusters in the place of types, where no column holds types; none draws and summarises all cells together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clusters: Option<Clusters>,
    /// Column that holds the sample of each cell; none if all cells of a time point are one population.
    pub sample: Option<String>,
    /// Where the model works.
    pub model_space: ModelSpace,
    /// Where the cells are drawn first.
    pub display_space: DisplaySpace,
}

/// Where the model works.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ModelSpace {
    /// An array of the file, such as `X_pca`.
    Stored(String),
    /// Principal components computed here.
    Computed(Preprocessing),
}

/// Where the cells are drawn first. The axes of the model space can be chosen besides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum DisplaySpace {
    /// The first two axes of the model space.
    Components,
    /// An array of the file, such as `X_umap`.
    Stored(String),
    /// UMAP of the model space, computed here.
    Umap(UmapSettings),
}

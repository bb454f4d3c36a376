//! What a front end knows about the open dataset.

use super::{Array, ModelKind, Preparation, Space};
use serde::{Deserialize, Serialize};

/// Everything about a dataset that is not per cell.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DatasetSummary {
    /// Name for titles: the manifest's name or the file name without extension.
    pub name: String,
    /// SHA-256 of the numbers and labels that a model is fitted to; the same whatever file they came in.
    #[serde(default)]
    pub fingerprint: String,
    /// Number of cells.
    pub cells: usize,
    /// Dimensions of the model space (principal components).
    pub dimensions: usize,
    /// Name of the axes of the model space, such as `PC`.
    pub axis: String,
    /// Number of genes that the loadings cover; 0 without loadings.
    pub genes: usize,
    /// The genes whose measured expression can be shown; none if the file had no values.
    pub measured: Option<MeasuredGenes>,
    /// The time points, in order.
    pub time_points: Vec<TimePoint>,
    /// The cell types, in a fixed order; a single type "all cells" when the data has none.
    pub cell_types: Vec<CellType>,
    /// The samples; empty where all cells of a time point are one population.
    pub samples: Vec<Sample>,
    /// Interactions that were planted in a simulated tissue: a strength for each receiver (row) and sender (column), 0 where there is none, negative
    /// away from the sender. Empty where none are known.
    #[serde(default)]
    pub planted: Vec<f32>,
    /// Spaces to offer: all embeddings and the usual planes of components; the first is the default. Any other two components span one too.
    pub spaces: Vec<Space>,
    /// The cells were made by the generator, not measured; the page must say so.
    pub simulated: bool,
    /// Time points that preprocessing did not see, or that the file names as held out: the ones to evaluate on.
    pub held_out: Vec<usize>,
    /// How the model space was computed here; none if it came with the file.
    pub preparation: Option<Preparation>,
    /// Annotations of the cells to colour by, besides time and type.
    pub columns: Vec<CellColumn>,
    /// Things the user should know, in whole sentences: values that were missing, columns that were guessed.
    pub notes: Vec<String>,
}

/// One snapshot of the population.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimePoint {
    /// The study's own label, such as `day 4` or `10 hpf`.
    pub label: String,
    /// The number in the label, for real spacing on an axis; none if the label holds no number.
    pub value: Option<f64>,
    /// Number of cells.
    pub cells: usize,
}

/// A cell type of the study.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellType {
    /// Its name, to be shown as text only.
    pub name: String,
    /// The study's own colour as `#rrggbb`, if it has one.
    pub color: Option<String>,
    /// Number of cells over all time points.
    pub cells: usize,
}

/// The cells of a dataset sorted into types.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typing {
    /// The types, in order; their numbers of cells follow from `of`.
    pub types: Vec<CellType>,
    /// Type of each cell.
    pub of: Array<u32>,
}

/// A population that lived together, over its time points: a donor, a replicate, a genotype, a culture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// Its name, to be shown as text only.
    pub name: String,
    /// Cell types that it lacks, in rising order.
    pub lacks: Vec<usize>,
    /// What it lacks follows from its first population; a file did not say it.
    pub proposed: bool,
    /// Number of cells over all time points.
    pub cells: usize,
}

/// Everything per cell that a scatter plot needs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Cells {
    /// Coordinates in the default space: x, y of each cell.
    pub positions: Array<f32>,
    /// Time point of each cell.
    pub times: Array<u32>,
    /// Type of each cell.
    pub cell_types: Array<u32>,
    /// Sample of each cell; empty where the study has no samples.
    pub samples: Array<u32>,
}

/// Genes with their measured expression.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeasuredGenes {
    /// Number of genes.
    pub genes: usize,
    /// What the shown values are, in a word, such as `log-normalised`.
    pub unit: String,
}

/// An annotation of the cells.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellColumn {
    /// Name in the file, to be shown as text only.
    pub name: String,
    /// The levels of a category; empty for numbers.
    pub levels: Vec<String>,
}

/// Ask for a value for each cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ValuesQuery {
    /// An annotation, as its index in [`DatasetSummary::columns`].
    Column(usize),
    /// Expression of a gene, decoded through the loadings; an index among the names of [`super::Command::Genes`].
    Gene(usize),
    /// Expression of a gene as it was measured; an index among the names of [`super::Event::MeasuredGenes`].
    Measured(usize),
    /// Largest real part of the eigenvalues of each cell's operator: its growth rate per mean sampling interval.
    Growth,
    /// The potential of a model at each cell and its own time. Cells move down; only differences count.
    Potential(ModelKind),
    /// How far the potential of a model is from the law that it was trained to obey, at each cell and its own time; per unit of the data's time
    /// labels. Where it is large, the potential is not to be trusted.
    Residual(ModelKind),
    /// What each start cell weighs in the training of a model for its last time point, 1 in the mean; NaN for other cells.
    GrowthWeight(ModelKind),
}

/// A value for each cell of the dataset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CellValues {
    /// What was asked.
    pub query: ValuesQuery,
    /// Numbers, or positions in [`CellColumn::levels`]; NaN where there is no value.
    pub values: Array<f32>,
}

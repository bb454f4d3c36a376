//! A study whose columns are settled but whose model space may still have to be computed.

use crate::data::Dataset;
use crate::data::expression::Expression;
use crate::protocol::{Clusters, Preprocessing, UmapSettings};

/// What a mapping makes of a study, for [`crate::preprocess::Preparing`] to complete.
#[derive(Clone, Debug, PartialEq)]
pub struct Unprepared {
    /// The dataset; without states and decoder if they are to be computed, and without the embedding that UMAP gives.
    pub dataset: Dataset,
    /// What the model space is computed from; none if the dataset has it.
    pub counts: Option<Counts>,
    /// Clusters of the model space to find in the place of types.
    pub clusters: Option<Clusters>,
    /// UMAP to compute of the model space for drawing.
    pub umap: Option<UmapSettings>,
}

/// Expression values with the steps that lead from them to the model space.
#[derive(Clone, Debug, PartialEq)]
pub struct Counts {
    /// Cells x genes.
    pub expression: Expression,
    /// Names of the genes.
    pub genes: Vec<String>,
    /// What to do with them.
    pub steps: Preprocessing,
    /// How the values were recognised, in one sentence.
    pub evidence: String,
}

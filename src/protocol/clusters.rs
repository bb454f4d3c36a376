//! Clusters of cells that have no types, and the genes that mark them.

use serde::{Deserialize, Serialize};

/// Clusters in the place of cell types: Leiden communities among the neighbours of cells in the model space (Traag, Waltman, van Eck 2019).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Clusters {
    /// Resolution of the modularity: more makes smaller clusters.
    pub resolution: f64,
    /// Seed of the order in which cells are looked at.
    pub seed: u32,
    /// What the clusters are called, the largest first; `cluster 1` and so on where a name is missing or empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
}

impl Default for Clusters {
    fn default() -> Self {
        Self { resolution: 1.0, seed: 0, names: Vec::new() }
    }
}

impl Clusters {
    /// What a cluster is called, counted from 0.
    pub fn name(&self, cluster: usize) -> String {
        let named = self.names.get(cluster).map(|name| name.trim()).filter(|name| !name.is_empty());
        named.map_or_else(|| format!("cluster {}", cluster + 1), str::to_owned)
    }
}

/// A gene that is higher in the cells of a type than in all others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Marker {
    /// Its name.
    pub gene: String,
    /// z-score of Wilcoxon's rank-sum test of the type against all other cells, with ties.
    pub score: f64,
    /// log2 of the ratio of the mean expressions; none where values are scaled, so that they have no ratio.
    pub log2_fold_change: Option<f64>,
    /// Two-sided p value of the score.
    pub p_value: f64,
    /// The p value corrected for all genes (Benjamini, Hochberg 1995).
    pub adjusted_p_value: f64,
}

/// Genes that mark the types of a dataset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Markers {
    /// For each type the genes with the highest scores, the highest first. Types of fewer than two cells have none.
    pub types: Vec<Vec<Marker>>,
    /// Number of genes that were tested.
    pub tested: usize,
}

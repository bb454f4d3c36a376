//! The genes that the loadings cover.

use leptos::prelude::*;
use std::sync::Arc;

/// Genes of the open dataset.
#[derive(Clone, Copy, Default)]
pub struct Genes {
    /// Their names; empty without loadings, and until they have come.
    pub names: RwSignal<Arc<Vec<String>>>,
}

impl Genes {
    /// Name of a gene.
    pub fn name(&self, gene: usize) -> String {
        self.names.with(|names| names.get(gene).cloned()).unwrap_or_else(|| format!("gene {}", gene + 1))
    }
}

//! The genes of the open dataset: those that the loadings cover, and those whose measured values can be shown.

use super::{ColorBy, State};
use crate::prelude::*;
use std::{collections::HashSet, sync::Arc};

/// Where the expression comes from that cells are coloured by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// The file's values.
    #[default]
    Measured,
    /// The model space, through the loadings.
    Decoded,
}

/// Genes of the open dataset.
#[derive(Clone, Copy, Default)]
pub struct Genes {
    /// Names of those that the loadings cover; empty without loadings, and until they have come.
    pub names: RwSignal<Arc<Vec<String>>>,
    /// Names of those with measured values.
    pub measured: RwSignal<Arc<Vec<String>>>,
    /// Which expression the user wants to colour by, where there are both.
    pub source: RwSignal<Source>,
}

impl Genes {
    /// Name of a gene that the loadings cover.
    pub fn name(&self, gene: usize) -> String {
        self.names.with(|names| names.get(gene).cloned()).unwrap_or_else(|| format!("gene {}", gene + 1))
    }

    /// Names of all known genes, in lower case.
    pub fn known(&self) -> HashSet<String> {
        let lower = |names: &Arc<Vec<String>>| names.iter().map(|name| name.to_lowercase()).collect::<Vec<_>>();
        [self.names, self.measured].into_iter().flat_map(|names| names.with(lower)).collect()
    }

    /// Forgets the genes of the former dataset.
    pub(super) fn forget(&self) {
        self.names.set(Arc::default());
        self.measured.set(Arc::default());
    }

    /// Names of the genes of a source.
    pub fn of(&self, source: Source) -> Arc<Vec<String>> {
        match source {
            Source::Measured => self.measured.get(),
            Source::Decoded => self.names.get(),
        }
    }
}

impl Source {
    /// The colours of a gene.
    pub fn color(self, gene: usize) -> ColorBy {
        match self {
            Self::Measured => ColorBy::Measured(gene),
            Self::Decoded => ColorBy::Gene(gene),
        }
    }
}

impl State {
    /// Whether the open dataset has measured and decoded expression.
    pub fn expression(&self) -> [bool; 2] {
        self.dataset
            .with(|it| it.as_ref().map_or([false; 2], |it| [it.summary.measured.is_some(), it.summary.genes > 0]))
    }

    /// The expression that cells are coloured by, or will be when a gene is chosen.
    pub fn expression_source(&self) -> Source {
        match (self.color_by.get(), self.expression()) {
            (ColorBy::Measured(_), _) | (_, [true, false]) => Source::Measured,
            (ColorBy::Gene(_), _) | (_, [false, _]) => Source::Decoded,
            _ => self.genes.source.get(),
        }
    }

    /// Name of the gene that cells are coloured by.
    pub fn colored_gene(&self) -> Option<String> {
        match self.color_by.get() {
            ColorBy::Measured(gene) => self.genes.measured.with(|names| names.get(gene).cloned()),
            ColorBy::Gene(gene) => self.genes.names.with(|names| names.get(gene).cloned()),
            _ => None,
        }
    }

    /// Goes over to the other expression, of the same gene if it is there; else another gene is to be chosen.
    pub fn choose_expression(&self, source: Source) {
        let (name, names) = untrack(|| (self.colored_gene(), self.genes.of(source)));
        self.genes.source.set(source);
        let Some(name) = name else { return };
        match names.iter().position(|other| *other == name) {
            Some(gene) => self.color_by.set(source.color(gene)),
            None => {
                self.color_by.set(ColorBy::Type);
                self.cells.seeking.set(true);
            }
        }
    }
}

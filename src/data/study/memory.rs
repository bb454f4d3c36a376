//! The expression values of a study that is held in memory.

use super::matrix_summary;
use crate::data::Matrix;
use crate::data::expression::Expression;
use crate::protocol::{GENES_OF_ANY_FILE, MatrixSummary};

/// Name of the expression matrix of a study that has one; of several files it has the genes that all of them have.
const ONLY_MATRIX: &str = "X";

/// What a study in memory has.
pub(in crate::data) struct Memory {
    expression: Expression,
    genes: Vec<String>,
    /// Which genes all files of a joined study have; empty where only one matrix is offered.
    shared: Vec<bool>,
    pub(super) spaces: Vec<(String, Matrix)>,
}

impl Memory {
    /// One matrix with the names of its genes, and of a joined study which of them all files have: none where only one matrix is offered.
    pub(super) fn new(expression: Expression, genes: Vec<String>, shared: Vec<bool>) -> Self {
        Self { expression, genes, shared, spaces: Vec::new() }
    }

    /// The matrices that can be chosen.
    pub(super) fn matrices(&self) -> Vec<MatrixSummary> {
        match (self.genes.is_empty(), self.shared.is_empty()) {
            (true, _) => Vec::new(),
            (_, true) => vec![matrix_summary(ONLY_MATRIX, &self.expression)],
            (_, false) => vec![
                matrix_summary(ONLY_MATRIX, &self.expression.keep_genes(&self.shared)),
                matrix_summary(GENES_OF_ANY_FILE, &self.expression),
            ],
        }
    }

    /// The best matrix with the names of its genes.
    pub(super) fn best(&self) -> (Expression, Vec<String>) {
        self.genes_but(ONLY_MATRIX, &[])
    }

    /// A matrix with the names of its genes, but for some columns that were taken for genes.
    pub(super) fn genes_but(&self, matrix: &str, names: &[&String]) -> (Expression, Vec<String>) {
        let all = matrix == GENES_OF_ANY_FILE || self.shared.is_empty();
        let keeps = |(at, gene): (usize, &String)| (all || self.shared[at]) && !names.contains(&gene);
        let keep: Vec<bool> = self.genes.iter().enumerate().map(keeps).collect();
        if keep.iter().all(|keep| *keep) {
            return (self.expression.clone(), self.genes.clone());
        }
        let genes = self.genes.iter().zip(&keep).filter(|(_, keep)| **keep).map(|(gene, _)| gene.clone()).collect();
        (self.expression.keep_genes(&keep), genes)
    }

    /// What a user should know of genes that not all files have: of the matrix that was chosen, or before one is.
    pub(super) fn note(&self, chosen: Option<&str>) -> Option<String> {
        let some = self.shared.iter().filter(|shared| !**shared).count();
        let taken = "as zeros in the cells of files without them.";
        let what = match chosen {
            None => format!("“{ONLY_MATRIX}” leaves them out; “{GENES_OF_ANY_FILE}” takes them in, {taken}"),
            Some(GENES_OF_ANY_FILE) => format!("They were taken in, {taken}"),
            Some(_) => "They were left out.".into(),
        };
        (some > 0).then(|| format!("Genes that are not in all files: {some}. {what}"))
    }
}

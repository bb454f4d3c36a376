//! Genes that vary more between cells than genes of their mean do.

mod dispersion;
mod loess;

use crate::Result;
use crate::data::unprepared::Counts;
use crate::preprocess::cells_in_piece;
use crate::preprocess::normalise::visit;
use crate::protocol::{Flavour, ValueKind, VariableGenes};
use dispersion::normalised_dispersion;
use loess::loess;

/// Library size on which dispersions are compared (scanpy's usual `normalize_total`).
const LIBRARY_SIZE: f64 = 1e4;

/// Share of the genes that a local regression sees (Stuart et al. 2019).
const SPAN: f64 = 0.3;

/// The choice of genes, in progress.
pub(super) struct Selection {
    rule: VariableGenes,
    /// Sum and sum of squares of each gene.
    sums: Vec<f64>,
    squares: Vec<f64>,
    next: usize,
    clipping: Option<Clipping>,
}

/// The second pass of the variance-stabilising transformation.
struct Clipping {
    means: Vec<f64>,
    /// Standard deviation that a gene of this mean should have.
    deviations: Vec<f64>,
    /// Values above are taken as this.
    limits: Vec<f64>,
}

impl Selection {
    pub(super) fn new(rule: VariableGenes, genes: usize) -> Self {
        Self { rule, sums: vec![0.0; genes], squares: vec![0.0; genes], next: 0, clipping: None }
    }

    /// Share that is done, 0 to 1.
    pub(super) fn done(&self, cells: usize) -> f32 {
        let pass = self.next as f32 / cells.max(1) as f32;
        match (self.rule.flavour, &self.clipping) {
            (Flavour::Seurat, _) => pass,
            (Flavour::Vst, None) => pass / 2.0,
            (Flavour::Vst, Some(_)) => 0.5 + pass / 2.0,
        }
    }

    /// Looks at some of the cells; returns the chosen genes, in the file's order, after the last.
    ///
    /// # Errors
    ///
    /// If a value cannot be; names its cell and gene.
    pub(super) fn advance(&mut self, counts: &Counts, cells: &[u32]) -> Result<Option<Vec<usize>>> {
        let until = cells.len().min(self.next + cells_in_piece(20 * counts.genes.len()));
        for cell in &cells[self.next..until] {
            self.add(counts, *cell as usize)?;
        }
        self.next = until;
        if until < cells.len() {
            return Ok(None);
        }
        let fitted = cells.len() as f64;
        if let Some(clipping) = &self.clipping {
            let score = |gene: usize| {
                let (mean, deviation) = (clipping.means[gene], clipping.deviations[gene]);
                let spread = fitted * mean * mean + self.squares[gene] - 2.0 * self.sums[gene] * mean;
                spread / ((fitted - 1.0) * deviation * deviation)
            };
            return Ok(Some(self.best((0..counts.genes.len()).map(score).collect())));
        }
        let means: Vec<f64> = self.sums.iter().map(|sum| sum / fitted).collect();
        let variances = self.variances(fitted);
        if self.rule.flavour == Flavour::Seurat {
            return Ok(Some(self.best(normalised_dispersion(&means, &variances))));
        }
        let deviations = expected_deviations(&means, &variances);
        let limits = means.iter().zip(&deviations).map(|(mean, deviation)| deviation * fitted.sqrt() + mean).collect();
        *self = Self::new(self.rule, means.len());
        self.clipping = Some(Clipping { means, deviations, limits });
        Ok(None)
    }

    fn add(&mut self, counts: &Counts, cell: usize) -> Result<()> {
        let (sums, squares) = (&mut self.sums, &mut self.squares);
        let mut add = |gene: usize, value: f64| {
            sums[gene] += value;
            squares[gene] += value * value;
        };
        match (self.rule.flavour, &self.clipping) {
            (Flavour::Vst, None) => visit(counts, cell, add),
            (Flavour::Vst, Some(clipping)) => {
                visit(counts, cell, |gene, value| add(gene, value.min(clipping.limits[gene])))
            }
            (Flavour::Seurat, _) if counts.steps.values == ValueKind::LogNormalised => {
                visit(counts, cell, |gene, value| add(gene, value.exp_m1()))
            }
            (Flavour::Seurat, _) => {
                let mut size = 0.0;
                visit(counts, cell, |_, value| size += value)?;
                let factor = if size > 0.0 { LIBRARY_SIZE / size } else { 0.0 };
                visit(counts, cell, |gene, value| add(gene, value * factor))
            }
        }
    }

    /// Variance of each gene (divided by cells - 1); exactly 0 for whole numbers that are all equal.
    fn variances(&self, cells: f64) -> Vec<f64> {
        let variance = |(sum, square): (&f64, &f64)| {
            let spread = cells * square - sum * sum;
            if spread > 1e-13 * cells * square { spread / (cells * (cells - 1.0)) } else { 0.0 }
        };
        self.sums.iter().zip(&self.squares).map(variance).collect()
    }

    /// The genes of highest score, in the file's order; NaN comes last.
    fn best(&self, scores: Vec<f64>) -> Vec<usize> {
        let scores: Vec<f64> =
            scores.into_iter().map(|score| if score.is_nan() { f64::NEG_INFINITY } else { score }).collect();
        let mut genes: Vec<usize> = (0..scores.len()).collect();
        genes.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
        genes.truncate(self.rule.count);
        genes.sort_unstable();
        genes
    }
}

/// Standard deviation of counts as their mean explains it: a local regression on the log scale; 1 for genes that do not vary.
fn expected_deviations(means: &[f64], variances: &[f64]) -> Vec<f64> {
    let varying: Vec<usize> = (0..means.len()).filter(|gene| variances[*gene] > 0.0).collect();
    let x: Vec<f64> = varying.iter().map(|gene| means[*gene].log10()).collect();
    let y: Vec<f64> = varying.iter().map(|gene| variances[*gene].log10()).collect();
    let mut deviations = vec![1.0; means.len()];
    for (gene, fitted) in varying.iter().zip(loess(&x, &y, SPAN)) {
        deviations[*gene] = 10f64.powf(fitted).sqrt();
    }
    deviations
}

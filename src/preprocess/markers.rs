//! Genes that mark the types of cells: Wilcoxon's rank-sum test of a type against all other cells, as scanpy's `rank_genes_groups` does it.

use crate::data::{Dataset, Measured};
use crate::protocol::{Marker, Markers};
use crate::{Error, Result};

/// What scanpy adds to a mean before it takes the logarithm of a ratio.
const LITTLE: f64 = 1e-9;
/// Sum that cells of counts are scaled to before their logarithm is taken.
const SUM: f32 = 1e4;
/// Values and types of genes that are looked at in one piece.
const VALUES_IN_PIECE: usize = 1_000_000;

/// A search for markers in progress.
pub struct Marking {
    /// Genes to return of each type.
    count: usize,
    /// Number of cells of each type.
    sizes: Vec<f64>,
    /// What the values of each cell are multiplied by before the logarithm, where they are counts.
    factors: Option<Vec<f32>>,
    /// Tested genes so far.
    next: usize,
    /// Score and log2 of the fold change of each gene so far, type by type.
    scores: Vec<Vec<f64>>,
    folds: Vec<Vec<f64>>,
}

impl Marking {
    /// Begins; at the end there are `count` genes for each type.
    ///
    /// # Errors
    ///
    /// If the dataset has no measured values.
    pub fn new(dataset: &Dataset, count: usize) -> Result<Self> {
        let measured = measured(dataset)?;
        let mut sizes = vec![0.0f64; dataset.types.len()];
        dataset.cell_types.iter().for_each(|own| sizes[*own as usize] += 1.0);
        let factors = match measured.unit == "counts" && !measured.log1p {
            true => Some(factors(measured)?),
            false => None,
        };
        let types = sizes.len();
        Ok(Self { count, sizes, factors, next: 0, scores: vec![Vec::new(); types], folds: vec![Vec::new(); types] })
    }

    /// Share that is done, 0 to 1.
    pub fn progress(&self, dataset: &Dataset) -> f32 {
        let genes = dataset.measured.as_ref().map_or(0, |measured| measured.genes.len());
        self.next as f32 / genes.max(1) as f32
    }

    /// Does one bounded piece of work; returns the markers after the last. `dataset` is the one it was begun with.
    ///
    /// # Errors
    ///
    /// If the dataset has no measured values.
    pub fn advance(&mut self, dataset: &Dataset) -> Result<Option<Markers>> {
        let measured = measured(dataset)?;
        let mut looked_at = 0;
        while self.next < measured.genes.len() && looked_at < VALUES_IN_PIECE {
            looked_at += self.test(measured, &dataset.cell_types)? + self.sizes.len();
            self.next += 1;
        }
        Ok((self.next == measured.genes.len()).then(|| self.found(&measured.genes)))
    }

    /// Tests the next gene; returns how many values it has.
    fn test(&mut self, measured: &Measured, types: &[u32]) -> Result<usize> {
        let mut stored: Vec<(f32, u32)> = Vec::new();
        measured.visit(self.next, |cell, value| {
            let scaled = |factors: &Vec<f32>| (value * factors[cell as usize]).ln_1p();
            let value = self.factors.as_ref().map_or(value, scaled);
            if value != 0.0 {
                stored.push((value, types[cell as usize]));
            }
        })?;
        stored.sort_by(|a, b| a.0.total_cmp(&b.0));
        let total = types.len() as f64;
        let Ranked { ranks, ties, sums } = Ranked::of(&stored, &self.sizes, total);
        let all: f64 = sums.iter().sum();
        let correction = 1.0 - ties / (total.powi(3) - total).max(f64::MIN_POSITIVE);
        let logged = self.factors.is_some() || measured.log1p || measured.unit.starts_with("log");
        let linear = |mean: f64| if logged { mean.exp_m1() } else { mean } + LITTLE;
        for (own, n) in self.sizes.iter().enumerate() {
            let rest = total - n;
            let deviation = (correction * n * rest * (total + 1.0) / 12.0).sqrt();
            let score = (ranks[own] - n * (total + 1.0) / 2.0) / deviation;
            self.scores[own].push(if score.is_finite() { score } else { 0.0 });
            let [mean, others] = [sums[own] / n.max(1.0), (all - sums[own]) / rest.max(1.0)];
            // Values that were centred have no ratio.
            let fold = if measured.unit == "scaled" { f64::NAN } else { (linear(mean) / linear(others)).log2() };
            self.folds[own].push(fold);
        }
        Ok(stored.len())
    }

    fn found(&self, genes: &[String]) -> Markers {
        let cells: f64 = self.sizes.iter().sum();
        let best = |own: usize| {
            if self.sizes[own] < 2.0 || self.sizes[own] == cells {
                return Vec::new();
            }
            let scores = &self.scores[own];
            let p: Vec<f64> = scores.iter().map(|score| erfc(score.abs() / std::f64::consts::SQRT_2)).collect();
            let adjusted = adjusted(&p);
            let mut order: Vec<usize> = (0..genes.len()).collect();
            order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]).then(a.cmp(b)));
            let marker = |gene: usize| Marker {
                gene: genes[gene].clone(),
                score: scores[gene],
                log2_fold_change: Some(self.folds[own][gene]).filter(|fold| fold.is_finite()),
                p_value: p[gene],
                adjusted_p_value: adjusted[gene],
            };
            order.into_iter().take(self.count).map(marker).collect()
        };
        Markers { types: (0..self.sizes.len()).map(best).collect(), tested: genes.len() }
    }
}

fn measured(dataset: &Dataset) -> Result<&Measured> {
    dataset.measured.as_ref().filter(|measured| !measured.genes.is_empty()).ok_or_else(|| {
        Error::request("this dataset has no expression values, so no gene can mark a type")
            .remedy("Open a file with an expression matrix.")
    })
}

/// What brings the counts of each cell to the same sum.
fn factors(measured: &Measured) -> Result<Vec<f32>> {
    let mut sums = vec![0.0f64; measured.cells];
    for gene in 0..measured.genes.len() {
        measured.visit(gene, |cell, value| sums[cell as usize] += f64::from(value))?;
    }
    Ok(sums.into_iter().map(|sum| if sum > 0.0 { (f64::from(SUM) / sum) as f32 } else { 1.0 }).collect())
}

/// The values of a gene by their ranks.
struct Ranked {
    /// Sum of the ranks of each type among all cells.
    ranks: Vec<f64>,
    /// Sum of t^3 - t over ties of t cells.
    ties: f64,
    /// Sum of the values of each type.
    sums: Vec<f64>,
}

impl Ranked {
    /// Of the values that are not zero, in rising order with their types. The zeros of all other cells are one tie.
    fn of(stored: &[(f32, u32)], sizes: &[f64], cells: f64) -> Self {
        let (mut ranks, mut sums) = (vec![0.0; sizes.len()], vec![0.0; sizes.len()]);
        let mut kept = vec![0.0; sizes.len()];
        let below = stored.partition_point(|(value, _)| *value < 0.0);
        let zeros = cells - stored.len() as f64;
        let mut ties = zeros.powi(3) - zeros;
        let mut at = 0;
        while at < stored.len() {
            let end = at + stored[at..].partition_point(|(value, _)| *value <= stored[at].0);
            let tied = (end - at) as f64;
            let before = at as f64 + if at >= below { zeros } else { 0.0 };
            ties += tied.powi(3) - tied;
            for (value, own) in &stored[at..end] {
                let own = *own as usize;
                ranks[own] += before + (tied + 1.0) / 2.0;
                sums[own] += f64::from(*value);
                kept[own] += 1.0;
            }
            at = end;
        }
        let rank_of_zero = below as f64 + (zeros + 1.0) / 2.0;
        for (rank, (size, kept)) in ranks.iter_mut().zip(sizes.iter().zip(kept)) {
            *rank += rank_of_zero * (size - kept);
        }
        Self { ranks, ties, sums }
    }
}

/// P values corrected for so many tests (Benjamini, Hochberg 1995).
fn adjusted(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| p[*b].total_cmp(&p[*a]));
    let (mut adjusted, mut least) = (vec![1.0; p.len()], 1.0f64);
    for (place, gene) in order.into_iter().enumerate() {
        least = least.min(p[gene] * p.len() as f64 / (p.len() - place) as f64);
        adjusted[gene] = least;
    }
    adjusted
}

/// The complementary error function for x >= 0, to 1.2e-7 of itself (Press et al., Numerical Recipes, 6.2).
fn erfc(x: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.5 * x);
    let terms = [
        -1.265_512_23,
        1.000_023_68,
        0.374_091_96,
        0.096_784_18,
        -0.186_288_06,
        0.278_868_07,
        -1.135_203_98,
        1.488_515_87,
        -0.822_152_23,
        0.170_872_77,
    ];
    let polynomial = terms.iter().rev().fold(0.0, |sum, term| sum * t + term);
    t * (-x * x + polynomial).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_values_are_corrected() {
        let found = adjusted(&[0.01, 0.04, 0.03, 0.5]);
        let expected = [0.04, 0.053_333, 0.053_333, 0.5];
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-5), "{found:?}");
        assert!((erfc(1.0) - 0.157_299_207).abs() < 1e-7 && (erfc(4.0) / 1.541_725_79e-8 - 1.0).abs() < 1e-6);
    }

    #[test]
    fn ranks_count_zeros_and_values_below_them() {
        // Cells: -1, 0, 0, 2, 2 of types 0, 0, 1, 1, 1; ranks 1, 2.5, 2.5, 4.5, 4.5.
        let found = Ranked::of(&[(-1.0, 0), (2.0, 1), (2.0, 1)], &[2.0, 3.0], 5.0);
        assert_eq!(found.ranks, [3.5, 11.5]);
        assert_eq!((found.ties, found.sums), (12.0, vec![-1.0, 4.0]));
    }
}

//! Genes centred and divided by their standard deviation, both fitted on some of the cells.

use crate::data::Matrix;

/// Mean and divisor of each gene.
#[derive(Default)]
pub(super) struct Scale {
    /// Mean over the fitted cells.
    pub(super) mean: Vec<f64>,
    /// Population standard deviation (divided by cells), as scikit-learn's `StandardScaler`; 1 where a gene does not vary or no
    /// scaling was asked for.
    pub(super) deviation: Vec<f64>,
    /// Variance (divided by cells - 1) of all genes together after scaling.
    pub(super) total_variance: f64,
}

/// Sums over the fitted cells.
pub(super) struct Sums {
    cells: usize,
    sums: Vec<f64>,
    squares: Vec<f64>,
}

impl Sums {
    pub(super) fn new(genes: usize) -> Self {
        Self { cells: 0, sums: vec![0.0; genes], squares: vec![0.0; genes] }
    }

    /// Adds a cell: its genes with their values, zeros left out.
    pub(super) fn add(&mut self, entries: impl Iterator<Item = (usize, f32)>) {
        self.cells += 1;
        for (gene, value) in entries {
            let value = f64::from(value);
            self.sums[gene] += value;
            self.squares[gene] += value * value;
        }
    }

    /// Means and divisors.
    pub(super) fn scale(&self, z_score: bool) -> Scale {
        let cells = self.cells as f64;
        let mean: Vec<f64> = self.sums.iter().map(|sum| sum / cells).collect();
        // What single precision cannot tell from a constant is constant.
        let variance = |(square, mean): (&f64, &f64)| {
            let variance = square / cells - mean * mean;
            if variance > 1e-12 * mean * mean { variance } else { 0.0 }
        };
        let variance: Vec<f64> = self.squares.iter().zip(&mean).map(variance).collect();
        let deviation: Vec<f64> =
            variance.iter().map(|variance| if z_score && *variance > 0.0 { variance.sqrt() } else { 1.0 }).collect();
        let total: f64 =
            variance.iter().zip(&deviation).map(|(variance, deviation)| variance / deviation.powi(2)).sum();
        Scale { mean, deviation, total_variance: total * cells / (cells - 1.0) }
    }
}

impl Scale {
    /// Centres and scales one cell.
    pub(super) fn apply(&self, row: &mut [f32]) {
        for ((value, mean), deviation) in row.iter_mut().zip(&self.mean).zip(&self.deviation) {
            *value = ((f64::from(*value) - mean) / deviation) as f32;
        }
    }

    /// Loadings of scaled genes turned to loadings of the genes' own unit.
    pub(super) fn restore(&self, loadings: &mut Matrix) {
        for (gene, deviation) in self.deviation.iter().enumerate() {
            loadings.row_mut(gene).iter_mut().for_each(|loading| *loading = (f64::from(*loading) * deviation) as f32);
        }
    }
}

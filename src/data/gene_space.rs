//! Cells as their measured genes, and the way from there to the components of the model space.

use super::room::reserve;
use super::{Dataset, Decoder, Matrix, Measured, evenly};
use crate::error::{Error, Result};
use faer::linalg::solvers::Solve;
use faer::{Mat, Side};

/// Most cells whose components are compared with those that follow from their genes.
const COMPARED: usize = 256;
/// Most of the components' variance that may be missed.
const MISSED: f64 = 0.5;

/// A dataset whose model space are genes, as they were measured, with the linear way to the components of the dataset that it was made of.
#[derive(Clone, Debug)]
pub struct GeneSpace {
    /// Names of the genes, those of the loadings, in their order.
    pub genes: Vec<String>,
    /// The same cells, times, types and samples; the states are cells x genes.
    pub dataset: Dataset,
    /// genes x d.
    pub encode: Matrix,
    /// Components of a cell without any expression.
    pub offset: Vec<f32>,
}

impl GeneSpace {
    /// The genes behind the components of a dataset.
    ///
    /// Components of z-scored genes and of genes as they are have loadings of different lengths. Both ways back are tried on some observed cells;
    /// the one that gives their components better is taken.
    ///
    /// # Errors
    /// The dataset has no loadings or no measured values of their genes, the components do not follow from these, or there is no room for them.
    pub fn new(dataset: &Dataset) -> Result<Self> {
        const REMEDY: &str = "Open the study's file and let the components be computed here, or choose a model that works on components.";
        let missing = |what: &str| Error::request(what).remedy(REMEDY);
        let decoder = dataset.decoder.as_ref().ok_or_else(|| missing("This dataset has no gene loadings"))?;
        let measured = dataset.measured.as_ref().ok_or_else(|| missing("This dataset has no measured genes"))?;
        let cells = expression(measured, &decoder.genes).map_err(|error| error.or_remedy(REMEDY))?;
        let mean = means(&cells);
        let reciprocal = |variance: f64| if variance > 0.0 { variance.recip() } else { 0.0 };
        let weighted = variances(&cells, &seen(dataset)).into_iter().map(reciprocal).collect();
        let ways = [vec![1.0; cells.cols], weighted];
        let ways = ways.map(|weights| Way::new(dataset, decoder, &cells, &mean, &weights));
        let best = ways.into_iter().flatten().min_by(|a, b| a.missed.total_cmp(&b.missed));
        let Some(Way { encode, offset, .. }) = best.filter(|way| way.missed < MISSED) else {
            return Err(missing("The components of this dataset do not follow from its measured genes"));
        };
        let bare = dataset.first_components(0);
        let dataset = Dataset { states: cells, decoder: None, embeddings: Vec::new(), ..bare };
        Ok(Self { genes: decoder.genes.clone(), dataset, encode, offset })
    }

    /// Components of cells whose genes are given, row-major.
    pub fn components(&self, genes: &[f32]) -> Vec<f32> {
        genes.chunks_exact(self.genes.len()).flat_map(|row| applied(&self.encode, &self.offset, row)).collect()
    }
}

/// cells x genes, as they are shown.
fn expression(measured: &Measured, genes: &[String]) -> Result<Matrix> {
    let places: std::collections::HashMap<&str, usize> =
        measured.genes.iter().enumerate().map(|(place, gene)| (gene.as_str(), place)).collect();
    reserve(measured.cells as u64 * genes.len() as u64 * 4)?;
    let mut matrix =
        Matrix { rows: measured.cells, cols: genes.len(), values: vec![0.0; measured.cells * genes.len()] };
    for (column, gene) in genes.iter().enumerate() {
        let unknown = || Error::request("A gene of the loadings was not measured").at(gene.as_str());
        let place = *places.get(gene.as_str()).ok_or_else(unknown)?;
        let cols = matrix.cols;
        measured.visit(place, |cell, value| matrix.values[cell as usize * cols + column] += value)?;
    }
    Ok(matrix)
}

/// Mean of each column.
fn means(matrix: &Matrix) -> Vec<f64> {
    let mut means = vec![0.0; matrix.cols];
    for row in matrix.values.chunks_exact(matrix.cols.max(1)) {
        means.iter_mut().zip(row).for_each(|(sum, value)| *sum += f64::from(*value));
    }
    means.iter_mut().for_each(|sum| *sum /= matrix.rows.max(1) as f64);
    means
}

/// The cells that a preparation here was fitted on; all cells without one.
fn seen(dataset: &Dataset) -> Vec<usize> {
    let held_out = dataset.preparation.as_ref().map_or(&[][..], |it| &it.steps.held_out);
    (0..dataset.states.rows).filter(|cell| !held_out.contains(&(dataset.times[*cell] as usize))).collect()
}

/// Variance of each column over some rows.
fn variances(matrix: &Matrix, rows: &[usize]) -> Vec<f64> {
    let count = rows.len().max(1) as f64;
    let mut sums = vec![[0.0; 2]; matrix.cols];
    for row in rows {
        for ([sum, square], value) in sums.iter_mut().zip(matrix.row(*row)) {
            let value = f64::from(*value);
            *sum += value;
            *square += value * value;
        }
    }
    sums.into_iter().map(|[sum, square]| (square / count - (sum / count).powi(2)).max(0.0)).collect()
}

/// `row` times `encode`, plus `offset`.
fn applied(encode: &Matrix, offset: &[f32], row: &[f32]) -> Vec<f32> {
    let mut sums = offset.to_vec();
    for (gene, value) in row.iter().enumerate().filter(|(_, value)| **value != 0.0) {
        sums.iter_mut().zip(encode.row(gene)).for_each(|(sum, weight)| *sum += value * weight);
    }
    sums
}

/// A way from genes to components.
struct Way {
    encode: Matrix,
    offset: Vec<f32>,
    /// Share of the observed components' variance that it misses.
    missed: f64,
}

impl Way {
    /// z = (x - mean) W L (L' W L)^-1: the weighted least squares of x = L z + mean. None if the loadings are not independent.
    fn new(dataset: &Dataset, decoder: &Decoder, cells: &Matrix, mean: &[f64], weights: &[f64]) -> Option<Self> {
        let Matrix { rows: genes, cols: d, .. } = decoder.loadings;
        let at = |gene: usize, axis: usize| f64::from(decoder.loadings.row(gene)[axis]);
        let inner =
            Mat::from_fn(d, d, |a, b| (0..genes).map(|gene| weights[gene] * at(gene, a) * at(gene, b)).sum::<f64>());
        let weighted = Mat::from_fn(d, genes, |axis, gene| weights[gene] * at(gene, axis));
        let solved = inner.llt(Side::Lower).ok()?.solve(&weighted);
        let values = (0..genes).flat_map(|gene| (0..d).map(move |axis| (gene, axis)));
        let encode =
            Matrix { rows: genes, cols: d, values: values.map(|(gene, axis)| solved[(axis, gene)] as f32).collect() };
        let centre = means(&dataset.states);
        let mean: Vec<f32> = mean.iter().map(|value| *value as f32).collect();
        let moved = applied(&encode, &vec![0.0; d], &mean);
        let offset: Vec<f32> = centre.iter().zip(moved).map(|(centre, moved)| *centre as f32 - moved).collect();
        let (mut missed, mut whole) = (0.0, 0.0);
        for cell in evenly(cells.rows, COMPARED) {
            let found = applied(&encode, &offset, cells.row(cell));
            for ((found, state), centre) in found.iter().zip(dataset.states.row(cell)).zip(&centre) {
                missed += f64::from(found - state).powi(2);
                whole += (f64::from(*state) - centre).powi(2);
            }
        }
        let missed = missed / whole.max(f64::MIN_POSITIVE);
        missed.is_finite().then_some(Self { encode, offset, missed })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::expression::Expression;
    use crate::protocol::{TimePoint, ValueKind};

    /// Cells whose components are those of genes divided by `scale`.
    fn dataset(scale: impl Fn(f64) -> f64) -> Dataset {
        let (cells, genes) = (40, 3);
        let value = |cell: usize, gene: usize| ((cell * (3 + 2 * gene) + gene) % 11) as f32 * (gene + 1) as f32;
        let values: Vec<f32> = (0..cells).flat_map(|cell| (0..genes).map(move |gene| value(cell, gene))).collect();
        let matrix = Matrix::new(cells, genes, values).unwrap();
        let (mean, all) = (means(&matrix), (0..cells).collect::<Vec<_>>());
        let scale: Vec<f64> = variances(&matrix, &all).into_iter().map(|variance| scale(variance.sqrt())).collect();
        // Two orthonormal directions of genes.
        let axes = [[0.6, 0.8, 0.0], [-0.48, 0.36, 0.8]];
        let centred = |cell: usize, gene: usize| (f64::from(matrix.row(cell)[gene]) - mean[gene]) / scale[gene];
        let along =
            |cell: usize, axis: &[f64; 3]| (0..genes).map(|gene| centred(cell, gene) * axis[gene]).sum::<f64>() as f32;
        let states = (0..cells).flat_map(|cell| axes.iter().map(move |axis| along(cell, axis))).collect();
        let loadings = (0..genes).flat_map(|gene| axes.map(|axis| (axis[gene] * scale[gene]) as f32)).collect();
        let names: Vec<String> = ["a", "b", "c"].map(str::to_owned).into();
        let expression = Expression::dense(matrix.clone());
        let (measured, _) = Measured::new(&expression, &names, ValueKind::LogNormalised, &[], usize::MAX);
        let mean = mean.iter().map(|value| *value as f32).collect();
        Dataset {
            states: Matrix::new(cells, 2, states).unwrap(),
            times: vec![0; cells],
            time_points: vec![TimePoint { label: "0".into(), value: None, cells }],
            decoder: Some(Decoder { genes: names, loadings: Matrix::new(genes, 2, loadings).unwrap(), mean }),
            measured: Some(measured),
            ..Dataset::default()
        }
    }

    #[test]
    fn components_follow_from_genes_z_scored_or_not() {
        for dataset in [dataset(|deviation| deviation), dataset(|_| 1.0)] {
            let space = GeneSpace::new(&dataset).unwrap();
            assert_eq!(space.dataset.states.row(2), [6.0, 0.0, 15.0], "genes are given as measured");
            let found = space.components(&space.dataset.states.values);
            let far = found.iter().zip(&dataset.states.values).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(far < 1e-4, "{far}");
        }
    }

    #[test]
    fn what_cannot_be_told_from_genes_is_refused() {
        let whole = || dataset(|_| 1.0);
        let refused = |dataset: Dataset, says: &str| {
            let error = GeneSpace::new(&dataset).unwrap_err().to_string();
            assert!(error.contains(says) && error.contains("components be computed here"), "{error}");
        };
        refused(Dataset { measured: None, ..whole() }, "no measured genes");
        refused(Dataset { decoder: None, ..whole() }, "no gene loadings");
        let mut other = whole();
        other.decoder.as_mut().unwrap().genes[1] = "d".into();
        refused(other, "d: A gene of the loadings was not measured");
        let mut turned = whole();
        turned.states.values.chunks_exact_mut(2).for_each(|row| row.swap(0, 1));
        refused(turned, "do not follow");
    }
}

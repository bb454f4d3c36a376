//! The way back from the model space to genes: what the file says, if it holds, else a fit.

use super::{AnnData, expression};
use crate::data::expression::Expression;
use crate::data::kept::Kept;
use crate::data::{Decoder, Matrix};
use crate::{Error, Result};
use faer::linalg::solvers::Solve;
use faer::{Mat, Side};

/// Largest deviation of recomputed scores, relative to the largest score, at which the file's loadings count as theirs.
const TOLERANCE: f64 = 1e-3;
/// Most cells on which loadings are checked, spread evenly.
const CHECKED_CELLS: usize = 1000;

/// Finds the decoder of a model space and a note for the user; no decoder if the file has no expression values.
pub(super) fn find(
    file: &AnnData,
    space: &str,
    states: &Matrix,
    kept: &Kept,
    known: Option<(&str, &Expression)>,
) -> (Option<Decoder>, Option<String>) {
    match try_find(file, space, states, kept, known) {
        Ok(Some((decoder, note))) => (Some(decoder), note),
        Ok(None) => (None, Some("The file has no expression values, so nothing can be shown in genes.".into())),
        Err(error) => (None, Some(format!("Nothing can be shown in genes. {error}"))),
    }
}

fn try_find(
    file: &AnnData,
    space: &str,
    states: &Matrix,
    kept: &Kept,
    known: Option<(&str, &Expression)>,
) -> Result<Option<(Decoder, Option<String>)>> {
    let store = &file.store;
    let layer = store.strings("uns/pca/params/layer").ok().and_then(|layer| layer.into_iter().next());
    let path = match layer {
        Some(layer) if space == "X_pca" => format!("layers/{layer}"),
        _ => "X".into(),
    };
    let genes = file.genes(&path)?;
    let read = match known {
        Some((known, expression)) if known == path => Some(expression.clone()),
        _ => expression::read(store, &path, kept.of, genes.len())?.map(|expression| kept.expression(expression)),
    };
    let Some(expression) = read else { return Ok(None) };
    let mut means = expression.means();
    if means.iter().any(|mean| !mean.is_finite()) {
        return Err(Error::input("the expression matrix holds values that are not finite").at(path));
    }
    let mut reason = format!("The file has no loadings for {space}");
    if space == "X_pca" && store.shape("varm/PCs")? == Some(vec![genes.len(), states.cols]) {
        let loadings = Matrix::new(genes.len(), states.cols, store.singles("varm/PCs")?)?;
        loadings.check_finite().map_err(|error| error.at("varm/PCs"))?;
        // scanpy stores the flag only where it was asked for; it centres by default.
        let centred =
            store.integers("uns/pca/params/zero_center").ok().and_then(|flag| flag.first().copied()) != Some(0);
        if !centred {
            means.fill(0.0);
        }
        if deviation(&expression, &means, &loadings, states) <= TOLERANCE {
            return Ok(Some((masked(genes, &loadings, &means), None)));
        }
        reason = format!("The loadings in varm/PCs do not reproduce {space} from {path}");
    }
    let decoder = fit(&expression, genes, states)?;
    Ok(Some((decoder, Some(format!("{reason}; gene values are a least-squares fit of {path} to {space}.")))))
}

/// Largest deviation of `(X - mean) PCs` from the states, relative to the largest state.
fn deviation(expression: &Expression, means: &[f64], loadings: &Matrix, states: &Matrix) -> f64 {
    let d = states.cols;
    let add = |scores: &mut [f64], gene: usize, value: f64| {
        scores.iter_mut().zip(loadings.row(gene)).for_each(|(score, loading)| *score += value * f64::from(*loading));
    };
    let mut origin = vec![0.0; d];
    means.iter().enumerate().for_each(|(gene, mean)| add(&mut origin, gene, -mean));
    let largest = states.values.iter().fold(0.0f64, |largest, value| largest.max(f64::from(value.abs())));
    let mut worst = 0.0f64;
    for cell in (0..states.rows).step_by(states.rows.div_ceil(CHECKED_CELLS).max(1)) {
        let mut scores = origin.clone();
        expression.visit(cell, |gene, value| add(&mut scores, gene, value));
        for (score, state) in scores.iter().zip(states.row(cell)) {
            worst = worst.max((score - f64::from(*state)).abs());
        }
    }
    worst / largest.max(f64::MIN_POSITIVE)
}

/// The decoder over the genes that have loadings; those outside the mask of the PCA have rows of zeros.
fn masked(names: Vec<String>, loadings: &Matrix, means: &[f64]) -> Decoder {
    let inside = |gene: &usize| loadings.row(*gene).iter().any(|value| *value != 0.0);
    let kept: Vec<usize> = (0..names.len()).filter(inside).collect();
    Decoder {
        genes: kept.iter().map(|gene| names[*gene].clone()).collect(),
        mean: kept.iter().map(|gene| means[*gene] as f32).collect(),
        loadings: Matrix {
            rows: kept.len(),
            cols: loadings.cols,
            values: kept.iter().flat_map(|gene| loadings.row(*gene)).copied().collect(),
        },
    }
}

/// Least squares: the loadings and means that come nearest to `X = [1, states] [means, loadings]^T`.
fn fit(expression: &Expression, genes: Vec<String>, states: &Matrix) -> Result<Decoder> {
    let width = states.cols + 1;
    let design = |cell: usize| std::iter::once(1.0).chain(states.row(cell).iter().map(|value| f64::from(*value)));
    let mut normal = Mat::<f64>::zeros(width, width);
    let mut right = vec![0.0; width * genes.len()];
    for cell in 0..states.rows {
        let row: Vec<f64> = design(cell).collect();
        for (i, a) in row.iter().enumerate() {
            row.iter().enumerate().for_each(|(j, b)| normal[(i, j)] += a * b);
        }
        expression.visit(cell, |gene, value| {
            let sums = &mut right[gene * width..(gene + 1) * width];
            sums.iter_mut().zip(&row).for_each(|(sum, a)| *sum += a * value);
        });
    }
    let factor = normal.llt(Side::Lower).map_err(|_| {
        Error::input("the model space has dimensions that depend on each other, so genes cannot be fitted to it")
    })?;
    let right = Mat::from_fn(width, genes.len(), |i, gene| right[gene * width + i]);
    let solution = factor.solve(&right);
    Ok(Decoder {
        mean: (0..genes.len()).map(|gene| solution[(0, gene)] as f32).collect(),
        loadings: Matrix {
            rows: genes.len(),
            cols: states.cols,
            values: (0..genes.len())
                .flat_map(|gene| (1..width).map(move |i| (gene, i)))
                .map(|(gene, i)| solution[(i, gene)] as f32)
                .collect(),
        },
        genes,
    })
}

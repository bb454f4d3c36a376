//! Cells of the tissue as a study would report them: through noisy genes, in principal components.

use super::{Cell, KINDS, Kind, PROGENITOR, PROGRAMS, Rules, State, TYPES, dot, normal};
use crate::Result;
use crate::data::{Dataset, Decoder, Matrix};
use crate::preprocess::pca::{Pca, pca};
use crate::protocol::{CellType, TimePoint};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// Cells as a study would report them, through noisy genes: in so many principal components of so many genes.
pub(super) fn observe(
    cells: &[Cell],
    times: Vec<u32>,
    days: &[f32],
    rules: &Rules,
    (genes, components): (usize, usize),
    rng: &mut ChaCha8Rng,
) -> Result<Dataset> {
    let (expression, genes) = express(cells, genes, rng);
    let mut pca = pca(&expression, components)?;
    face(&mut pca, cells);
    let point = |day: &f32| TimePoint { label: format!("day {day}"), value: Some(f64::from(*day)), cells: 0 };
    Ok(Dataset {
        name: "Simulated tissue".into(),
        states: pca.scores,
        axis: "PC".into(),
        times,
        time_points: days.iter().map(point).collect(),
        cell_types: cells.iter().map(|cell| rules.kind(cell) as u32).collect(),
        types: KINDS.map(|kind| CellType { name: kind.name.into(), color: Some(kind.color.into()), cells: 0 }).into(),
        decoder: Some(Decoder { genes, loadings: pca.loadings, mean: pca.mean }),
        simulated: true,
        ..Dataset::default()
    })
}

/// Turns the first two components so that development, along which program 0 rises, goes to the right and up; the sign of a component
/// carries no meaning.
fn face(pca: &mut Pca, cells: &[Cell]) {
    for component in 0..pca.scores.cols.min(2) {
        let along: f32 = cells.iter().enumerate().map(|(i, cell)| cell.state[0] * pca.scores.row(i)[component]).sum();
        if along < 0.0 {
            for matrix in [&mut pca.scores, &mut pca.loadings] {
                (0..matrix.rows).for_each(|row| matrix.row_mut(row)[component] *= -1.0);
            }
        }
    }
}

/// Log-normalised expression of the cells, cells x genes, and the names of the genes. Each gene belongs to one program, read either
/// rising or falling, with a little of a second one.
fn express(cells: &[Cell], genes: usize, rng: &mut ChaCha8Rng) -> (Matrix, Vec<String>) {
    struct Gene {
        base: f32,
        loads: State,
    }
    let mut names = Vec::with_capacity(genes);
    let mut models = Vec::with_capacity(genes);
    let mut numbers = [0; TYPES + 1];
    for gene in 0..genes {
        // The two widest programs get the most genes: they become the main axes of variation.
        let program = match gene % 16 {
            0..=2 => 0,
            3..=5 => 1,
            other => 2 + (other - 6) % (PROGRAMS - 2),
        };
        let sign = if (gene / 16) % 2 == 0 { 1.0 } else { -1.0 };
        let mut loads = [0.0; PROGRAMS];
        loads[program] = sign * (0.16 + 0.16 * rng.random::<f32>());
        loads[rng.random_range(0..PROGRAMS)] += 0.05 * normal(rng);
        let base = 0.3 + 0.7 * normal(rng);
        // Named after the type in which it is highest, if that stands out.
        let level = |kind: &Kind| dot(&loads, &kind.home);
        let highest = (0..TYPES).max_by(|a, b| level(&KINDS[*a]).total_cmp(&level(&KINDS[*b]))).unwrap_or(PROGENITOR);
        let (slot, code) = if level(&KINDS[highest]) > 0.3 { (highest, KINDS[highest].code) } else { (TYPES, "Com") };
        numbers[slot] += 1;
        names.push(format!("sim{code}{:02}", numbers[slot]));
        models.push(Gene { base, loads });
    }
    let mut expression = Matrix::zeros(cells.len(), genes);
    for (row, cell) in cells.iter().enumerate() {
        let depth = 0.05 * normal(rng);
        for (value, gene) in expression.row_mut(row).iter_mut().zip(&models) {
            let log_rate = gene.base + dot(&gene.loads, &cell.state) + depth + 0.35 * normal(rng);
            *value = log_rate.exp().ln_1p();
        }
    }
    (expression, names)
}

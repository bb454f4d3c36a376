//! Kept genes of each cell, scaled to a library size and taken to the log scale.

use crate::data::unprepared::Counts;
use crate::protocol::ValueKind;
use crate::{Error, Result};

/// Calls `see` with the gene and value of every stored entry of a cell.
///
/// # Errors
///
/// If a value is not finite, or negative where it cannot be; names cell and gene.
pub(super) fn visit(counts: &Counts, cell: usize, mut see: impl FnMut(usize, f64)) -> Result<()> {
    let negative = counts.steps.values == ValueKind::Scaled;
    let mut wrong = None;
    counts.expression.visit(cell, |gene, value| {
        if !value.is_finite() || (value < 0.0 && !negative) {
            wrong.get_or_insert((gene, value));
        }
        see(gene, value);
    });
    match wrong {
        None => Ok(()),
        Some((gene, value)) => {
            let what = format!("the value of gene “{}” in row {cell} (counted from 0) is {value}", counts.genes[gene]);
            let remedy = if value.is_finite() {
                "Counts and their logarithms are not negative; say that the values are scaled, or choose another matrix."
            } else {
                "Every value must be a finite number; remove or repair such cells and write the file again."
            };
            Err(Error::input(what).at(&counts.steps.matrix).remedy(remedy))
        }
    }
}

/// Finds the kept genes of a cell whose values are not zero, in the order of their columns: `columns` has the column of each gene of the matrix, if it
/// is kept.
///
/// The values are scaled to the target sum over the kept genes (paper, Methods, "Data preprocessing") and taken to log(1 + x), as far
/// as the steps say so. A cell without any count stays zero. Returns what the values were multiplied by.
///
/// # Errors
///
/// As [`visit`].
pub(super) fn entries(
    counts: &Counts,
    cell: usize,
    columns: &[Option<u32>],
    entries: &mut Vec<(u32, f32)>,
) -> Result<f32> {
    entries.clear();
    visit(counts, cell, |gene, value| {
        entries.extend(columns[gene].filter(|_| value != 0.0).map(|column| (column, value as f32)));
    })?;
    // A file may have the genes of a cell in any order, and one of them several times: then their sum counts.
    if !entries.is_sorted_by(|one, next| one.0 < next.0) {
        entries.sort_by_key(|(column, _)| *column);
        entries.dedup_by(|next, one| {
            let same = next.0 == one.0;
            one.1 += if same { next.1 } else { 0.0 };
            same
        });
    }
    let mut factor = 1.0;
    if let Some(target) = counts.steps.target_sum {
        let sum: f64 = entries.iter().map(|(_, value)| f64::from(*value)).sum();
        if sum > 0.0 {
            factor = (target / sum) as f32;
            entries.iter_mut().for_each(|(_, value)| *value = (f64::from(*value) * target / sum) as f32);
        }
    }
    if counts.steps.log1p {
        entries.iter_mut().for_each(|(_, value)| *value = value.ln_1p());
    }
    Ok(factor)
}

//! Expression as it was measured, gene by gene.

use crate::data::expression::Expression;
use crate::protocol::{MeasuredGenes, Preprocessing, ValueKind};
use crate::{Error, Result};
use std::collections::HashSet;

/// Most bytes of measured values that a dataset keeps: it shares a browser's tab with everything else.
pub const MOST_BYTES: usize = 256 << 20;
/// Bytes of a stored value with its cell.
const ENTRY: usize = 8;

/// Measured values of genes, whether a model sees them or not: a run of entries for each gene, zeros left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measured {
    /// Gene names.
    pub genes: Vec<String>,
    /// What the shown values are, in a word, such as `log-normalised`.
    pub unit: String,
    /// Number of cells.
    pub cells: usize,
    /// Beginnings of the genes' runs of entries, and the end of the last.
    pub starts: Vec<u32>,
    /// The cell of each entry.
    pub rows: Vec<u32>,
    /// The value of each entry, as the file has it.
    pub values: Vec<f32>,
    /// What the values of each cell are multiplied by when they are shown; empty if they are shown as they are.
    pub factors: Vec<f32>,
    /// The logarithm of 1 + x is shown.
    pub log1p: bool,
}

impl Measured {
    /// The values of a matrix, as they are. If they would take more than `most` bytes, only some genes are kept: those of `preferred` and those
    /// that vary most for their mean. The second value is a note about that.
    pub(crate) fn new(
        expression: &Expression,
        genes: &[String],
        values: ValueKind,
        preferred: &[String],
        most: usize,
    ) -> (Self, Option<String>) {
        let sums = Sums::of(expression);
        let (kept, note) = sums.choose(genes, preferred, most);
        let mut starts = vec![0];
        starts.extend(kept.iter().scan(0, |end, gene| {
            *end += sums.entries[*gene];
            Some(*end)
        }));
        let mut places = vec![None; genes.len()];
        kept.iter().enumerate().for_each(|(place, gene)| places[*gene] = Some(place));
        let mut next = starts.clone();
        let entries = starts.last().map_or(0, |end| *end as usize);
        let (mut rows, mut all) = (vec![0; entries], vec![0.0; entries]);
        for cell in 0..expression.cells {
            expression.visit(cell, |gene, value| {
                if let Some(place) = places[gene].filter(|_| value != 0.0) {
                    let at = next[place] as usize;
                    (rows[at], all[at]) = (cell as u32, value as f32);
                    next[place] += 1;
                }
            });
        }
        let measured = Self {
            genes: kept.iter().map(|gene| genes[*gene].clone()).collect(),
            unit: unit(values).into(),
            cells: expression.cells,
            starts,
            rows,
            values: all,
            ..Self::default()
        };
        (measured, note)
    }

    /// Shows the values after the first steps of a preparation: each cell's values times its factor, and the logarithm.
    pub(crate) fn prepared(mut self, steps: &Preprocessing, factors: Vec<f32>) -> Self {
        self.factors = if steps.target_sum.is_some() { factors } else { Vec::new() };
        self.log1p = steps.log1p;
        let scaled = steps.target_sum.is_some() || steps.values == ValueKind::Normalised;
        self.unit = match (steps.log1p, scaled) {
            (true, true) => unit(ValueKind::LogNormalised).into(),
            (true, false) => "log counts".into(),
            (false, true) => unit(ValueKind::Normalised).into(),
            (false, false) => unit(steps.values).into(),
        };
        self
    }

    /// Value of each cell for a gene.
    ///
    /// # Errors
    ///
    /// If there is no such gene.
    pub fn gene(&self, gene: usize) -> Result<Vec<f32>> {
        let span = self.span(gene)?;
        let mut values = vec![0.0; self.cells];
        self.rows[span.clone()]
            .iter()
            .zip(&self.values[span])
            .for_each(|(cell, value)| values[*cell as usize] += value);
        values.iter_mut().zip(&self.factors).for_each(|(value, factor)| *value *= factor);
        if self.log1p {
            values.iter_mut().for_each(|value| *value = value.ln_1p());
        }
        Ok(values)
    }

    /// Visits the entries of a gene as they are shown, cell after cell; entries of the same cell in a row are one.
    ///
    /// # Errors
    ///
    /// If there is no such gene.
    pub(crate) fn visit(&self, gene: usize, mut entry: impl FnMut(u32, f32)) -> Result<()> {
        let shown = |cell: u32, value: f32| {
            let value = value * self.factors.get(cell as usize).copied().unwrap_or(1.0);
            if self.log1p { value.ln_1p() } else { value }
        };
        let mut open: Option<(u32, f32)> = None;
        for at in self.span(gene)? {
            let (cell, value) = (self.rows[at], self.values[at]);
            match &mut open {
                Some((other, sum)) if *other == cell => *sum += value,
                _ => {
                    if let Some((cell, value)) = open.replace((cell, value)) {
                        entry(cell, shown(cell, value));
                    }
                }
            }
        }
        if let Some((cell, value)) = open {
            entry(cell, shown(cell, value));
        }
        Ok(())
    }

    /// The values of some cells, in their order.
    pub(crate) fn of_cells(&self, cells: &[usize]) -> Self {
        let mut places = vec![None; self.cells];
        (0..).zip(cells).for_each(|(place, cell)| places[*cell] = Some(place));
        let (mut starts, mut rows, mut values) = (vec![0], Vec::new(), Vec::new());
        for span in self.starts.windows(2) {
            for at in span[0] as usize..span[1] as usize {
                if let Some(place) = places[self.rows[at] as usize] {
                    rows.push(place);
                    values.push(self.values[at]);
                }
            }
            starts.push(rows.len() as u32);
        }
        let factors = cells.iter().filter_map(|cell| self.factors.get(*cell).copied()).collect();
        let (genes, unit) = (self.genes.clone(), self.unit.clone());
        Self { genes, unit, cells: cells.len(), starts, rows, values, factors, log1p: self.log1p }
    }

    /// Where the entries of a gene are.
    fn span(&self, gene: usize) -> Result<std::ops::Range<usize>> {
        let ends = self.starts.get(gene).zip(self.starts.get(gene.saturating_add(1)));
        ends.map(|(start, end)| *start as usize..*end as usize).ok_or_else(|| {
            Error::request(format!("there is no measured gene {gene}; {} are kept", self.genes.len()))
                .remedy("Genes are counted from 0.")
        })
    }

    /// What a front end is told about it.
    pub fn summary(&self) -> MeasuredGenes {
        MeasuredGenes { genes: self.genes.len(), unit: self.unit.clone() }
    }

    /// Checks that everything fits together and to so many cells.
    ///
    /// # Errors
    ///
    /// If it does not; says what.
    pub(crate) fn check(&self, cells: usize) -> Result<()> {
        let rising = self.starts.first() == Some(&0) && self.starts.is_sorted();
        let full = self.starts.last().is_some_and(|end| *end as usize == self.values.len());
        if !rising || !full || self.starts.len() != self.genes.len() + 1 || self.rows.len() != self.values.len() {
            return Err(Error::input("the runs of entries do not fit the genes and values"));
        }
        if self.cells != cells || self.rows.iter().any(|row| *row as usize >= cells) {
            return Err(Error::input(format!("the entries do not fit {cells} cells")));
        }
        if !self.factors.is_empty() && self.factors.len() != cells {
            return Err(Error::input(format!("{} factors for {cells} cells", self.factors.len())));
        }
        Ok(())
    }
}

/// What values are, in a word.
fn unit(values: ValueKind) -> &'static str {
    match values {
        ValueKind::Counts => "counts",
        ValueKind::Normalised => "normalised",
        ValueKind::LogNormalised => "log-normalised",
        ValueKind::Scaled => "scaled",
    }
}

/// What is known of each gene after a look at all cells.
struct Sums {
    cells: f64,
    entries: Vec<u32>,
    sums: Vec<f64>,
    squares: Vec<f64>,
}

impl Sums {
    fn of(expression: &Expression) -> Self {
        let genes = expression.genes;
        let mut all = Self {
            cells: expression.cells as f64,
            entries: vec![0; genes],
            sums: vec![0.0; genes],
            squares: vec![0.0; genes],
        };
        for cell in 0..expression.cells {
            expression.visit(cell, |gene, value| {
                all.entries[gene] += u32::from(value != 0.0);
                all.sums[gene] += value;
                all.squares[gene] += value * value;
            });
        }
        all
    }

    /// Variance over mean.
    fn dispersion(&self, gene: usize) -> f64 {
        let mean = self.sums[gene] / self.cells;
        let dispersion = (self.squares[gene] / self.cells - mean * mean) / mean.abs().max(f64::MIN_POSITIVE);
        if dispersion.is_finite() { dispersion } else { 0.0 }
    }

    /// The genes that are kept, in the file's order, and a note if they are not all.
    fn choose(&self, genes: &[String], preferred: &[String], most: usize) -> (Vec<usize>, Option<String>) {
        let size = |gene: usize| self.entries[gene] as usize * ENTRY;
        let mut order: Vec<usize> = (0..genes.len()).collect();
        if order.iter().map(|gene| size(*gene)).sum::<usize>() <= most {
            return (order, None);
        }
        let preferred: HashSet<&String> = preferred.iter().collect();
        let first = |gene: usize| preferred.contains(&genes[gene]);
        order.sort_by(|a, b| first(*b).cmp(&first(*a)).then(self.dispersion(*b).total_cmp(&self.dispersion(*a))));
        let mut room = most;
        order.retain(|gene| {
            let fits = size(*gene) <= room;
            room -= if fits { size(*gene) } else { 0 };
            fits
        });
        order.sort_unstable();
        let note = format!(
            "Measured values are kept of {} of {} genes, as many as fit into {} MB: those of the model space and the most variable ones.",
            order.len(),
            genes.len(),
            most >> 20
        );
        (order, Some(note))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Matrix;

    /// Three cells; `b` varies most.
    fn matrix() -> (Expression, Vec<String>) {
        let values = vec![1.0, 9.0, 0.0, 2.0, 0.0, 0.0, 1.0, 0.0, 3.0];
        (Expression::dense(Matrix::new(3, 3, values).unwrap()), ["a", "b", "c"].map(String::from).into())
    }

    #[test]
    fn values_are_found_by_gene() {
        let (expression, genes) = matrix();
        let (measured, note) = Measured::new(&expression, &genes, ValueKind::Counts, &[], MOST_BYTES);
        assert_eq!((note, measured.values.len(), measured.unit.as_str()), (None, 5, "counts"));
        assert_eq!(measured.gene(0).unwrap(), [1.0, 2.0, 1.0]);
        assert_eq!(measured.gene(2).unwrap(), [0.0, 0.0, 3.0]);
        assert!(measured.gene(3).unwrap_err().to_string().contains("no measured gene 3; 3 are kept"));
        measured.check(3).unwrap();
        assert!(measured.check(2).is_err());
        let some = measured.of_cells(&[2, 0]);
        some.check(2).unwrap();
        assert_eq!((some.gene(0).unwrap(), some.gene(2).unwrap()), (vec![1.0, 1.0], vec![3.0, 0.0]));

        let steps = Preprocessing::of("X", ValueKind::Counts);
        let shown = measured.prepared(&steps, vec![0.5, 1.0, 2.0]);
        let found = shown.gene(1).unwrap();
        assert!((found[0] - 4.5f32.ln_1p()).abs() < 1e-6 && found[1..] == [0.0, 0.0], "{found:?}");
        assert_eq!(shown.unit, "log-normalised");
    }

    #[test]
    fn of_too_many_values_those_of_the_most_variable_genes_are_kept() {
        let (expression, genes) = matrix();
        let kept = |preferred: &[String], most| {
            let (measured, note) = Measured::new(&expression, &genes, ValueKind::Counts, preferred, most);
            assert!(note.unwrap().contains(&format!("{} of 3 genes", measured.genes.len())));
            measured.check(3).unwrap();
            measured.genes
        };
        assert_eq!(kept(&[], 2 * ENTRY), ["b", "c"]);
        assert_eq!(kept(&genes[..1], 3 * ENTRY), ["a"]);
        assert_eq!(kept(&genes[..1], 4 * ENTRY), ["a", "b"]);
    }
}

//! What the values of an expression matrix are: counts, their logarithms, or something else.

use crate::data::expression::Expression;
use crate::protocol::ValueKind;

/// Most entries that are looked at; of a larger matrix every n-th cell is.
const MOST_ENTRIES: usize = 20_000_000;
/// Largest value that a natural logarithm of counts, TPM or scaled counts has: e^20 is five hundred million.
const LARGEST_LOGARITHM: f64 = 20.0;
/// Largest deviation between the sums of cells, relative to the largest, at which they count as equal.
const TOLERANCE: f64 = 1e-3;

/// Sums over cells that may all be equal.
struct Sums {
    least: f64,
    most: f64,
    cells: usize,
}

impl Sums {
    fn new() -> Self {
        Self { least: f64::INFINITY, most: 0.0, cells: 0 }
    }

    /// Empty cells have no sum.
    fn add(&mut self, sum: f64) {
        if sum != 0.0 {
            self.least = self.least.min(sum);
            self.most = self.most.max(sum);
            self.cells += 1;
        }
    }

    /// The sum of every cell, if they are equal.
    fn equal(&self) -> Option<f64> {
        (self.cells > 1 && self.most - self.least <= TOLERANCE * self.most).then_some(self.most)
    }
}

/// Recognises the values of a matrix; says by what in one sentence.
pub(crate) fn recognise(expression: &Expression) -> (ValueKind, String) {
    let step = expression.stored().div_ceil(MOST_ENTRIES).max(1);
    let (mut least, mut most, mut whole, mut broken) = (0.0f64, 0.0f64, true, 0);
    let (mut sums, mut exponentials) = (Sums::new(), Sums::new());
    for cell in (0..expression.cells).step_by(step) {
        let (mut sum, mut exponential) = (0.0, 0.0);
        expression.visit(cell, |_, value| {
            if !value.is_finite() {
                broken += 1;
                return;
            }
            least = least.min(value);
            most = most.max(value);
            whole &= value.fract() == 0.0;
            sum += value;
            exponential += value.exp_m1();
        });
        sums.add(sum);
        exponentials.add(exponential);
    }
    let cells = match step {
        1 => format!("all {} cells", grouped(expression.cells)),
        _ => format!(
            "{} of {} cells, evenly spread",
            grouped(expression.cells.div_ceil(step)),
            grouped(expression.cells)
        ),
    };
    let range = format!("from {} to {} in {cells}", number(least), number(most));
    let (kind, mut evidence) = if least < 0.0 {
        (ValueKind::Scaled, format!("Values {range}: those below zero show that they were centred or scaled."))
    } else if whole {
        (ValueKind::Counts, format!("Whole numbers {range}."))
    } else if let Some(sum) = sums.equal() {
        (ValueKind::Normalised, format!("Fractions {range}, which sum to {} in each cell.", number(sum)))
    } else if most > LARGEST_LOGARITHM {
        (ValueKind::Normalised, format!("Fractions {range}: too large for logarithms."))
    } else if let Some(sum) = exponentials.equal() {
        (ValueKind::LogNormalised, format!("Fractions {range}, and exp(x) - 1 sums to {} in each cell.", number(sum)))
    } else {
        (ValueKind::LogNormalised, format!("Fractions {range}: the range of logarithms."))
    };
    if broken > 0 {
        evidence.pop();
        let values = if broken == 1 { "value is" } else { "values are" };
        evidence += &format!("; {} {values} not finite.", grouped(broken));
    }
    (kind, evidence)
}

/// A number as it is read: `10,000`, `8.13`.
fn number(value: f64) -> String {
    let rounded = value.round();
    match value.abs() {
        // Sums of single-precision numbers are a little off.
        size if (value - rounded).abs() <= 1e-4 * size && size < 1e15 => {
            format!("{}{}", if rounded < 0.0 { "-" } else { "" }, grouped(rounded.abs() as usize))
        }
        0.01..1e15 => format!("{value:.2}"),
        _ => format!("{value:.1e}"),
    }
}

/// A whole number with commas between thousands.
fn grouped(value: usize) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Matrix;

    #[test]
    fn values_are_recognised_with_their_evidence() {
        let check = |rows: usize, values: &[f32], kind: ValueKind, says: &str| {
            let matrix = Matrix::new(rows, values.len() / rows, values.to_vec()).unwrap();
            let (found, evidence) = recognise(&Expression::dense(matrix));
            assert_eq!((found, evidence.as_str()), (kind, says));
        };
        check(2, &[0.0, 3.0, 1200.0, 1.0], ValueKind::Counts, "Whole numbers from 0 to 1,200 in all 2 cells.");
        check(
            2,
            &[0.0, -0.5, 10.0, 1.25],
            ValueKind::Scaled,
            "Values from -0.50 to 10 in all 2 cells: those below zero show that they were centred or scaled.",
        );
        let logs = [9000.0f32, 1000.0, 2500.0, 7500.0].map(f32::ln_1p);
        check(
            2,
            &logs,
            ValueKind::LogNormalised,
            "Fractions from 0 to 9.11 in all 2 cells, and exp(x) - 1 sums to 10,000 in each cell.",
        );
        check(
            2,
            &[0.5, 1.5, 2.5, 8.0],
            ValueKind::LogNormalised,
            "Fractions from 0 to 8 in all 2 cells: the range of logarithms.",
        );
        check(
            2,
            &[0.25, 0.75, 0.5, 0.5],
            ValueKind::Normalised,
            "Fractions from 0 to 0.75 in all 2 cells, which sum to 1 in each cell.",
        );
        check(
            2,
            &[0.5, 21.0, f32::NAN, 1.0],
            ValueKind::Normalised,
            "Fractions from 0 to 21 in all 2 cells: too large for logarithms; 1 value is not finite.",
        );
    }

    #[test]
    fn numbers_are_readable() {
        let check = |value: f64, text: &str| assert_eq!(number(value), text);
        check(9999.9997, "10,000");
        check(1_234_567.0, "1,234,567");
        check(-3.0, "-3");
        check(0.001, "1.0e-3");
        check(0.0, "0");
    }
}

//! Dense tables of numbers.

use crate::{Error, Result};

/// A dense matrix, row-major: value `(row, col)` lies at `row * cols + col`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matrix {
    /// Number of rows.
    pub rows: usize,
    /// Number of columns.
    pub cols: usize,
    /// `rows * cols` values.
    pub values: Vec<f32>,
}

impl Matrix {
    /// A matrix of the given values.
    ///
    /// # Errors
    ///
    /// If the number of values is not `rows * cols`.
    pub fn new(rows: usize, cols: usize, values: Vec<f32>) -> Result<Self> {
        if rows.checked_mul(cols) != Some(values.len()) {
            return Err(Error::input(format!("{} values do not fill {rows} rows of {cols}", values.len())));
        }
        Ok(Self { rows, cols, values })
    }

    /// A matrix of zeros.
    pub fn zeros(rows: usize, cols: usize) -> Self {
        Self { rows, cols, values: vec![0.0; rows * cols] }
    }

    /// One row.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    pub fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.cols..(row + 1) * self.cols]
    }

    /// One row, to be changed.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    pub fn row_mut(&mut self, row: usize) -> &mut [f32] {
        &mut self.values[row * self.cols..(row + 1) * self.cols]
    }

    /// Two columns of every row, one pair after the other.
    ///
    /// # Panics
    ///
    /// If there is no such column.
    pub fn column_pairs(&self, columns: [usize; 2]) -> Vec<f32> {
        (0..self.rows).flat_map(|row| columns.map(|column| self.row(row)[column])).collect()
    }

    /// Checks that no value is NaN or infinite.
    ///
    /// # Errors
    ///
    /// Names the first such value by row and column, counted from 0 as Python does.
    pub fn check_finite(&self) -> Result<()> {
        match self.values.iter().position(|value| !value.is_finite()) {
            None => Ok(()),
            Some(index) => Err(Error::input(format!(
                "the value in row {}, column {} (counted from 0) is {}",
                index / self.cols,
                index % self.cols,
                self.values[index]
            ))
            .remedy("Every value must be a finite number; remove or repair such cells and write the file again.")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_must_fill_the_shape() {
        assert!(Matrix::new(2, 3, vec![0.0; 5]).is_err());
        assert!(Matrix::new(usize::MAX, 2, vec![]).is_err());
        let matrix = Matrix::new(2, 3, vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0]).unwrap();
        assert_eq!(matrix.column_pairs([2, 0]), [2.0, 0.0, 5.0, 3.0]);
    }

    #[test]
    fn a_value_that_is_not_finite_is_located() {
        let mut matrix = Matrix::zeros(6, 4);
        matrix.row_mut(5)[2] = f32::NAN;
        assert!(matrix.check_finite().unwrap_err().to_string().contains("row 5, column 2"));
    }
}

//! Matrix products.

use crate::vectorised;
use pulp::{Simd, WithSimd};

/// Terms whose factors are read without checks of their index.
const GROUP: usize = 8;
/// Columns of a panel.
const WIDTH: usize = 32;

/// A matrix as the right factor of products: panels of 32 columns, the last filled up with zeros.
#[derive(Clone, Debug, Default)]
pub struct Panels {
    rows: usize,
    columns: usize,
    values: Vec<f32>,
}

impl Panels {
    /// Those of `matrix`, of which `rows` rows and `columns` columns are taken.
    pub fn of(matrix: Matrix<'_>, rows: usize, columns: usize) -> Self {
        let mut panels = Self::default();
        panels.fill(matrix, rows, columns);
        panels
    }

    /// Takes another matrix into the same memory.
    pub fn fill(&mut self, matrix: Matrix<'_>, rows: usize, columns: usize) {
        let panels = columns.div_ceil(WIDTH);
        (self.rows, self.columns) = (rows, columns);
        self.values.clear();
        self.values.resize(panels * rows * WIDTH, 0.0);
        for (index, panel) in self.values.chunks_exact_mut(rows * WIDTH).enumerate() {
            let first = index * WIDTH;
            let width = WIDTH.min(columns - first);
            for (row, line) in panel.chunks_exact_mut(WIDTH).enumerate() {
                let start = row * matrix.row + first * matrix.column;
                if matrix.column == 1 {
                    line[..width].copy_from_slice(&matrix.values[start..start + width]);
                } else {
                    for (k, value) in line[..width].iter_mut().enumerate() {
                        *value = matrix.values[start + k * matrix.column];
                    }
                }
            }
        }
    }
}

/// Numbers seen as a matrix: entry (i, j) stands at `i * row + j * column`.
#[derive(Clone, Copy, Debug)]
pub struct Matrix<'a> {
    /// The numbers.
    pub values: &'a [f32],
    /// From one row to the next.
    pub row: usize,
    /// From one column to the next.
    pub column: usize,
}

impl<'a> Matrix<'a> {
    /// Row-major with rows `stride` apart.
    pub fn rows(values: &'a [f32], stride: usize) -> Self {
        Self { values, row: stride, column: 1 }
    }

    /// The transpose.
    pub fn transposed(self) -> Self {
        Self { values: self.values, row: self.column, column: self.row }
    }
}

/// What a product is added to.
#[derive(Clone, Copy, Debug)]
pub enum Onto<'a> {
    /// Zero.
    Nothing,
    /// What stands in the output.
    Itself,
    /// A row that is added to each row.
    Row(&'a [f32]),
}

/// output = onto + left * right, for `rows` rows of `left`; rows of the output are `stride` apart.
///
/// Each entry is summed in the order of its terms, one rounding for each product and one for each sum.
///
/// # Panics
/// `left`, `output` or a row of `onto` is too short.
pub fn product(left: Matrix<'_>, right: &Panels, onto: Onto<'_>, rows: usize, output: &mut [f32], stride: usize) {
    vectorised(Product { left, right, onto, rows, output, stride });
}

struct Product<'a> {
    left: Matrix<'a>,
    right: &'a Panels,
    onto: Onto<'a>,
    rows: usize,
    output: &'a mut [f32],
    stride: usize,
}

impl WithSimd for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        // tiles as large as there are registers for: their size changes no result
        match S::F32_LANES {
            16 => self.in_tiles::<S, 2, 2, 8>(simd),
            8 => self.in_tiles::<S, 4, 2, 4>(simd),
            4 => self.in_tiles::<S, 8, 4, 2>(simd),
            _ => self.in_tiles::<S, 32, 16, 1>(simd),
        }
    }
}

impl Product<'_> {
    /// A row of a panel is `V` vectors long; a tile takes `P` of them and `R` rows of the left factor.
    #[inline(always)]
    fn in_tiles<S: Simd, const V: usize, const P: usize, const R: usize>(mut self, simd: S) {
        let terms = self.right.rows;
        let Matrix { values: left, row: row_stride, column: term_stride } = self.left;
        let mut packed = vec![[0.0; R]; if term_stride == 1 { 0 } else { terms }];
        for first in (0..self.rows).step_by(R) {
            let rows = R.min(self.rows - first);
            if term_stride == 1 {
                // a row that is not there is computed as the last one and not written
                let line = |row: usize| left[(first + row.min(rows - 1)) * row_stride..][..terms].as_chunks::<GROUP>();
                let lines: [_; R] = std::array::from_fn(line);
                let group = |group: usize| lines.map(|(groups, _)| &groups[group]);
                let rest = |term: usize, row: usize| lines[row].1[term];
                self.row_of_tiles::<S, V, P, R, _>(simd, first, rows, group, |group, term, row| group[row][term], rest);
            } else {
                for (term, line) in packed.iter_mut().enumerate() {
                    let start = first * row_stride + term * term_stride;
                    if rows == R && row_stride == 1 {
                        line.copy_from_slice(&left[start..start + R]);
                    } else {
                        (0..rows).for_each(|row| line[row] = left[start + row * row_stride]);
                    }
                }
                let (groups, last) = packed.as_chunks::<GROUP>();
                let rest = |term: usize, row: usize| last[term][row];
                let group = |group: usize| &groups[group];
                self.row_of_tiles::<S, V, P, R, _>(simd, first, rows, group, |group, term, row| group[term][row], rest);
            }
        }
    }

    /// One row of tiles. Factors come as `factor(group(number), term of the group, row)`, those of the terms that make no whole group as
    /// `rest(term, row)`: within a group no index has to be checked.
    #[inline(always)]
    fn row_of_tiles<S: Simd, const V: usize, const P: usize, const R: usize, G>(
        &mut self,
        simd: S,
        first: usize,
        rows: usize,
        group: impl Fn(usize) -> G,
        factor: impl Fn(&G, usize, usize) -> f32,
        rest: impl Fn(usize, usize) -> f32,
    ) {
        let (terms, columns) = (self.right.rows, self.right.columns);
        for (index, panel) in self.right.values.chunks_exact(terms * WIDTH).enumerate() {
            let column = index * WIDTH;
            let width = WIDTH.min(columns - column);
            let (panel, _) = S::as_simd_f32s(panel);
            let (panel, _) = panel.as_chunks::<V>();
            let (groups, last) = panel.as_chunks::<GROUP>();
            // what is not whole takes a way round over memory that is
            let whole = rows == R && width == WIDTH;
            let mut sums = [[0.0; WIDTH]; R];
            if !whole {
                for (row, sums) in sums[..rows].iter_mut().enumerate() {
                    match self.onto {
                        Onto::Nothing => {}
                        Onto::Itself => copy(&self.output[(first + row) * self.stride + column..], sums, width),
                        Onto::Row(values) => copy(&values[column..], sums, width),
                    }
                }
            }
            // the last panel may have vectors without a column
            for part in (0..width.div_ceil(S::F32_LANES)).step_by(P) {
                let mut tile = [[simd.splat_f32s(0.0); P]; R];
                for row in 0..R {
                    let start = (first + row) * self.stride + column;
                    let line = match self.onto {
                        _ if !whole => &sums[row][..],
                        Onto::Nothing => continue,
                        Onto::Itself => &self.output[start..start + WIDTH],
                        Onto::Row(values) => &values[column..column + WIDTH],
                    };
                    tile[row].copy_from_slice(&S::as_simd_f32s(line).0[part..part + P]);
                }
                for (number, lines) in groups.iter().enumerate() {
                    let group = group(number);
                    for (term, line) in lines.iter().enumerate() {
                        add_term::<S, V, P, R>(simd, &mut tile, line, part, |row| factor(&group, term, row));
                    }
                }
                for (term, line) in last.iter().enumerate() {
                    add_term::<S, V, P, R>(simd, &mut tile, line, part, |row| rest(term, row));
                }
                for row in 0..R {
                    let start = (first + row) * self.stride + column;
                    let line = if whole { &mut self.output[start..start + WIDTH] } else { &mut sums[row][..] };
                    S::as_mut_simd_f32s(line).0[part..part + P].copy_from_slice(&tile[row]);
                }
            }
            if !whole {
                for (row, sums) in sums[..rows].iter().enumerate() {
                    copy(sums, &mut self.output[(first + row) * self.stride + column..], width);
                }
            }
        }
    }
}

/// Adds one term to each entry of a tile.
#[inline(always)]
fn add_term<S: Simd, const V: usize, const P: usize, const R: usize>(
    simd: S,
    tile: &mut [[S::f32s; P]; R],
    line: &[S::f32s; V],
    part: usize,
    factor: impl Fn(usize) -> f32,
) {
    for (row, tile) in tile.iter_mut().enumerate() {
        let factor = simd.splat_f32s(factor(row));
        for (k, sum) in tile.iter_mut().enumerate() {
            *sum = simd.add_f32s(*sum, simd.mul_f32s(factor, line[part + k]));
        }
    }
}

/// Copies `width` values, most often a whole panel's.
#[inline(always)]
fn copy(from: &[f32], to: &mut [f32], width: usize) {
    if width == WIDTH {
        to[..WIDTH].copy_from_slice(&from[..WIDTH]);
    } else {
        to[..width].iter_mut().zip(from).for_each(|(to, from)| *to = *from);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(count: usize, seed: u32) -> Vec<f32> {
        let mix = |k: usize| (k as u32).wrapping_add(seed).wrapping_mul(2_654_435_761) >> 8;
        (0..count).map(|k| mix(k) as f32 / (1 << 23) as f32 - 1.0).collect()
    }

    /// The product, term after term.
    fn plain(
        left: Matrix,
        right: &[f32],
        [rows, terms, columns]: [usize; 3],
        start: impl Fn(usize, usize) -> f32,
    ) -> Vec<f32> {
        let entry = |row: usize, column: usize| {
            let term = |k: usize| left.values[row * left.row + k * left.column] * right[k * columns + column];
            (0..terms).fold(start(row, column), |sum, k| sum + term(k))
        };
        (0..rows * columns).map(|k| entry(k / columns, k % columns)).collect()
    }

    #[test]
    fn every_entry_has_the_bits_of_the_plain_sum() {
        for shape in [[1, 1, 1], [8, 50, 64], [13, 7, 50], [64, 25, 33], [3, 300, 31], [65, 1, 5]] {
            let [rows, terms, columns] = shape;
            let (left, right, row) = (numbers(rows * terms, 1), numbers(terms * columns, 2), numbers(columns, 3));
            let panels = Panels::of(Matrix::rows(&right, columns), terms, columns);
            // the same factor, as it stands and as the transpose of its transpose
            let across: Vec<f32> = (0..rows * terms).map(|k| left[k % rows * terms + k / rows]).collect();
            for left in [Matrix::rows(&left, terms), Matrix::rows(&across, rows).transposed()] {
                let mut output = numbers(rows * columns, 4);
                let before = output.clone();
                product(left, &panels, Onto::Itself, rows, &mut output, columns);
                assert_eq!(
                    output,
                    plain(left, &right, shape, |row, column| before[row * columns + column]),
                    "{shape:?}"
                );
                product(left, &panels, Onto::Row(&row), rows, &mut output, columns);
                assert_eq!(output, plain(left, &right, shape, |_, column| row[column]), "{shape:?}");
                product(left, &panels, Onto::Nothing, rows, &mut output, columns);
                assert_eq!(output, plain(left, &right, shape, |_, _| 0.0), "{shape:?}");
            }
        }
    }

    #[test]
    fn what_stands_between_the_rows_of_an_output_stays() {
        let mut output = vec![7.0; 10];
        product(
            Matrix::rows(&[1.0, 2.0], 1),
            &Panels::of(Matrix::rows(&[3.0, 4.0], 2), 1, 2),
            Onto::Nothing,
            2,
            &mut output,
            5,
        );
        assert_eq!(output, [3.0, 4.0, 7.0, 7.0, 7.0, 6.0, 8.0, 7.0, 7.0, 7.0]);
    }
}

//! Which cells of a file are kept: all of them, or those that have a time.

use crate::Result;
use crate::data::Matrix;
use crate::data::annotation::Annotation;
use crate::data::expression::Expression;
use std::borrow::Cow;

/// The kept cells.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Kept {
    /// Number of cells in the file.
    pub(crate) of: usize,
    /// Positions of the kept ones in rising order; none if all are.
    some: Option<Vec<usize>>,
}

impl Kept {
    /// Those cells for which `keep` says so.
    pub(crate) fn only(keep: &[bool]) -> Self {
        let some: Vec<usize> = (0..keep.len()).filter(|cell| keep[*cell]).collect();
        Self { of: keep.len(), some: (some.len() < keep.len()).then_some(some) }
    }

    /// Number of kept cells.
    pub(crate) fn count(&self) -> usize {
        self.some.as_ref().map_or(self.of, Vec::len)
    }

    /// Position in the file of a kept cell.
    pub(crate) fn position(&self, cell: usize) -> usize {
        self.some.as_ref().map_or(cell, |some| some[cell])
    }

    /// The rows of the kept cells.
    pub(crate) fn matrix(&self, matrix: Matrix) -> Matrix {
        match &self.some {
            None => matrix,
            Some(some) => Matrix {
                rows: some.len(),
                cols: matrix.cols,
                values: some.iter().flat_map(|cell| matrix.row(*cell)).copied().collect(),
            },
        }
    }

    /// The values of the kept cells.
    pub(crate) fn expression(&self, expression: Expression) -> Expression {
        match &self.some {
            None => expression,
            Some(some) => expression.keep_cells(some),
        }
    }

    /// The levels of the kept cells.
    ///
    /// # Errors
    ///
    /// None in practice: the codes were checked when the annotation was made.
    pub(crate) fn annotation<'a>(&self, annotation: &'a Annotation) -> Result<Cow<'a, Annotation>> {
        match &self.some {
            None => Ok(Cow::Borrowed(annotation)),
            Some(some) => annotation.of_cells(some).map(Cow::Owned),
        }
    }
}

//! Which type becomes which within a sampling interval, beside a known lineage (scTimeBench, bioRxiv 2026.03.16.712069, metric `graph_sim`).

mod correlated;
mod following;

pub(super) use following::Following;

use crate::data::Dataset;
use crate::protocol::{LineageControl, LineageScore};
use crate::ranking::average_precision;
use std::collections::BTreeSet;

/// A known lineage, over the types that it names.
pub(super) struct Lineage {
    /// The types, in order.
    pub(super) types: Vec<usize>,
    /// From (row) to (column): one becomes the other in one step.
    steps: Vec<bool>,
    /// The same in any number of steps, none included.
    paths: Vec<bool>,
}

impl Lineage {
    /// What `steps` (a type, and what it becomes) say.
    pub(super) fn new(steps: &[[u32; 2]]) -> Self {
        let types: Vec<usize> =
            steps.iter().flatten().map(|kind| *kind as usize).collect::<BTreeSet<_>>().into_iter().collect();
        let mut lineage = Self { steps: vec![false; types.len().pow(2)], paths: Vec::new(), types };
        for [from, to] in steps {
            if let [Some(from), Some(to)] = [from, to].map(|kind| lineage.place(*kind)) {
                let at = from * lineage.types.len() + to;
                lineage.steps[at] = true;
            }
        }
        lineage.paths = lineage.closure();
        lineage
    }

    /// What is had without a model.
    pub(super) fn control(&self, dataset: &Dataset) -> LineageControl {
        let (shares, genes) = correlated::correlated(self, dataset);
        LineageControl { correlation: self.score(&shares), chance: self.chance(), genes }
    }

    /// Number of types.
    pub(super) fn len(&self) -> usize {
        self.types.len()
    }

    /// The place of a type.
    pub(super) fn place(&self, kind: u32) -> Option<usize> {
        self.types.binary_search(&(kind as usize)).ok()
    }

    fn closure(&self) -> Vec<bool> {
        let count = self.len();
        let mut paths = self.steps.clone();
        (0..count).for_each(|at| paths[at * count + at] = true);
        for by in 0..count {
            for from in 0..count {
                for to in 0..count {
                    paths[from * count + to] |= paths[from * count + by] && paths[by * count + to];
                }
            }
        }
        paths
    }

    /// Areas under the precision-recall curve of predicted shares, from (row) to (column), as that benchmark takes them: over all ordered pairs of
    /// types, a type with itself included, to which no share is given; for `paths`, the shares of single steps are scores, too, and a type leads to
    /// itself.
    pub(super) fn score(&self, shares: &[f64]) -> LineageScore {
        let count = self.len();
        let scored = |truth: &[bool]| {
            let pairs = shares.iter().zip(truth).enumerate();
            let scored: Vec<(f64, bool)> =
                pairs.map(|(at, (share, is))| (if at / count == at % count { 0.0 } else { *share }, *is)).collect();
            average_precision(&scored).unwrap_or(0.0)
        };
        LineageScore { steps: scored(&self.steps), paths: scored(&self.paths) }
    }

    /// What scores without any information have.
    pub(super) fn chance(&self) -> LineageScore {
        self.score(&vec![0.0; self.len().pow(2)])
    }
}

/// Counts from (row) to (column) as shares of each row.
fn shares(mut counts: Vec<f64>, columns: usize) -> Vec<f64> {
    for row in counts.chunks_exact_mut(columns.max(1)) {
        let total: f64 = row.iter().sum();
        row.iter_mut().filter(|_| total > 0.0).for_each(|count| *count /= total);
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tree over the types 1, 3, 4 and 6: 1 becomes 3 and 4, 4 becomes 6.
    fn tree() -> Lineage {
        Lineage::new(&[[1, 3], [1, 4], [4, 6]])
    }

    #[test]
    fn a_lineage_knows_its_types_steps_and_paths() {
        let tree = tree();
        assert_eq!((tree.len(), tree.place(4), tree.place(2)), (4, Some(2), None));
        let on = |truth: &[bool]| truth.iter().filter(|is| **is).count();
        assert_eq!((on(&tree.steps), on(&tree.paths)), (3, 8));
        assert!(tree.paths[3] && !tree.paths[4 + 3]);
    }

    #[test]
    fn areas_are_those_of_the_benchmark() {
        // By scikit-learn's `average_precision_score`, the diagonal of the scores set to 0 (scTimeBench, `confusion_matrix.py`).
        let tree = tree();
        #[rustfmt::skip]
        let shares = [
            0.2, 0.5, 0.3, 0.0,
            0.1, 0.8, 0.1, 0.0,
            0.0, 0.4, 0.4, 0.2,
            0.0, 0.1, 0.0, 0.9,
        ];
        let LineageScore { steps, paths } = tree.score(&shares);
        assert!((steps - 0.805_555_555_555_555_5).abs() < 1e-9, "{steps}");
        assert!((paths - 0.614_583_333_333_333_3).abs() < 1e-9, "{paths}");
        let LineageScore { steps, paths } = tree.chance();
        assert_eq!((steps, paths), (3.0 / 16.0, 8.0 / 16.0));
    }

    #[test]
    fn every_type_shares_itself_out() {
        assert_eq!(shares(vec![1.0, 3.0, 0.0, 0.0], 2), [0.25, 0.75, 0.0, 0.0]);
    }
}

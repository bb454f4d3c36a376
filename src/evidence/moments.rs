//! Count, mean and covariance of the cells of a type in a population.

use crate::data::Dataset;

/// First and second moments of some cells.
#[derive(Clone, Debug, Default)]
pub(super) struct Moments {
    pub(super) count: usize,
    pub(super) mean: Vec<f64>,
    /// Sums of products of deviations from the mean, `[d, d]`.
    pub(super) scatter: Vec<f64>,
}

impl Moments {
    pub(super) fn of(dataset: &Dataset, cells: &[u32]) -> Self {
        let dimensions = dataset.states.cols;
        let mut mean = vec![0.0; dimensions];
        let rows = || cells.iter().map(|cell| dataset.states.row(*cell as usize));
        for row in rows() {
            mean.iter_mut().zip(row).for_each(|(mean, value)| *mean += f64::from(*value));
        }
        mean.iter_mut().for_each(|mean| *mean /= cells.len().max(1) as f64);
        let mut scatter = vec![0.0; dimensions * dimensions];
        for row in rows() {
            let deviation: Vec<f64> = row.iter().zip(&mean).map(|(value, mean)| f64::from(*value) - mean).collect();
            for (scatter, a) in scatter.chunks_exact_mut(dimensions).zip(&deviation) {
                scatter.iter_mut().zip(&deviation).for_each(|(sum, b)| *sum += a * b);
            }
        }
        Self { count: cells.len(), mean, scatter }
    }
}

/// Covariance pooled within groups, with its degrees of freedom; none if there are none.
pub(super) fn pooled<'a>(groups: impl Iterator<Item = &'a Moments>) -> Option<(Vec<f64>, f64)> {
    let mut sum: Vec<f64> = Vec::new();
    let mut freedom = 0.0;
    for group in groups.filter(|group| group.count > 1) {
        sum.resize(group.scatter.len(), 0.0);
        sum.iter_mut().zip(&group.scatter).for_each(|(sum, scatter)| *sum += scatter);
        freedom += group.count as f64 - 1.0;
    }
    if freedom < 1.0 {
        return None;
    }
    sum.iter_mut().for_each(|sum| *sum /= freedom);
    Some((sum, freedom))
}

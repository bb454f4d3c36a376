//! How the mean state of receivers follows the presence, or the share, of a sender over samples.

use super::solve::mahalanobis;

/// The mean of the receivers of one sample.
pub(super) struct Row {
    /// Mean state, or its change.
    pub(super) mean: Vec<f64>,
    /// Inverse variance of the mean, in units of the inverse covariance of single cells: the number of cells.
    pub(super) weight: f64,
    /// Share of the sender, or 1 where it is missing and 0 where it is not.
    pub(super) share: f64,
    /// Samples of the same group are replicates; none if they count as such whatever the group.
    pub(super) group: Option<usize>,
}

/// F of the regression of the means on the shares: the squared slope in units of its sampling error and of the number of components. 1 where
/// the means differ by no more than sampling. Where replicates, or what the regression leaves, spread more than that, their spread is the
/// error. None if the shares are all the same.
///
/// `covariance` is that of single cells, `[d, d]`, with so many degrees of freedom.
pub(super) fn f_of_slope(rows: &[Row], covariance: &[f64], freedom: f64) -> Option<f64> {
    let components = rows.first()?.mean.len();
    let total: f64 = rows.iter().map(|row| row.weight).sum();
    let share = rows.iter().map(|row| row.weight * row.share).sum::<f64>() / total;
    let spread: f64 = rows.iter().map(|row| row.weight * (row.share - share).powi(2)).sum();
    if rows.len() < 2 || spread <= 1e-9 * total {
        return None;
    }
    let mean = centre(rows.iter());
    let mut slope = vec![0.0; components];
    for row in rows {
        let by = row.weight * (row.share - share) / spread;
        slope
            .iter_mut()
            .zip(row.mean.iter().zip(&mean))
            .for_each(|(slope, (value, mean))| *slope += by * (value - mean));
    }
    // Hotelling's T² with estimated covariance, as an F of mean close to 1.
    let small = ((freedom - components as f64 + 1.0) / freedom).max(0.1);
    let f = small * spread * mahalanobis(covariance, &slope)? / components as f64;
    let residual = |row: &Row| -> Vec<f64> {
        let along = row.share - share;
        row.mean
            .iter()
            .zip(mean.iter().zip(&slope))
            .map(|(value, (mean, slope))| value - mean - along * slope)
            .collect()
    };
    let (mut excess, mut degrees) = (0.0, 0.0);
    if rows.iter().any(|row| row.group.is_none()) {
        for row in rows {
            excess += row.weight * mahalanobis(covariance, &residual(row))?;
        }
        degrees = rows.len() as f64 - 2.0;
    } else {
        let groups: std::collections::BTreeSet<usize> = rows.iter().filter_map(|row| row.group).collect();
        for group in groups {
            let members: Vec<&Row> = rows.iter().filter(|row| row.group == Some(group)).collect();
            let mean = centre(members.iter().copied());
            for row in &members {
                let deviation: Vec<f64> = row.mean.iter().zip(&mean).map(|(value, mean)| value - mean).collect();
                excess += row.weight * mahalanobis(covariance, &deviation)?;
            }
            degrees += members.len() as f64 - 1.0;
        }
    }
    let overdispersion = if degrees > 0.0 { excess / (components as f64 * degrees) } else { 1.0 };
    Some(f / overdispersion.max(1.0))
}

/// Weighted mean.
fn centre<'a>(rows: impl Iterator<Item = &'a Row>) -> Vec<f64> {
    let (mut sum, mut total): (Vec<f64>, f64) = (Vec::new(), 0.0);
    for row in rows {
        sum.resize(row.mean.len(), 0.0);
        sum.iter_mut().zip(&row.mean).for_each(|(sum, value)| *sum += row.weight * value);
        total += row.weight;
    }
    sum.iter_mut().for_each(|sum| *sum /= total);
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(mean: f64, weight: f64, share: f64, group: usize) -> Row {
        Row { mean: vec![mean], weight, share, group: Some(group) }
    }

    #[test]
    fn two_arms_give_the_squared_difference_over_its_variance() {
        let rows = [row(1.0, 10.0, 1.0, 0), row(3.0, 40.0, 0.0, 1)];
        let f = f_of_slope(&rows, &[2.0], 1e12).unwrap();
        assert!((f - 4.0 / (2.0 * (0.1 + 0.025))).abs() < 1e-6, "{f}");
        assert_eq!(f_of_slope(&rows[..1], &[2.0], 9.0), None);
    }

    #[test]
    fn replicates_that_spread_take_significance_away() {
        let arms = |spread: f64| {
            let rows = [
                row(1.0 - spread, 50.0, 1.0, 0),
                row(1.0 + spread, 50.0, 1.0, 0),
                row(2.0 - spread, 50.0, 0.0, 1),
                row(2.0 + spread, 50.0, 0.0, 1),
            ];
            f_of_slope(&rows, &[1.0], 1e12).unwrap()
        };
        assert!((arms(0.0) - 50.0).abs() < 1e-6);
        assert!(arms(1.0) < 1.1);
    }
}

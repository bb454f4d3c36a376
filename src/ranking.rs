//! How well a score ranks what is true before what is not.

/// Area under the ROC curve: how often a score of `positive` is higher than one of `negative`, ties counting half: 1 ranks all of them
/// first, 0.5 is chance. None if either is empty.
pub fn auroc(positive: &[f64], negative: &[f64]) -> Option<f64> {
    if positive.is_empty() || negative.is_empty() {
        return None;
    }
    let mut sorted = negative.to_vec();
    sorted.sort_by(f64::total_cmp);
    let wins: f64 = positive
        .iter()
        .map(|score| {
            let below = sorted.partition_point(|other| other < score);
            let not_above = sorted.partition_point(|other| other <= score);
            (below + not_above) as f64 / 2.0
        })
        .sum();
    Some(wins / (positive.len() * negative.len()) as f64)
}

/// Area under the precision-recall curve, as average precision: the precision at each score, weighted by the recall that it adds; equal scores
/// are one step. Chance is the share of what is true. None if nothing is true.
///
/// `scored`: scores, and whether what is scored is true.
pub fn average_precision(scored: &[(f64, bool)]) -> Option<f64> {
    let positive = scored.iter().filter(|(_, is)| *is).count();
    let mut sorted = scored.to_vec();
    sorted.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let (mut seen, mut found, mut area) = (0, 0, 0.0);
    for equal in sorted.chunk_by(|(a, _), (b, _)| a == b) {
        let more = equal.iter().filter(|(_, is)| *is).count();
        seen += equal.len();
        found += more;
        area += more as f64 * found as f64 / seen as f64;
    }
    (positive > 0).then(|| area / positive as f64)
}

/// Mean and standard deviation (divided by n - 1) of some numbers; none without numbers.
pub fn mean_and_deviation(values: &[f64]) -> Option<(f64, f64)> {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let square = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
    let deviation = if values.len() > 1 { (square / (count - 1.0)).sqrt() } else { 0.0 };
    (!values.is_empty()).then_some((mean, deviation))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_count_half() {
        assert_eq!(auroc(&[3.0, 2.0], &[1.0, 0.0]), Some(1.0));
        assert_eq!(auroc(&[1.0, 1.0], &[1.0]), Some(0.5));
        assert_eq!(auroc(&[0.0, 2.0], &[1.0, 1.0]), Some(0.5));
        assert_eq!((auroc(&[], &[1.0]), auroc(&[1.0], &[])), (None, None));
    }

    #[test]
    fn average_precision_is_that_of_scikit_learn() {
        let of = |scored: &[(f64, bool)]| average_precision(scored).unwrap();
        // The example of scikit-learn's documentation.
        assert!((of(&[(0.1, false), (0.4, false), (0.35, true), (0.8, true)]) - 5.0 / 6.0).abs() < 1e-12);
        assert_eq!(of(&[(1.0, true), (0.5, false)]), 1.0);
        assert_eq!(of(&[(0.5, true), (0.5, false), (0.5, false), (0.5, true)]), 0.5);
        assert_eq!(average_precision(&[(0.5, false)]), None);
    }
}

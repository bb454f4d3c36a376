//! Who a cell listens to, or who listens to it: by type, and the strongest cells.

/// One direction of a cell's attention.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listening {
    /// Share of each type in the sum of the scores, the largest first; types without cells are left out.
    pub types: Vec<(usize, f32)>,
    /// The strongest cells with their scores, the strongest first.
    pub cells: Vec<(u32, f32)>,
}

/// Sums the scores of the `cells` by type and finds the `count` strongest; scores that are not positive do not count.
///
/// `types`: type of each cell of the dataset.
#[must_use]
pub fn rank(cells: &[u32], scores: &[f32], types: &[u32], count: usize) -> Listening {
    let mut heard: Vec<(u32, f32)> = cells
        .iter()
        .copied()
        .zip(scores.iter().copied())
        .filter(|(_, score)| *score > 0.0 && score.is_finite())
        .collect();
    let mut sums: Vec<f64> = Vec::new();
    for (cell, score) in &heard {
        let Some(&kind) = types.get(*cell as usize) else { continue };
        let kind = kind as usize;
        if kind >= sums.len() {
            sums.resize(kind + 1, 0.0);
        }
        sums[kind] += f64::from(*score);
    }
    let total: f64 = sums.iter().sum();
    let present = sums.iter().enumerate().filter(|(_, sum)| **sum > 0.0);
    let mut shares: Vec<(usize, f32)> = present.map(|(kind, sum)| (kind, (sum / total) as f32)).collect();
    let by_score = |a: f32, b: f32| b.total_cmp(&a);
    shares.sort_by(|a, b| by_score(a.1, b.1));
    if heard.len() > count && count > 0 {
        heard.select_nth_unstable_by(count - 1, |a, b| by_score(a.1, b.1).then(a.0.cmp(&b.0)));
    }
    heard.truncate(count);
    heard.sort_by(|a, b| by_score(a.1, b.1).then(a.0.cmp(&b.0)));
    Listening { types: shares, cells: heard }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_sum_to_one_and_the_strongest_come_first() {
        let types = [0, 0, 2, 2, 1, 0];
        let found = rank(&[1, 2, 3, 4], &[0.1, 0.4, 0.3, 0.2], &types, 2);
        let kinds: Vec<usize> = found.types.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(kinds, [2, 1, 0]);
        assert!((found.types[0].1 - 0.7).abs() < 1e-6);
        assert!((found.types.iter().map(|(_, share)| share).sum::<f32>() - 1.0).abs() < 1e-6);
        assert_eq!(found.cells, [(2, 0.4), (3, 0.3)]);
    }

    #[test]
    fn silence_and_nonsense_are_left_out() {
        assert_eq!(rank(&[0, 1], &[0.0, f32::NAN], &[0, 0], 3), Listening::default());
        assert_eq!(rank(&[7], &[1.0], &[0], 3).types, []);
        assert_eq!(rank(&[], &[], &[], 0), Listening::default());
    }
}

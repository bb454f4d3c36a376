//! Who a cell listens to, or who listens to it: by type, and the strongest cells, with the lines between them.

/// Widths of the lines to the weakest and to the strongest, in pixels.
const WIDTHS: [f64; 2] = [0.6, 2.6];
/// How far a line is bent, as a share of its length.
const BEND: f64 = 0.12;
/// Shorter lines are not drawn, in pixels.
const SHORTEST: f64 = 14.0;
/// A line ends this far from the middle of its cell, before the ring round it.
const GAP: f64 = 9.0;

/// One direction of a cell's attention.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listening {
    /// Share of each type in the sum of the scores, the largest first; types without cells are left out.
    pub types: Vec<(usize, f32)>,
    /// The strongest cells with their scores, the strongest first.
    pub cells: Vec<(u32, f32)>,
}

impl Listening {
    /// The strongest cells, each with the width of its line.
    pub fn widths(&self) -> impl Iterator<Item = (u32, f64)> {
        let strongest = self.cells.first().map_or(1.0, |(_, score)| *score);
        let width = move |score: f32| WIDTHS[0] + (WIDTHS[1] - WIDTHS[0]) * f64::from(score / strongest);
        self.cells.iter().map(move |&(cell, score)| (cell, width(score)))
    }
}

/// A line with an arrowhead, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Joint {
    /// Where it begins.
    pub start: [f64; 2],
    /// The point towards which it is bent.
    pub middle: [f64; 2],
    /// Where it ends.
    pub tip: [f64; 2],
    /// Barb, tip, barb.
    pub head: [[f64; 2]; 3],
}

/// A line bent to its right, so that the two directions of a pair lie side by side; none if its ends are too close.
#[must_use]
pub fn joint(start: [f64; 2], end: [f64; 2], width: f64) -> Option<Joint> {
    let along = [end[0] - start[0], end[1] - start[1]];
    let length = along[0].hypot(along[1]);
    if length.is_nan() || length < SHORTEST {
        return None;
    }
    let middle = [(start[0] + end[0]) / 2.0 - BEND * along[1], (start[1] + end[1]) / 2.0 + BEND * along[0]];
    let last = [end[0] - middle[0], end[1] - middle[1]];
    let reach = last[0].hypot(last[1]).max(f64::MIN_POSITIVE);
    let tip = [0, 1].map(|i| end[i] - last[i] / reach * GAP);
    let arrow = [0, 1].map(|i| last[i] / reach * (12.0 + width));
    let from = [tip[0] - arrow[0], tip[1] - arrow[1]];
    super::arrows::shape(from, arrow).map(|shape| Joint { start, middle, tip, head: shape.head })
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
    fn lines_of_a_pair_lie_side_by_side() {
        let (there, back) =
            (joint([0.0, 0.0], [100.0, 0.0], 2.0).unwrap(), joint([100.0, 0.0], [0.0, 0.0], 2.0).unwrap());
        assert!(there.middle[1] * back.middle[1] < 0.0, "bent to different sides");
        assert!(there.tip[0] < 100.0 && there.head[1].iter().zip(there.tip).all(|(a, b)| (a - b).abs() < 1e-9));
        assert_eq!(joint([0.0, 0.0], [5.0, 0.0], 2.0), None);
        let strongest = Listening { types: Vec::new(), cells: vec![(3, 0.5), (1, 0.25)] };
        assert_eq!(strongest.widths().collect::<Vec<_>>(), [(3, 2.6), (1, 1.6)]);
    }

    #[test]
    fn silence_and_nonsense_are_left_out() {
        assert_eq!(rank(&[0, 1], &[0.0, f32::NAN], &[0, 0], 3), Listening::default());
        assert_eq!(rank(&[7], &[1.0], &[0], 3).types, []);
        assert_eq!(rank(&[], &[], &[], 0), Listening::default());
    }
}

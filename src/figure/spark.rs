//! A number over time, small enough to stand in a line of text.

use std::fmt::Write;

/// Where each known value stands, from the top left corner; `places` are positions from 0 to 1, `range` the values at bottom and top.
#[must_use]
pub fn points(
    values: &[Option<f64>],
    places: &[f64],
    range: [f64; 2],
    size: [f64; 2],
    margin: f64,
) -> Vec<Option<[f64; 2]>> {
    let [low, high] = range;
    let span = if high > low { high - low } else { 1.0 };
    let [width, height] = size.map(|side| side - 2.0 * margin);
    let point = |(value, place): (&Option<f64>, &f64)| {
        value.map(|value| {
            let up = ((value - low) / span).clamp(0.0, 1.0);
            [margin + place * width, margin + (1.0 - up) * height]
        })
    };
    values.iter().zip(places).map(point).collect()
}

/// An SVG path through points, broken where one is missing.
#[must_use]
pub fn path(points: &[Option<[f64; 2]>]) -> String {
    let mut path = String::new();
    let mut pen = false;
    for point in points {
        if let Some([x, y]) = point {
            // Writing to a string cannot fail.
            let _ = write!(path, "{}{x:.1},{y:.1}", if pen { " L" } else { " M" });
        }
        pen = point.is_some();
    }
    path.trim_start().to_owned()
}

/// From zero, or below, to the greatest value.
#[must_use]
pub fn range(values: &[Option<f64>]) -> [f64; 2] {
    values.iter().flatten().fold([0.0, 0.0], |[low, high], &value| [low.min(value), high.max(value)])
}

/// From the least to the greatest value.
#[must_use]
pub fn extent(values: &[Option<f64>]) -> [f64; 2] {
    let known = || values.iter().flatten().copied().filter(|value| value.is_finite());
    [known().fold(f64::INFINITY, f64::min), known().fold(f64::NEG_INFINITY, f64::max)]
}

/// At most `most` of the values, evenly spread, the first and the last among them; what is not finite is missing.
#[must_use]
pub fn thinned(values: impl ExactSizeIterator<Item = f64>, most: usize) -> Vec<Option<f64>> {
    let (count, most) = (values.len(), most.max(2));
    let all = values.map(|value| value.is_finite().then_some(value));
    if count <= most {
        return all.collect();
    }
    let all: Vec<_> = all.collect();
    (0..most).map(|i| all[i * (count - 1) / (most - 1)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_at_their_times() {
        let values = [Some(0.0), Some(2.0), None, Some(1.0)];
        let points = points(&values, &[0.0, 0.25, 0.5, 1.0], range(&values), [104.0, 24.0], 2.0);
        assert_eq!(points, [Some([2.0, 22.0]), Some([27.0, 2.0]), None, Some([102.0, 12.0])]);
        assert_eq!(path(&points), "M2.0,22.0 L27.0,2.0 M102.0,12.0");
    }

    #[test]
    fn many_values_keep_their_ends() {
        let thin = thinned((0..1000).map(f64::from), 7);
        assert_eq!((thin.len(), thin[0], thin[6]), (7, Some(0.0), Some(999.0)));
        assert!(thin.windows(2).all(|pair| pair[1] > pair[0]));
        assert_eq!(thinned([1.0, f64::NAN].into_iter(), 7), [Some(1.0), None]);
        assert_eq!(extent(&[Some(3.0), None, Some(1.5), Some(f64::NAN)]), [1.5, 3.0]);
    }

    #[test]
    fn nothing_is_no_line() {
        assert_eq!(path(&points(&[None, None], &[0.0, 1.0], range(&[None]), [10.0, 10.0], 0.0)), "");
        assert_eq!(path(&points(&[Some(0.0)], &[0.5], [0.0, 0.0], [10.0, 10.0], 0.0)), "M5.0,10.0");
    }
}

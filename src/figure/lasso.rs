//! Which points lie within a drawn line.

/// The `included` points within the polygon, whose last corner is joined to its first (even-odd rule).
#[must_use]
pub fn inside(points: &[[f32; 2]], polygon: &[[f64; 2]], included: impl Fn(usize) -> bool) -> Vec<u32> {
    let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    for corner in polygon {
        for axis in 0..2 {
            low[axis] = low[axis].min(corner[axis]);
            high[axis] = high[axis].max(corner[axis]);
        }
    }
    let within = |point: [f64; 2]| {
        (0..2).all(|axis| (low[axis]..=high[axis]).contains(&point[axis])) && odd_crossings(point, polygon)
    };
    let all = points.iter().enumerate();
    all.filter(|(i, p)| included(*i) && within(p.map(f64::from))).map(|(i, _)| i as u32).collect()
}

/// A ray to the right crosses the outline an odd number of times.
fn odd_crossings(point: [f64; 2], polygon: &[[f64; 2]]) -> bool {
    let mut odd = false;
    let Some(mut from) = polygon.last().copied() else { return false };
    for &to in polygon {
        if (from[1] > point[1]) != (to[1] > point[1]) {
            let x = from[0] + (point[1] - from[1]) / (to[1] - from[1]) * (to[0] - from[0]);
            odd ^= point[0] < x;
        }
        from = to;
    }
    odd
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hollow_shape_leaves_its_hollow_out() {
        // A "U": the middle of its top is open.
        let shape = [[0.0, 0.0], [9.0, 0.0], [9.0, 9.0], [6.0, 9.0], [6.0, 3.0], [3.0, 3.0], [3.0, 9.0], [0.0, 9.0]];
        let points = [[1.0, 8.0], [4.5, 8.0], [4.5, 1.0], [8.0, 8.0], [10.0, 1.0], [f32::NAN, 1.0]];
        assert_eq!(inside(&points, &shape, |_| true), [0, 2, 3]);
        assert_eq!(inside(&points, &shape, |i| i > 1), [2, 3]);
    }

    #[test]
    fn direction_and_start_do_not_matter() {
        let mut shape = vec![[0.0, 0.0], [4.0, 0.0], [2.0, 4.0]];
        let points: Vec<[f32; 2]> = (0..400).map(|i| [(i % 20) as f32 / 4.1, (i / 20) as f32 / 4.1]).collect();
        let found = inside(&points, &shape, |_| true);
        assert!((100..160).contains(&found.len()), "half of a square: {}", found.len());
        shape.reverse();
        shape.rotate_left(1);
        assert_eq!(inside(&points, &shape, |_| true), found);
    }

    #[test]
    fn a_line_holds_nothing() {
        assert!(inside(&[[0.5, 0.5]], &[], |_| true).is_empty());
        assert!(inside(&[[0.5, 0.5]], &[[0.0, 0.0], [1.0, 1.0]], |_| true).is_empty());
    }
}

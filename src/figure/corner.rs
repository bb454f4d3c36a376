//! The corner of a plot where a card covers least of what is drawn.

/// A corner: at the right, at the bottom.
pub type Corner = [bool; 2];

/// The corner whose card of `card` (width and height) covers the fewest of the points, with the margins `[side, top, bottom]` to the plot's edges;
/// of equal ones the first of top right, top left, bottom right, bottom left. Coordinates are pixels from the plot's top left corner.
#[must_use]
pub fn quietest(points: &[[f64; 2]], plot: [f64; 2], card: [f64; 2], [side, top, bottom]: [f64; 3]) -> Corner {
    let covered = |[right, low]: Corner| {
        let x = if right { plot[0] - side - card[0] } else { side };
        let y = if low { plot[1] - bottom - card[1] } else { top };
        let inside = |point: &&[f64; 2]| (x..=x + card[0]).contains(&point[0]) && (y..=y + card[1]).contains(&point[1]);
        points.iter().filter(inside).count()
    };
    let corners = [[true, false], [false, false], [true, true], [false, true]];
    corners.into_iter().min_by_key(|corner| covered(*corner)).unwrap_or([true, false])
}

/// Points along a bent line, ends included, close enough that a card between two of them is noticed.
#[must_use]
pub fn along(start: [f64; 2], middle: [f64; 2], end: [f64; 2]) -> Vec<[f64; 2]> {
    const STEPS: usize = 24;
    let at = |step: usize| {
        let t = step as f64 / STEPS as f64;
        [0, 1].map(|i| (1.0 - t).powi(2) * start[i] + 2.0 * t * (1.0 - t) * middle[i] + t * t * end[i])
    };
    (0..=STEPS).map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLOT: [f64; 2] = [600.0, 400.0];
    const CARD: [f64; 2] = [200.0, 150.0];
    const MARGINS: [f64; 3] = [8.0, 40.0, 8.0];

    #[test]
    fn the_card_stands_where_the_lines_are_not() {
        // Lines from the middle to the upper right, the lower right and the upper left.
        let lines = [[580.0, 60.0], [580.0, 380.0], [30.0, 60.0]].map(|end| along([300.0, 200.0], [300.0, 200.0], end));
        assert_eq!(quietest(&lines.concat(), PLOT, CARD, MARGINS), [false, true]);
        assert_eq!(quietest(&[], PLOT, CARD, MARGINS), [true, false]);
    }

    #[test]
    fn a_line_is_followed_from_end_to_end() {
        let points = along([0.0, 0.0], [50.0, 100.0], [100.0, 0.0]);
        assert_eq!((points[0], points[24]), ([0.0, 0.0], [100.0, 0.0]));
        assert!((points[12][1] - 50.0).abs() < 1e-9);
    }
}

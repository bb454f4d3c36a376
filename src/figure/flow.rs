//! Ways to draw a velocity field, and stream lines in pixels.

use super::arrows;
use super::scatter::Viewport;
use super::streamlines::Line;

/// Distance of neighbouring stream lines where the whole plane is seen, in pixels.
pub const LINE_SPACING: f64 = 15.0;
/// Width of the thinnest and of the thickest stream line, in pixels.
pub const WIDTHS: [f64; 2] = [0.7, 2.2];
/// Number of widths.
const CLASSES: usize = 6;
/// Length of an arrow whose head stands on a stream line, in pixels.
const HEAD: f64 = 14.0;

/// How the velocity is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Flow {
    /// Arrows on a regular grid.
    #[default]
    Grid,
    /// Lines along the field.
    Lines,
    /// Particles that drift with it.
    Particles,
    /// An arrow at each cell.
    Cells,
    /// Not at all.
    Off,
}

/// Stream lines in pixels, by their width.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Strokes {
    /// Widths, each with the pieces of lines that have it.
    pub pieces: Vec<(f64, Vec<Vec<[f64; 2]>>)>,
    /// Arrowheads in the middle of the lines.
    pub heads: Vec<[[f64; 2]; 3]>,
}

/// Lines as they are drawn in `viewport`; those of the speed `typical` and above are the widest. None if nothing moves.
#[must_use]
pub fn strokes(lines: &[Line], typical: f64, viewport: &Viewport) -> Option<Strokes> {
    if typical.is_nan() || typical <= 0.0 || lines.is_empty() {
        return None;
    }
    let last = CLASSES - 1;
    let class = |speed: f64| ((speed / typical).clamp(0.0, 1.0) * last as f64).round() as usize;
    let width = |class: usize| WIDTHS[0] + (WIDTHS[1] - WIDTHS[0]) * class as f64 / last as f64;
    let mut pieces: Vec<(f64, Vec<Vec<[f64; 2]>>)> = (0..CLASSES).map(|class| (width(class), Vec::new())).collect();
    let mut heads = Vec::new();
    for line in lines {
        let points: Vec<[f64; 2]> = line.points.iter().map(|point| viewport.project(*point)).collect();
        let mut before = None;
        for (pair, speed) in points.windows(2).zip(&line.speeds) {
            let own = class(*speed);
            let of_width = &mut pieces[own].1;
            match of_width.last_mut().filter(|_| before == Some(own)) {
                Some(piece) => piece.push(pair[1]),
                None => of_width.push(pair.to_vec()),
            }
            before = Some(own);
        }
        let middle = points.len() / 2;
        if let (Some(from), Some(to)) = (middle.checked_sub(1).and_then(|i| points.get(i)), points.get(middle)) {
            let along = [to[0] - from[0], to[1] - from[1]];
            let length = along[0].hypot(along[1]).max(f64::MIN_POSITIVE);
            heads.extend(arrows::shape(*from, along.map(|c| c / length * HEAD)).map(|shape| shape.head));
        }
    }
    Some(Strokes { pieces, heads })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::scatter::Bounds;

    #[test]
    fn faster_pieces_are_wider_and_joined_where_they_touch() {
        let viewport = Viewport::fit(Bounds { low: [0.0; 2], high: [10.0; 2] }, [100.0, 100.0], 0.0);
        let line =
            Line { points: (0..5).map(|x| [f64::from(x), 5.0]).collect(), speeds: vec![2.0, 2.0, 0.0, 9.0, 9.0] };
        let drawn = strokes(&[line], 2.0, &viewport).unwrap();
        let of = |class: usize| &drawn.pieces[class].1;
        assert_eq!(drawn.pieces.len(), CLASSES);
        assert_eq!([drawn.pieces[0].0, drawn.pieces[CLASSES - 1].0], WIDTHS);
        assert_eq!(of(0), &[vec![[20.0, 50.0], [30.0, 50.0]]]);
        assert_eq!(of(CLASSES - 1).iter().map(Vec::len).collect::<Vec<_>>(), [3, 2], "broken by the slow piece");
        assert!(drawn.heads.len() == 1 && drawn.heads[0][1][0] > drawn.heads[0][0][0], "the head points ahead");
    }

    #[test]
    fn nothing_moves_nothing_is_drawn() {
        let viewport = Viewport::fit(Bounds { low: [0.0; 2], high: [1.0; 2] }, [9.0, 9.0], 0.0);
        assert_eq!(strokes(&[], 1.0, &viewport), None);
        assert_eq!(strokes(&[Line::default()], 0.0, &viewport), None);
    }
}

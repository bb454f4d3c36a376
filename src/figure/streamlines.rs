//! Lines along a velocity field, evenly spaced as in matplotlib's `streamplot`, which scVelo draws with.

use super::field::Grid;

/// Length of a step, in separations.
const STEP: f64 = 0.15;
/// A line shorter than this many separations is left out.
const SHORTEST: f64 = 1.5;
/// What moves slower than this share of the fastest stands still.
const STILL: f64 = 2e-3;

/// A line along the field, from where it comes to where it goes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// Its points, at equal distances.
    pub points: Vec<[f64; 2]>,
    /// Speed at each point, in the units of the field.
    pub speeds: Vec<f64>,
}

/// Which boxes of the plane hold a line already.
struct Taken {
    low: [f64; 2],
    side: f64,
    columns: [usize; 2],
    boxes: Vec<bool>,
}

impl Taken {
    fn index(&self, place: [f64; 2]) -> Option<usize> {
        let [col, row] = [0, 1].map(|axis| ((place[axis] - self.low[axis]) / self.side).floor());
        let inside = |c: f64, axis: usize| c >= 0.0 && c < self.columns[axis] as f64;
        (inside(col, 0) && inside(row, 1)).then(|| row as usize * self.columns[0] + col as usize)
    }
}

/// Lines about `separation` apart (in the units of the plane). A line ends where there are no cells, where nothing moves, and where it would
/// come close to another or to itself.
#[must_use]
pub fn lines(grid: &Grid, separation: f64) -> Vec<Line> {
    let bounds = grid.bounds();
    let extent = [0, 1].map(|axis| bounds.high[axis] - bounds.low[axis]);
    let fastest = grid.arrows().iter().map(|arrow| arrow.vector[0].hypot(arrow.vector[1])).fold(0.0, f64::max);
    if !(separation > 0.0 && fastest > 0.0 && fastest.is_finite() && extent.iter().all(|e| e.is_finite())) {
        return Vec::new();
    }
    let columns = extent.map(|e| ((e / separation).ceil() as usize).clamp(1, 400));
    let side = separation.max(extent[0].max(extent[1]) / 400.0);
    let mut taken = Taken { low: bounds.low, side, columns, boxes: vec![false; columns[0] * columns[1]] };

    // From the edge inwards, so that lines begin where cells come from.
    let mut seeds: Vec<[usize; 2]> =
        (0..columns[1]).flat_map(|row| (0..columns[0]).map(move |col| [col, row])).collect();
    seeds.sort_by_key(|seed| [0, 1].map(|axis| seed[axis].min(columns[axis] - 1 - seed[axis])).into_iter().min());
    let mut found = Vec::new();
    for seed in seeds {
        let place = [0, 1].map(|axis| bounds.low[axis] + (seed[axis] as f64 + 0.5) * side);
        found.extend(line(grid, place, fastest * STILL, &mut taken));
    }
    found
}

/// The line through `seed`, if there is room for it.
fn line(grid: &Grid, seed: [f64; 2], still: f64, taken: &mut Taken) -> Option<Line> {
    let first = taken.index(seed).filter(|&index| !taken.boxes[index])?;
    let speed = moving(grid, seed, still)?.1;
    taken.boxes[first] = true;
    let mut own = vec![first];
    let mut back = trace(grid, seed, -1.0, still, taken, &mut own);
    let ahead = trace(grid, seed, 1.0, still, taken, &mut own);
    if ((back.len() + ahead.len()) as f64) * STEP < SHORTEST {
        own.into_iter().for_each(|index| taken.boxes[index] = false);
        return None;
    }
    back.reverse();
    let all = back.into_iter().chain([(seed, speed)]).chain(ahead);
    let (points, speeds) = all.unzip();
    Some(Line { points, speeds })
}

/// Direction and speed at a place; none where nothing moves.
fn moving(grid: &Grid, place: [f64; 2], still: f64) -> Option<([f64; 2], f64)> {
    let vector = grid.at(place)?;
    let speed = vector[0].hypot(vector[1]);
    (speed > still).then(|| (vector.map(|c| c / speed), speed))
}

/// Points and speeds from `seed` on, with (1) or against (-1) the field, by the midpoint rule.
fn trace(
    grid: &Grid,
    seed: [f64; 2],
    sign: f64,
    still: f64,
    taken: &mut Taken,
    own: &mut Vec<usize>,
) -> Vec<([f64; 2], f64)> {
    let length = sign * STEP * taken.side;
    let step = |place: [f64; 2], share: f64, along: [f64; 2]| [0, 1].map(|i| place[i] + share * length * along[i]);
    let (mut at, mut points) = (seed, Vec::new());
    let mut here = taken.index(seed);
    // Every box is entered once, and a straight way through its diagonal takes ten steps: what turns on the spot ends here.
    let most = 10 * taken.boxes.len();
    while let Some((along, _)) = moving(grid, at, still)
        && points.len() < most
    {
        let Some((middle, _)) = moving(grid, step(at, 0.5, along), still) else { break };
        let next = step(at, 1.0, middle);
        let Some((_, speed)) = moving(grid, next, still) else { break };
        let Some(index) = taken.index(next) else { break };
        if here != Some(index) {
            if taken.boxes[index] {
                break;
            }
            taken.boxes[index] = true;
            own.push(index);
            here = Some(index);
        }
        at = next;
        points.push((at, speed));
        // Round a point within one box.
        if points.len() > 40 && points[points.len() - 40..].iter().all(|(p, _)| taken.index(*p) == here) {
            break;
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::field::FieldOptions;
    use crate::figure::scatter::Bounds;

    const UNIT: Bounds = Bounds { low: [0.0, 0.0], high: [1.0, 1.0] };

    fn grid(vector: impl Fn([f32; 2]) -> [f32; 2], keep: impl Fn([f32; 2]) -> bool) -> Grid {
        let all = (0..2500).map(|i| [(i % 50) as f32 / 49.0, (i / 50) as f32 / 49.0]);
        let positions: Vec<_> = all.filter(|p| keep(*p)).collect();
        let vectors: Vec<_> = positions.iter().map(|p| vector(*p)).collect();
        Grid::new(&positions, &vectors, UNIT, &FieldOptions { density: 0.6, ..FieldOptions::default() })
    }

    #[test]
    fn a_constant_field_has_straight_lines_side_by_side() {
        let found = lines(&grid(|_| [2.0, 0.0], |_| true), 0.1);
        assert!((8..=11).contains(&found.len()), "{} lines", found.len());
        for line in &found {
            let y = line.points[0][1];
            assert!(line.points.iter().all(|p| (p[1] - y).abs() < 1e-6));
            assert!(line.points.windows(2).all(|w| w[1][0] > w[0][0]), "along the field");
            assert!(line.speeds.iter().all(|s| (s - 2.0).abs() < 1e-6) && line.speeds.len() == line.points.len());
            assert!(line.points[line.points.len() - 1][0] - line.points[0][0] > 0.8, "from edge to edge");
        }
    }

    #[test]
    fn a_rotation_has_circles() {
        let found = lines(&grid(|p| [-(p[1] - 0.5), p[0] - 0.5], |_| true), 0.08);
        assert!(found.len() >= 4);
        for line in &found {
            let radius = |p: &[f64; 2]| (p[0] - 0.5).hypot(p[1] - 0.5);
            let first = radius(&line.points[0]);
            assert!(line.points.iter().all(|p| (radius(p) - first).abs() < 0.02), "the distance to the centre stays");
        }
    }

    #[test]
    fn lines_stay_where_cells_are() {
        let found = lines(&grid(|_| [1.0, 0.0], |p| p[0] < 0.4 || p[0] > 0.7), 0.05);
        assert!(!found.is_empty());
        assert!(found.iter().flat_map(|line| &line.points).all(|p| p[0] < 0.5 || p[0] > 0.6), "the gap is empty");
    }

    #[test]
    fn lines_do_not_come_together() {
        let found = lines(&grid(|p| [0.5 - p[0], 0.5 - p[1]], |_| true), 0.1);
        let boxes = |line: &Line| -> std::collections::BTreeSet<[i32; 2]> {
            line.points.iter().map(|p| p.map(|c| (c / 0.1).floor() as i32)).collect()
        };
        for (i, line) in found.iter().enumerate() {
            assert!(found[..i].iter().all(|other| boxes(other).is_disjoint(&boxes(line))));
        }
    }

    #[test]
    fn what_stands_still_has_no_lines() {
        assert!(lines(&grid(|_| [0.0, 0.0], |_| true), 0.1).is_empty());
        assert!(lines(&Grid::default(), 0.1).is_empty());
        assert!(lines(&grid(|_| [1.0, 0.0], |_| true), 0.0).is_empty());
    }
}

//! The geometry of a scatter plot: which part of the plane is seen, what lies under the pointer, where simulated cells are between frames.

/// A rectangle in the coordinates of the data.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Smallest x and y.
    pub low: [f64; 2],
    /// Greatest x and y.
    pub high: [f64; 2],
}

impl Bounds {
    /// The smallest rectangle around the points that are finite, with `margin` (a share of its size) around it; the unit square if there are none.
    #[must_use]
    pub fn around(points: &[[f32; 2]], margin: f64) -> Self {
        let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        for point in points.iter().filter(|p| p.iter().all(|c| c.is_finite())) {
            for axis in 0..2 {
                low[axis] = low[axis].min(point[axis].into());
                high[axis] = high[axis].max(point[axis].into());
            }
        }
        if low[0] > high[0] {
            return Self { low: [0.0; 2], high: [1.0; 2] };
        }
        for axis in 0..2 {
            let more = margin * (high[axis] - low[axis]);
            low[axis] -= more;
            high[axis] += more;
        }
        Self { low, high }
    }
}

/// Pairs of coordinates from a flat list; an odd last number is dropped.
#[must_use]
pub fn pairs(flat: &[f32]) -> &[[f32; 2]] {
    flat.as_chunks().0
}

/// What part of the plane a picture shows. Both axes have one scale; y points up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Viewport {
    /// Size of the picture in pixels.
    pub size: [f64; 2],
    /// Data coordinates of its centre.
    pub center: [f64; 2],
    /// Pixels a unit of the data.
    pub scale: f64,
}

impl Viewport {
    /// All of `bounds`, with `padding` pixels around it.
    #[must_use]
    pub fn fit(bounds: Bounds, size: [f64; 2], padding: f64) -> Self {
        let room = |axis: usize| {
            (size[axis] - 2.0 * padding).max(1.0)
                / (bounds.high[axis] - bounds.low[axis]).max(f64::from(f32::MIN_POSITIVE))
        };
        let scale = room(0).min(room(1)).min(1e9);
        Self { size, center: [0, 1].map(|axis| (bounds.low[axis] + bounds.high[axis]) / 2.0), scale }
    }

    /// From data to pixels.
    #[must_use]
    pub fn project(&self, point: [f64; 2]) -> [f64; 2] {
        [
            self.size[0] / 2.0 + (point[0] - self.center[0]) * self.scale,
            self.size[1] / 2.0 - (point[1] - self.center[1]) * self.scale,
        ]
    }

    /// From pixels to data.
    #[must_use]
    pub fn unproject(&self, pixel: [f64; 2]) -> [f64; 2] {
        [
            self.center[0] + (pixel[0] - self.size[0] / 2.0) / self.scale,
            self.center[1] - (pixel[1] - self.size[1] / 2.0) / self.scale,
        ]
    }

    /// Moved by a number of pixels.
    #[must_use]
    pub fn pan(self, by: [f64; 2]) -> Self {
        Self { center: [self.center[0] - by[0] / self.scale, self.center[1] + by[1] / self.scale], ..self }
    }

    /// Magnified by `factor`; what is at `pixel` stays there.
    #[must_use]
    pub fn zoom(self, factor: f64, pixel: [f64; 2]) -> Self {
        let fixed = self.unproject(pixel);
        let zoomed = Self { scale: self.scale * factor, ..self };
        let moved = zoomed.project(fixed);
        zoomed.pan([pixel[0] - moved[0], pixel[1] - moved[1]])
    }
}

/// What the user moved and magnified: a part of the plane, whatever the size of the picture; valid for one set of cells only.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// Bounds of the cells it was made for.
    pub bounds: Bounds,
    /// Data coordinates of the centre.
    pub center: [f64; 2],
    /// 1 shows everything.
    pub zoom: f64,
}

impl Camera {
    /// The viewport, given the one that shows everything.
    #[must_use]
    pub fn viewport(self, whole: Viewport) -> Viewport {
        Viewport { center: self.center, scale: whole.scale * self.zoom, ..whole }
    }
}

/// Points sorted into square boxes, to find the nearest one at once.
#[derive(Clone, Debug)]
pub struct Nearest {
    low: [f64; 2],
    side: f64,
    columns: [usize; 2],
    /// Where each box begins in `members`, and the end of the last.
    starts: Vec<u32>,
    members: Vec<u32>,
}

impl Nearest {
    /// Sorts the points that are finite and `included`.
    #[must_use]
    pub fn new(points: &[[f32; 2]], included: impl Fn(usize) -> bool) -> Self {
        let bounds = Bounds::around(points, 0.0);
        let extent = [0, 1].map(|axis| bounds.high[axis] - bounds.low[axis]);
        // About four points a box.
        let side = (extent[0] * extent[1] * 4.0 / points.len().max(1) as f64).sqrt();
        let side = side.max(extent[0].max(extent[1]) / 512.0).max(f64::MIN_POSITIVE);
        let columns = extent.map(|e| ((e / side) as usize).min(1024) + 1);
        let mut sorted =
            Self { low: bounds.low, side, columns, starts: vec![0; columns[0] * columns[1] + 1], members: Vec::new() };
        let boxes: Vec<Option<usize>> = points
            .iter()
            .enumerate()
            .map(|(i, p)| (included(i) && p.iter().all(|c| c.is_finite())).then(|| sorted.box_of(p.map(f64::from))))
            .collect();
        for index in boxes.iter().flatten() {
            sorted.starts[index + 1] += 1;
        }
        for i in 1..sorted.starts.len() {
            sorted.starts[i] += sorted.starts[i - 1];
        }
        let mut next = sorted.starts.clone();
        sorted.members = vec![0; boxes.iter().flatten().count()];
        for (i, index) in boxes.iter().enumerate() {
            if let Some(index) = *index {
                sorted.members[next[index] as usize] = i as u32;
                next[index] += 1;
            }
        }
        sorted
    }

    /// The point nearest to `at` among those within `radius`. `points` are those of [`Self::new`].
    #[must_use]
    pub fn find(&self, points: &[[f32; 2]], at: [f64; 2], radius: f64) -> Option<usize> {
        let column = |axis: usize, x: f64| ((x - self.low[axis]) / self.side).floor();
        let range = |axis: usize| {
            let low = column(axis, at[axis] - radius).max(0.0) as usize;
            let high = column(axis, at[axis] + radius);
            if high < 0.0 { 0..0 } else { low..(high as usize).saturating_add(1).min(self.columns[axis]) }
        };
        let mut best = (radius * radius, None);
        for row in range(1) {
            for col in range(0) {
                let index = row * self.columns[0] + col;
                for &i in &self.members[self.starts[index] as usize..self.starts[index + 1] as usize] {
                    let [x, y] = points[i as usize].map(f64::from);
                    let squared = (x - at[0]).powi(2) + (y - at[1]).powi(2);
                    if squared <= best.0 {
                        best = (squared, Some(i as usize));
                    }
                }
            }
        }
        best.1
    }

    fn box_of(&self, point: [f64; 2]) -> usize {
        let [col, row] =
            [0, 1].map(|axis| (((point[axis] - self.low[axis]) / self.side) as usize).min(self.columns[axis] - 1));
        row * self.columns[0] + col
    }
}

/// The next point from `from` along `direction` (a unit vector): the nearest of those within 45 degrees, where what lies aside counts twice.
/// None if there is no `included` one at least `least` away.
#[must_use]
pub fn towards(
    points: &[[f32; 2]],
    from: [f64; 2],
    direction: [f64; 2],
    least: f64,
    included: impl Fn(usize) -> bool,
) -> Option<usize> {
    let mut best = (f64::INFINITY, None);
    for (i, point) in points.iter().enumerate().filter(|(i, _)| included(*i)) {
        let [x, y] = [0, 1].map(|axis| f64::from(point[axis]) - from[axis]);
        let along = x * direction[0] + y * direction[1];
        let aside = (x * direction[1] - y * direction[0]).abs();
        let cost = along + 2.0 * aside;
        if along >= least && aside <= along && cost < best.0 {
            best = (cost, Some(i));
        }
    }
    best.1
}

/// Positions at time `t` between saved frames, by straight interpolation; before the first and after the last frame, that frame.
///
/// `positions`: x, y of each cell, frame after frame, one frame for each of the increasing `times`.
#[must_use]
pub fn between_frames(times: &[f32], positions: &[f32], t: f64) -> Vec<[f32; 2]> {
    if times.is_empty() {
        return Vec::new();
    }
    let length = positions.len() / times.len();
    let frame = |i: usize| pairs(&positions[i * length..(i + 1) * length]);
    let after = times.partition_point(|&time| f64::from(time) <= t);
    if after == 0 || after == times.len() {
        return frame(after.saturating_sub(1)).to_vec();
    }
    let (from, to) = (f64::from(times[after - 1]), f64::from(times[after]));
    let share = ((t - from) / (to - from)) as f32;
    let mix = |(a, b): (&[f32; 2], &[f32; 2])| [0, 1].map(|axis| a[axis] + (b[axis] - a[axis]) * share);
    frame(after - 1).iter().zip(frame(after)).map(mix).collect()
}

/// Median x and y of the points; none if there are none.
#[must_use]
pub fn median(mut points: Vec<[f32; 2]>) -> Option<[f64; 2]> {
    let middle = points.len().checked_sub(1)? / 2;
    Some(
        [0, 1].map(|axis| f64::from(points.select_nth_unstable_by(middle, |a, b| a[axis].total_cmp(&b[axis])).1[axis])),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds { low: [-1.0, 2.0], high: [3.0, 4.0] };

    #[test]
    fn pixels_and_data_agree() {
        let view = Viewport::fit(BOUNDS, [220.0, 220.0], 10.0);
        assert_eq!(view.project([-1.0, 3.0]), [10.0, 110.0]);
        assert_eq!(view.project([3.0, 4.0]), [210.0, 60.0], "y points up");
        let moved = view.zoom(3.0, [40.0, 70.0]).pan([5.0, -8.0]);
        let there = moved.project([0.3, 3.3]);
        let back = moved.unproject(there);
        assert!((back[0] - 0.3).abs() < 1e-12 && (back[1] - 3.3).abs() < 1e-12);
    }

    #[test]
    fn zooming_holds_the_point_under_the_pointer() {
        let view = Viewport::fit(BOUNDS, [300.0, 200.0], 0.0);
        let pixel = [50.0, 150.0];
        let zoomed = view.zoom(2.5, pixel);
        let (before, after) = (view.unproject(pixel), zoomed.unproject(pixel));
        assert!((before[0] - after[0]).abs() < 1e-12 && (before[1] - after[1]).abs() < 1e-12);
        assert_eq!(zoomed.scale, 2.5 * view.scale);
    }

    #[test]
    fn bounds_ignore_what_is_not_finite() {
        let bounds = Bounds::around(&[[0.0, 1.0], [f32::NAN, 9.0], [2.0, 3.0]], 0.5);
        assert_eq!(bounds, Bounds { low: [-1.0, 0.0], high: [3.0, 4.0] });
        assert_eq!(Bounds::around(&[], 0.1).high, [1.0; 2]);
        let dot = Viewport::fit(Bounds::around(&[[5.0, 5.0]], 0.1), [100.0, 100.0], 5.0);
        assert_eq!(dot.project([5.0, 5.0]), [50.0, 50.0]);
    }

    #[test]
    fn the_nearest_point_is_found() {
        let points: Vec<[f32; 2]> =
            (0..997).map(|i| [((i * 389) % 997) as f32 / 7.0, ((i * 571) % 997) as f32 / 31.0]).collect();
        let odd = |i: usize| i % 2 == 1;
        let nearest = Nearest::new(&points, odd);
        for k in 0..200 {
            let at = [f64::from(k) * 0.8 - 5.0, f64::from(k % 40) - 3.0];
            let distance = |i: usize| (f64::from(points[i][0]) - at[0]).hypot(f64::from(points[i][1]) - at[1]);
            let best =
                (0..points.len()).filter(|&i| odd(i)).min_by(|&a, &b| distance(a).total_cmp(&distance(b))).unwrap();
            let found = nearest.find(&points, at, 2.0);
            assert_eq!(found.map(distance), (distance(best) <= 2.0).then(|| distance(best)), "at {at:?}");
        }
    }

    #[test]
    fn odd_clouds_can_be_searched() {
        assert_eq!(Nearest::new(&[], |_| true).find(&[], [0.0; 2], 1.0), None);
        let line = [[1.0, 5.0], [2.0, 5.0], [f32::INFINITY, 5.0], [1e9, 5.0]];
        let nearest = Nearest::new(&line, |_| true);
        assert_eq!(nearest.find(&line, [2.1, 5.0], 0.5), Some(1));
        let same = [[3.0, 3.0]; 4];
        assert!(Nearest::new(&same, |_| true).find(&same, [3.0, 3.0], 0.1).is_some());
    }

    #[test]
    fn the_next_point_lies_ahead() {
        let points = [[0.0, 0.0], [1.0, 0.1], [0.5, 3.0], [-2.0, 0.0], [f32::NAN, 0.0], [3.0, 0.0]];
        let next = |direction, least| towards(&points, [0.0; 2], direction, least, |_| true);
        assert_eq!(next([1.0, 0.0], 0.01), Some(1));
        assert_eq!(next([1.0, 0.0], 2.0), Some(5));
        assert_eq!(next([0.0, 1.0], 0.01), Some(2));
        assert_eq!(next([-1.0, 0.0], 0.01), Some(3));
        assert_eq!(next([0.0, -1.0], 0.01), None);
        assert_eq!(towards(&points, [0.0; 2], [1.0, 0.0], 0.0, |i| i == 3), None);
    }

    #[test]
    fn cells_glide_between_frames() {
        let (times, positions) = ([0.0, 0.5, 1.0], [0.0, 0.0, 1.0, 2.0, 3.0, 2.0]);
        let at = |t: f64| between_frames(&times, &positions, t)[0];
        assert_eq!(at(-1.0), [0.0, 0.0]);
        assert_eq!(at(0.25), [0.5, 1.0]);
        assert_eq!(at(0.5), [1.0, 2.0]);
        assert_eq!(at(0.75), [2.0, 2.0]);
        assert_eq!(at(7.0), [3.0, 2.0]);
        assert!(between_frames(&[], &[], 0.0).is_empty());
    }

    #[test]
    fn medians() {
        assert_eq!(median(vec![[0.0, 9.0], [1.0, 7.0], [50.0, 8.0]]), Some([1.0, 8.0]));
        assert_eq!(median(Vec::new()), None);
    }
}

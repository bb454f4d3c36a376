//! The search for the path of least action.

use super::action::{Times, Way};
use super::newton::{Normal, Slope, Step};
use crate::error::{Error, Result};
use faer::Mat;

/// Steps of the search at most.
const MOST_STEPS: u32 = 200;
/// States at which the drift is read at once.
const STATES_AT_ONCE: usize = 8192;
/// The search rests when a step takes away less than this share of the action, or of what the path would cost without drift.
const REST: f64 = 1e-6;
/// Damping at the start, and beyond which no step is smaller.
const DAMPING: [f64; 2] = [1e-6, 1e8];
/// Candidates for the duration of the straight line, and how often they close in on the best.
const CANDIDATES: usize = 25;
/// See [`CANDIDATES`].
const ROUNDS: usize = 4;
/// Sampling intervals by which the drift's change in time is measured.
const MOMENT: f64 = 0.05;

/// The drift at row-major states, each at its time in index units.
pub(super) trait Drift: AsyncFn(Vec<f64>, Vec<f64>) -> Result<Vec<f64>> {}

impl<F: AsyncFn(Vec<f64>, Vec<f64>) -> Result<Vec<f64>>> Drift for F {}

/// What a search is held to.
#[derive(Clone, Debug)]
pub(super) struct Bounds {
    pub(super) times: Times,
    /// Shortest and longest step of time; the same where the duration was asked for.
    pub(super) step: [f64; 2],
    /// How far along each component the drift is read to differentiate it.
    pub(super) widths: Vec<f64>,
}

impl Bounds {
    fn is_held(&self) -> bool {
        self.step[0] >= self.step[1]
    }

    fn hold(&self, step: f64) -> f64 {
        step.clamp(self.step[0], self.step[1])
    }

    /// The duration of a way could not be longer, though nobody asked for it.
    pub(super) fn is_longest(&self, way: &Way) -> bool {
        !self.is_held() && way.step >= self.step[1] * (1.0 - 1e-9)
    }
}

/// A search in progress.
pub(super) struct Search {
    pub(super) bounds: Bounds,
    way: Way,
    straight: Option<Way>,
    slopes: Vec<Slope>,
    damping: f64,
    pub(super) steps: u32,
}

/// What a search came to.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) way: Way,
    /// The straight line at its own best step of time.
    pub(super) straight: Way,
    /// The last step took next to nothing away.
    pub(super) settled: bool,
}

impl Search {
    /// Begins at a straight line.
    pub(super) fn new(straight: Way, bounds: Bounds) -> Self {
        let way = Way { step: bounds.hold(straight.step), ..straight };
        Self { bounds, way, straight: None, slopes: Vec::new(), damping: DAMPING[0], steps: 0 }
    }

    /// Share of the steps that are done, 0 to 1.
    pub(super) fn progress(&self) -> f32 {
        self.steps as f32 / MOST_STEPS as f32
    }

    /// Does one bounded piece of work: the straight line's own duration, slopes of the drift, or a step.
    ///
    /// # Errors
    /// The drift cannot be read, or is not finite on the straight line.
    pub(super) async fn advance(&mut self, drift: &impl Drift) -> Result<Option<Found>> {
        if self.straight.is_none() {
            self.way = self.timed(self.way.clone(), drift).await?;
            if !self.way.action().is_finite() {
                let error = Error::request("The drift is not finite somewhere between the two groups");
                return Err(error.remedy("Train the model again, with a lower learning rate."));
            }
            self.straight = Some(self.way.clone());
            return Ok(None);
        }
        if self.slopes.len() < self.way.steps() {
            self.read_slopes(drift).await?;
            return Ok(None);
        }
        let before = self.way.action();
        let enough = REST * before.max(REST * self.way.undriven());
        let moved = self.step(drift).await?;
        self.steps += 1;
        let settled = before - self.way.action() <= enough;
        if moved && !settled && self.steps < MOST_STEPS {
            return Ok(None);
        }
        let straight = self.straight.take().unwrap_or_else(|| self.way.clone());
        Ok(Some(Found { way: self.way.clone(), straight, settled }))
    }

    /// A way with the drift along it.
    async fn driven(&self, way: Way, drift: &impl Drift) -> Result<Way> {
        let times = (0..way.steps()).map(|step| way.time(step, self.bounds.times)).collect();
        let drift = drift(way.middles(), times).await?;
        Ok(Way { drift, ..way })
    }

    /// The same points at the step of time that has least action: ever closer candidates around the best one.
    async fn timed(&self, way: Way, drift: &impl Drift) -> Result<Way> {
        if self.bounds.is_held() {
            return self.driven(way, drift).await;
        }
        let (mut best, mut range) = (None, self.bounds.step.map(f64::ln));
        for _ in 0..ROUNDS {
            let gap = (range[1] - range[0]) / (CANDIDATES - 1) as f64;
            let steps = (0..CANDIDATES).map(|k| self.bounds.hold((range[0] + gap * k as f64).exp()));
            let ways: Vec<Way> = steps.map(|step| Way { step, ..way.clone() }).collect();
            let times = ways.iter().flat_map(|way| (0..way.steps()).map(|step| way.time(step, self.bounds.times)));
            let values = drift(way.middles().repeat(CANDIDATES), times.collect()).await?;
            let each = values.chunks_exact(way.middles().len()).map(<[f64]>::to_vec);
            let ways = ways.into_iter().zip(each).map(|(way, drift)| Way { drift, ..way });
            best = ways.chain(best).min_by(|a, b| a.action().total_cmp(&b.action()));
            if let Some(best) = &best {
                range = [-gap, gap].map(|by| self.bounds.hold((best.step.ln() + by).exp()).ln());
            }
        }
        Ok(best.unwrap_or(way))
    }

    /// Differentiates the drift in the middle of as many steps as can be read at once, at least one.
    async fn read_slopes(&mut self, drift: &impl Drift) -> Result<()> {
        let (d, rows) = (self.way.dimensions, 2 * self.way.dimensions + 2);
        let first = self.slopes.len();
        let last = (first + (STATES_AT_ONCE / rows).max(1)).min(self.way.steps());
        let middles = self.way.middles();
        let (mut states, mut times) = (Vec::new(), Vec::new());
        let held = |time: f64| time.clamp(0.0, self.bounds.times.last);
        for step in first..last {
            let middle = &middles[step * d..(step + 1) * d];
            let time = self.way.time(step, self.bounds.times);
            for axis in 0..d {
                for sign in [1.0, -1.0] {
                    let from = states.len();
                    states.extend_from_slice(middle);
                    states[from + axis] += sign * self.bounds.widths[axis];
                }
            }
            states.extend_from_slice(middle);
            states.extend_from_slice(middle);
            times.extend(std::iter::repeat_n(time, 2 * d).chain([held(time + MOMENT), held(time - MOMENT)]));
        }
        let values = drift(states, times.clone()).await?;
        for (values, times) in values.chunks_exact(rows * d).zip(times.chunks_exact(rows)) {
            let apart = |pair: usize, over: f64, i: usize| {
                let [high, low] = [2 * pair, 2 * pair + 1].map(|row| values[row * d + i]);
                if over > 0.0 { (high - low) / over } else { 0.0 }
            };
            let place = Mat::from_fn(d, d, |i, axis| apart(axis, 2.0 * self.bounds.widths[axis], i));
            let moment = times[rows - 2] - times[rows - 1];
            self.slopes.push(Slope { place, time: (0..d).map(|i| apart(d, moment, i)).collect() });
        }
        Ok(())
    }

    /// Where the damped step leads. Where the step of time cannot follow, the points move alone.
    fn proposed(&self, normal: &Normal) -> Option<Way> {
        let free = normal.step(self.damping, self.bounds.is_held())?;
        let stretched = |step: &Step| self.bounds.hold(self.way.step * step.stretch.exp());
        let stuck = free.stretch != 0.0 && stretched(&free) == self.way.step;
        let step = if stuck { normal.step(self.damping, true)? } else { free };
        let mut next = Way { step: stretched(&step), ..self.way.clone() };
        let inner = next.dimensions..next.points.len() - next.dimensions;
        next.points[inner].iter_mut().zip(&step.points).for_each(|(x, change)| *x += change);
        Some(next)
    }

    /// Takes a step that has less action, smaller and smaller ones if it must; false if there is none.
    async fn step(&mut self, drift: &impl Drift) -> Result<bool> {
        let normal = Normal::new(&self.way, &self.slopes);
        while self.damping <= DAMPING[1] {
            if let Some(next) = self.proposed(&normal) {
                let next = self.driven(next, drift).await?;
                if next.action() < self.way.action() {
                    self.way = next;
                    self.slopes.clear();
                    self.damping = (self.damping * 0.2).max(1e-9);
                    return Ok(true);
                }
            }
            self.damping *= 8.0;
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pollster::block_on;

    fn bounds(step: [f64; 2], dimensions: usize) -> Bounds {
        Bounds { times: Times { begin: 0.0, last: 100.0 }, step, widths: vec![1e-3; dimensions] }
    }

    fn searched(ends: [&[f64]; 2], points: usize, bounds: Bounds, drift: impl Drift) -> (Found, u32) {
        let mut search = Search::new(Way::straight(ends, points, 0.1), bounds);
        loop {
            if let Some(found) = block_on(search.advance(&drift)).unwrap() {
                return (found, search.steps);
            }
        }
    }

    fn each(states: &[f64], d: usize, of: impl Fn(&[f64], usize) -> Vec<f64>) -> Result<Vec<f64>> {
        Ok(states.chunks_exact(d).enumerate().flat_map(|(row, state)| of(state, row)).collect())
    }

    /// dx/ds = -x in a fixed time T: x(s) = (b sinh s - a sinh (s - T)) / sinh T, with the action (b - a e^-T)^2 / (1 - e^-2T).
    #[test]
    fn in_a_linear_drift_the_path_is_the_known_one() {
        let (a, b, time, points) = (2.0_f64, 3.0_f64, 2.0_f64, 81);
        let step = time / 80.0;
        let drift = async |states: Vec<f64>, _: Vec<f64>| each(&states, 1, |x, _| vec![-x[0]]);
        let (found, steps) = searched([&[a], &[b]], points, bounds([step, step], 1), drift);
        assert!(found.settled && steps <= 6, "{steps} steps: a linear drift is solved at once but for the damping");
        let known = |s: f64| (b * s.sinh() - a * (s - time).sinh()) / time.sinh();
        for (k, x) in found.way.points.iter().enumerate() {
            let expected = known(k as f64 * step);
            assert!((x - expected).abs() < 1e-3, "point {k}: {x}, {expected}");
        }
        let least = (b - a * (-time).exp()).powi(2) / (1.0 - (-2.0 * time).exp());
        assert!((found.way.action() / least - 1.0).abs() < 1e-3, "{} {least}", found.way.action());
        assert!(found.straight.action() > 1.05 * least);
    }

    /// Around the origin, from one side to the other, nothing is asked for: half a turn in the time π.
    #[test]
    fn in_a_turning_drift_the_path_is_half_a_circle() {
        let turn = async |states: Vec<f64>, _: Vec<f64>| each(&states, 2, |x, _| vec![-x[1], x[0]]);
        // A hint of a bend: the straight line itself lies on the ridge between both ways round.
        let (found, _) = searched([&[1.0, 0.0], &[-1.0, 0.1]], 33, bounds([1e-3, 1.0], 2), turn);
        let way = found.way;
        assert!(found.settled && way.action() < 1e-3 && found.straight.action() > 0.5, "{}", way.action());
        assert!((way.duration() - std::f64::consts::PI).abs() < 0.15, "{}", way.duration());
        for point in way.points.chunks_exact(2) {
            assert!((point[0].hypot(point[1]) - 1.0).abs() < 0.02 && point[1] > -0.01, "{point:?}");
        }
        // The way back against the turn goes round the other half, with it.
        let (back, _) = searched([&[-1.0, 0.1], &[1.0, 0.0]], 33, bounds([1e-3, 1.0], 2), turn);
        assert!(back.way.points.chunks_exact(2).all(|point| point[1] < 0.11), "{:?}", back.way.points);
    }

    /// A drift that grows with time: dx/dt = t from 0 to 2 takes the time 2 and asks for nothing.
    #[test]
    fn a_drift_that_changes_with_time_sets_the_pace() {
        let grows = async |states: Vec<f64>, times: Vec<f64>| each(&states, 1, |_, row| vec![times[row]]);
        let (found, _) = searched([&[0.0], &[2.0]], 41, bounds([1e-3, 1.0], 1), grows);
        let way = found.way;
        assert!(found.settled && way.action() < 1e-6 && (way.duration() - 2.0).abs() < 0.01, "{}", way.duration());
        assert!(found.straight.action() > 0.05);
    }

    /// A double well with a valley that bends: over its hill the least action is twice the height, 1/4, and downhill the drift does the rest.
    #[test]
    fn over_a_hill_the_action_is_twice_its_height_and_the_path_keeps_to_the_valley() {
        let wells = async |states: Vec<f64>, _: Vec<f64>| {
            each(&states, 2, |x, _| vec![x[0] - x[0].powi(3), 2.0 * (1.0 - x[0] * x[0]) - x[1]])
        };
        let (found, steps) = searched([&[-1.0, 0.0], &[1.0, 0.0]], 33, bounds([1e-3, 0.5], 2), wells);
        let way = found.way;
        assert!(found.settled && steps < 100, "{steps}");
        assert!((0.5..0.52).contains(&way.action()) && found.straight.action() > 2.0, "{}", way.action());
        assert!((way.points[2 * 16 + 1] - 2.0).abs() < 0.1, "the valley is 2 high in the middle: {:?}", way.points);
    }

    /// A step into a place where the drift is no number is not taken; a straight line through one is refused.
    #[test]
    fn where_the_drift_is_no_number_no_path_goes() {
        let walled = async |states: Vec<f64>, _: Vec<f64>| {
            each(&states, 2, |x, _| if x[1] > 0.4 { vec![f64::NAN; 2] } else { vec![-x[1], x[0]] })
        };
        let (found, _) = searched([&[1.0, 0.0], &[-1.0, 0.0]], 17, bounds([1e-3, 1.0], 2), walled);
        assert!(found.way.action().is_finite() && found.way.middles().chunks_exact(2).all(|middle| middle[1] <= 0.4));
        assert!(found.way.action() < found.straight.action());
        let mut search = Search::new(Way::straight([&[1.0, 0.5], &[-1.0, 0.5]], 9, 0.1), bounds([1e-3, 1.0], 2));
        assert!(block_on(search.advance(&walled)).is_err());
    }

    #[test]
    fn without_drift_the_path_is_straight_and_as_long_as_it_may_be() {
        let still = async |states: Vec<f64>, _: Vec<f64>| each(&states, 2, |_, _| vec![0.0, 0.0]);
        let (found, _) = searched([&[0.0, 0.0], &[2.0, 1.0]], 9, bounds([1e-3, 0.5], 2), still);
        let (way, straight) = (found.way, found.straight);
        assert!(bounds([1e-3, 0.5], 2).is_longest(&way) && found.settled);
        assert!((way.action() - 5.0 / 8.0).abs() < 1e-9, "|b - a|^2 / (2 T) with T = 4");
        assert_eq!(way.action(), way.undriven());
        way.points.iter().zip(&straight.points).for_each(|(a, b)| assert!((a - b).abs() < 1e-9));
    }
}

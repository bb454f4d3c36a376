//! A discrete path and its action.

/// When a path begins, and the time up to which a drift is known, both in index units.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    pub(super) begin: f64,
    pub(super) last: f64,
}

/// Points in equal steps of time.
#[derive(Clone, Debug)]
pub(super) struct Way {
    /// Row-major; the first and the last stay where they are.
    pub(super) points: Vec<f64>,
    pub(super) dimensions: usize,
    /// Sampling intervals from a point to the next.
    pub(super) step: f64,
    /// Drift in the middle between each point and the next, row-major.
    pub(super) drift: Vec<f64>,
}

impl Way {
    /// The straight line between two places, without a drift yet.
    pub(super) fn straight(ends: [&[f64]; 2], points: usize, step: f64) -> Self {
        let steps = points - 1;
        let share = |point: usize| point as f64 / steps as f64;
        let point =
            |point: usize| ends[0].iter().zip(ends[1]).map(move |(a, b)| (1.0 - share(point)) * a + share(point) * b);
        Self { points: (0..points).flat_map(point).collect(), dimensions: ends[0].len(), step, drift: Vec::new() }
    }

    /// Steps from point to point.
    pub(super) fn steps(&self) -> usize {
        self.points.len() / self.dimensions - 1
    }

    /// Sampling intervals from end to end.
    pub(super) fn duration(&self) -> f64 {
        self.steps() as f64 * self.step
    }

    /// The middle of each step, row-major.
    pub(super) fn middles(&self) -> Vec<f64> {
        let d = self.dimensions;
        self.points.iter().zip(&self.points[d..]).map(|(a, b)| 0.5 * (a + b)).collect()
    }

    /// Time in the middle of a step, in index units. Before the first and beyond the last time point the drift stays what it is there.
    pub(super) fn time(&self, step: usize, times: Times) -> f64 {
        (times.begin + (step as f64 + 0.5) * self.step).clamp(0.0, times.last)
    }

    /// From each point to the next, row-major.
    pub(super) fn moves(&self) -> Vec<f64> {
        self.points.iter().zip(&self.points[self.dimensions..]).map(|(a, b)| b - a).collect()
    }

    /// Half the sum over the steps of |move / step - drift|^2 step.
    pub(super) fn action(&self) -> f64 {
        let square = |(way, drift): (f64, &f64)| (way / self.step - drift).powi(2);
        0.5 * self.step * self.moves().into_iter().zip(&self.drift).map(square).sum::<f64>()
    }

    /// Half the sum of the squared moves over the step: the action without drift.
    pub(super) fn undriven(&self) -> f64 {
        0.5 / self.step * self.moves().iter().map(|x| x * x).sum::<f64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_that_follows_the_drift_costs_nothing() {
        let mut way = Way::straight([&[0.0, 1.0], &[3.0, 1.0]], 4, 0.5);
        assert_eq!(way.points, [0.0, 1.0, 1.0, 1.0, 2.0, 1.0, 3.0, 1.0]);
        assert_eq!(way.middles(), [0.5, 1.0, 1.5, 1.0, 2.5, 1.0]);
        way.drift = [2.0, 0.0].repeat(3);
        assert_eq!((way.action(), way.duration()), (0.0, 1.5));
        assert_eq!(way.undriven(), 3.0, "half of 3 steps of (1 / 0.5)^2 in 0.5 each");
        // Against the drift twice the velocity is to be made up for.
        way.drift = [-2.0, 0.0].repeat(3);
        assert_eq!(way.action(), 4.0 * way.undriven());
        let times = Times { begin: 0.6, last: 1.5 };
        assert_eq!([0, 1, 2].map(|step| way.time(step, times)), [0.85, 1.35, 1.5]);
    }
}

//! Times at which states are kept, whether a step ends there or not.

use burn::tensor::Tensor;

/// How much of a step a time may miss a boundary by and still count as on it.
const ON_GRID: f64 = 1e-6;

/// Equidistant steps from the first of some times to the last, with the last step cut short there. States at times between two steps
/// are interpolated linearly (torchsde does the same).
#[derive(Clone, Debug, PartialEq)]
pub struct SavedTimes {
    start: f64,
    dt: f64,
    end: f64,
    steps: usize,
    places: Vec<Place>,
}

/// A time between two steps' ends.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    /// The step that reaches it, counted from 1.
    step: usize,
    /// Share of that step's end in the state; its beginning has the rest.
    share: f64,
}

impl SavedTimes {
    /// Steps of `dt` over rising `times`, the first of which is the start.
    ///
    /// # Panics
    /// If there are no times.
    pub fn new(times: &[f64], dt: f64) -> Self {
        let (start, end) = (times[0], times[times.len() - 1]);
        let steps = ((end - start) / dt - ON_GRID).ceil().max(0.0) as usize;
        let mut saved = Self { start, dt, end, steps, places: Vec::new() };
        saved.places = times.iter().map(|time| saved.place(*time)).collect();
        saved
    }

    fn place(&self, time: f64) -> Place {
        let step = ((time - self.start) / self.dt - ON_GRID).ceil().clamp(1.0, self.steps.max(1) as f64) as usize;
        let (before, length) = self.step(step - 1);
        let share = if length > 0.0 { ((time - before) / length).clamp(0.0, 1.0) } else { 0.0 };
        let on_grid = |end: f64| (share - end).abs() <= ON_GRID;
        let share = [0.0, 1.0].into_iter().find(|end| on_grid(*end)).unwrap_or(share);
        Place { step, share }
    }

    /// Number of steps.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// Number of times.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// There are no times, which cannot be.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Time before a step, counted from 0, and the step's length.
    pub fn step(&self, index: usize) -> (f64, f64) {
        let before = self.start + index as f64 * self.dt;
        (before, (self.end - before).min(self.dt))
    }

    /// Index of the first state, counted from the start, with which the state at a time is complete.
    pub fn complete_at(&self, index: usize) -> usize {
        let Place { step, share } = self.places[index];
        if share == 0.0 { step - 1 } else { step }
    }

    /// The state at a time, from the states before each step and after the last.
    pub fn state(&self, index: usize, states: &[Tensor<2>]) -> Tensor<2> {
        match self.parts(index)[..] {
            [(at, _)] => states[at].clone(),
            [(before, rest), (after, share), ..] => {
                states[before].clone().mul_scalar(rest) + states[after].clone().mul_scalar(share)
            }
            [] => states[0].clone(),
        }
    }

    /// The states that the state at a time is made of, as positions counted from the start, and their shares.
    pub fn parts(&self, index: usize) -> Vec<(usize, f64)> {
        let Place { step, share } = self.places[index];
        let parts = [(step - 1, 1.0 - share), (step, share)];
        parts.into_iter().filter(|(_, share)| *share > 0.0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::{cpu, read_now, upload};

    #[test]
    fn times_on_the_grid_are_states_and_the_last_step_is_cut_short() {
        let saved = SavedTimes::new(&[0.0, 0.75, 1.0, 1.23], 0.1);
        assert_eq!(saved.steps(), 13);
        let (before, length) = saved.step(12);
        assert!((before - 1.2).abs() < 1e-9 && (length - 0.03).abs() < 1e-9);
        assert_eq!(saved.parts(0), [(0, 1.0)]);
        assert_eq!(saved.parts(2), [(10, 1.0)]);
        assert_eq!(saved.parts(3), [(13, 1.0)]);
        let [(7, before), (8, after)] = saved.parts(1)[..] else { panic!("{:?}", saved.parts(1)) };
        assert!((before - 0.5).abs() < 1e-9 && (after - 0.5).abs() < 1e-9);
        assert_eq!([0, 1, 2, 3].map(|index| saved.complete_at(index)), [0, 8, 10, 13]);
    }

    #[test]
    fn a_straight_line_is_kept_exactly() {
        let saved = SavedTimes::new(&[1.0, 1.5, 2.2, 3.0], 0.3);
        let mut x = 1.0;
        let mut states = vec![x];
        for step in 0..saved.steps() {
            x += saved.step(step).1;
            states.push(x);
        }
        let states: Vec<_> = states.into_iter().map(|x| upload(vec![x as f32], [1, 1], &cpu())).collect();
        for (index, time) in [1.0, 1.5, 2.2, 3.0].into_iter().enumerate() {
            assert!((read_now(saved.state(index, &states))[0] - time).abs() < 1e-6);
        }
    }

    #[test]
    fn a_span_shorter_than_a_step_is_one_step() {
        let saved = SavedTimes::new(&[2.0, 2.05], 0.1);
        assert_eq!(saved.steps(), 1);
        assert!((saved.step(0).1 - 0.05).abs() < 1e-12);
        assert_eq!(saved.parts(1), [(1, 1.0)]);
    }
}

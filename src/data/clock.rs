//! Time as a model sees it that reads the study's own time labels.

use super::Dataset;

/// A model's time, and how it belongs to time points.
#[derive(Clone, Debug, PartialEq)]
pub struct Clock {
    /// Time of each time point, rising.
    times: Vec<f64>,
}

impl Clock {
    /// Time as the dataset labels it: its time values where all time points have one and they rise, else the positions of the time points.
    pub fn of_labels(dataset: &Dataset) -> Self {
        let values: Option<Vec<f64>> = dataset.time_points.iter().map(|point| point.value).collect();
        let values = values.filter(|values| values.windows(2).all(|pair| pair[0] < pair[1]));
        Self { times: values.unwrap_or_else(|| (0..dataset.time_points.len()).map(|index| index as f64).collect()) }
    }

    /// Time as the positions of the time points, whatever their labels.
    pub fn of_positions(dataset: &Dataset) -> Self {
        Self { times: (0..dataset.time_points.len()).map(|index| index as f64).collect() }
    }

    /// The labels' time counted in mean sampling intervals from the first time point.
    pub fn of(dataset: &Dataset) -> Self {
        let values = Self::of_labels(dataset).times;
        let (first, last) = (values[0], values[values.len() - 1]);
        let gap = (last - first) / (values.len() - 1) as f64;
        Self { times: values.iter().map(|value| (value - first) / gap).collect() }
    }

    /// Time at `index`, in index units (1.5 = half way between time points 1 and 2); outside the observed times the nearest interval goes on.
    pub fn at(&self, index: f64) -> f64 {
        let before = self.interval(index);
        self.times[before] + (index - before as f64) * self.rate(index)
    }

    /// The clock's own time per index unit at `index`.
    pub fn rate(&self, index: f64) -> f64 {
        let before = self.interval(index);
        self.times[before + 1] - self.times[before]
    }

    fn interval(&self, index: f64) -> usize {
        (index.max(0.0) as usize).min(self.times.len() - 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::TimePoint;

    fn dataset(values: &[Option<f64>]) -> Dataset {
        let point = |value: &Option<f64>| TimePoint { label: String::new(), value: *value, cells: 1 };
        Dataset { time_points: values.iter().map(point).collect(), ..Dataset::default() }
    }

    #[test]
    fn values_count_where_they_rise() {
        let clock = Clock::of(&dataset(&[Some(10.0), Some(11.0), Some(14.0)]));
        assert_eq!([0.0, 1.0, 2.0, 1.5, 3.0].map(|index| clock.at(index)), [0.0, 0.5, 2.0, 1.25, 3.5]);
        assert_eq!((clock.rate(0.5), clock.rate(1.0), clock.rate(2.0)), (0.5, 1.5, 1.5));
        for unusable in [[Some(1.0), None, Some(3.0)], [Some(1.0), Some(5.0), Some(3.0)]] {
            assert_eq!(Clock::of(&dataset(&unusable)).at(1.5), 1.5);
            assert_eq!(Clock::of_labels(&dataset(&unusable)).at(1.5), 1.5);
        }
        let labels = Clock::of_labels(&dataset(&[Some(10.0), Some(11.0), Some(14.0)]));
        assert_eq!([0.0, 1.0, 1.5, 3.0].map(|index| labels.at(index)), [10.0, 11.0, 12.5, 17.0]);
    }
}

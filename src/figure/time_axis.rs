//! Time in index units along a horizontal stretch: 1.5 is half way between time points 1 and 2, and times beyond the last one have room too.

use super::labels::{shorten, width};

/// Space between two labels, in pixels.
const GAP: f64 = 10.0;
/// Longest label, in characters.
const LONGEST: usize = 14;

/// A straight axis of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeAxis {
    /// First and last time.
    pub range: [f64; 2],
    /// Where they are.
    pub pixels: [f64; 2],
}

/// A mark of the axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Where it is.
    pub x: f64,
    /// The study's label of this time point, where there is room for it.
    pub label: Option<String>,
}

impl TimeAxis {
    /// Where a time is.
    #[must_use]
    pub fn place(&self, time: f64) -> f64 {
        let [low, high] = self.range;
        let share = if high > low { (time - low) / (high - low) } else { 0.5 };
        self.pixels[0] + share * (self.pixels[1] - self.pixels[0])
    }

    /// The time at a place, within the axis.
    #[must_use]
    pub fn time(&self, x: f64) -> f64 {
        let [low, high] = self.range;
        let [left, right] = self.pixels;
        let share = if right > left { (x - left) / (right - left) } else { 0.0 };
        low + share.clamp(0.0, 1.0) * (high - low)
    }

    /// A mark at each time point on the axis; labels as many as fit, the first and the last before others.
    #[must_use]
    pub fn ticks(&self, labels: &[String], size: f64) -> Vec<Tick> {
        let shown: Vec<usize> = (0..labels.len())
            .filter(|&i| (self.range[0] - 1e-6..=self.range[1] + 1e-6).contains(&(i as f64)))
            .collect();
        let texts: Vec<String> = shown.iter().map(|&i| shorten(&labels[i], LONGEST)).collect();
        let widest = texts.iter().map(|text| width(text, size)).fold(0.0, f64::max) + GAP;
        let room = ((self.pixels[1] - self.pixels[0]) / widest).max(0.0) as usize + 1;
        let every = shown.len().saturating_sub(1).div_ceil(room.saturating_sub(1).max(1)).max(1);
        let last = shown.len().saturating_sub(1);
        // The last label is kept, and what would stand too near to it is not.
        let named = |n: usize| n == last || (n.is_multiple_of(every) && last - n >= every);
        let tick = |(n, (&i, text)): (usize, (&usize, String))| Tick {
            x: self.place(i as f64),
            label: named(n).then_some(text),
        };
        shown.iter().zip(texts).enumerate().map(tick).collect()
    }
}

/// A time in words: `day 2`, `day 2 + 0.30 intervals`, `0.50 intervals beyond day 9`.
#[must_use]
pub fn words(labels: &[String], time: f64) -> String {
    let last = labels.len().saturating_sub(1);
    let time = if (time - time.round()).abs() < 5e-3 { time.round() } else { time };
    let at = (time.max(0.0) as usize).min(last);
    let Some(label) = labels.get(at) else { return format!("{time:.2}") };
    let after = time - at as f64;
    if after <= 0.0 {
        label.clone()
    } else if at == last {
        format!("{after:.2} intervals beyond {label}")
    } else {
        format!("{label} + {after:.2} intervals")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(count: usize) -> Vec<String> {
        (0..count).map(|i| format!("day {i}")).collect()
    }

    #[test]
    fn places_and_times_are_each_others_inverse() {
        let axis = TimeAxis { range: [1.0, 9.0], pixels: [40.0, 340.0] };
        for time in [1.0, 2.5, 9.0] {
            assert!((axis.time(axis.place(time)) - time).abs() < 1e-9);
        }
        assert_eq!(axis.time(-100.0), 1.0);
        assert_eq!(TimeAxis { range: [2.0, 2.0], ..axis }.place(2.0), 190.0);
    }

    #[test]
    fn time_points_stand_where_they_are_and_labels_keep_apart() {
        let axis = TimeAxis { range: [2.0, 9.5], pixels: [0.0, 300.0] };
        let ticks = axis.ticks(&labels(9), 12.0);
        assert_eq!(ticks.len(), 7, "time points before the start are left out");
        assert!(ticks.iter().enumerate().all(|(n, tick)| (tick.x - 40.0 * n as f64).abs() < 1e-9));
        for pixels in [60.0, 120.0, 300.0, 900.0] {
            let ticks = TimeAxis { pixels: [0.0, pixels], ..axis }.ticks(&labels(9), 12.0);
            let named: Vec<&Tick> = ticks.iter().filter(|tick| tick.label.is_some()).collect();
            assert_eq!(named.last().and_then(|tick| tick.label.as_deref()), Some("day 8"));
            assert!(named.windows(2).all(|pair| pair[1].x - pair[0].x > width("day 8", 12.0)), "{pixels}: {named:?}");
        }
        assert!(axis.ticks(&[], 12.0).is_empty());
    }

    #[test]
    fn times_have_words() {
        let labels = labels(3);
        assert_eq!(words(&labels, 1.0), "day 1");
        assert_eq!(words(&labels, 0.999_999), "day 1");
        assert_eq!(words(&labels, 1.25), "day 1 + 0.25 intervals");
        assert_eq!(words(&labels, 2.5), "0.50 intervals beyond day 2");
        assert_eq!(words(&[], 2.5), "2.50");
    }
}

//! Colours of cells from a value for each.

use super::palette::{Rgb, categorical, value};

/// Share of the values beyond each end of a colour scale, so that a few outliers do not take all its colours.
const BEYOND: f64 = 0.01;

/// What the values mean.
#[derive(Clone, Debug, PartialEq)]
pub enum Scale {
    /// Numbers along viridis. Values beyond the ends have the colours of the ends.
    Range {
        /// Value of the first colour.
        low: f32,
        /// Value of the last colour.
        high: f32,
        /// There are values below the first, and above the last colour.
        beyond: [bool; 2],
        /// The colours stand on a dark page.
        dark: bool,
    },
    /// Positions in a list; a name and a colour for each.
    Levels(Vec<(String, Rgb)>),
}

/// A value for each cell, and how it becomes a colour.
#[derive(Clone, Debug, PartialEq)]
pub struct Shades {
    /// What they are, with their unit.
    pub title: String,
    /// The values; NaN where there is none.
    pub values: Vec<f32>,
    /// How they become colours.
    pub scale: Scale,
}

impl Shades {
    /// Numbers from the first to the 99th percentile; none if no value is finite.
    #[must_use]
    pub fn numbers(title: &str, values: Vec<f32>, dark: bool) -> Option<Self> {
        let mut sorted: Vec<f32> = values.iter().copied().filter(|v| v.is_finite()).collect();
        let last = sorted.len().checked_sub(1)?;
        let mut quantile =
            |share: f64| *sorted.select_nth_unstable_by((last as f64 * share).round() as usize, f32::total_cmp).1;
        let [least, low, high, most] = [0.0, BEYOND, 1.0 - BEYOND, 1.0].map(&mut quantile);
        // Where almost all cells have one value the others are what one looks for.
        let (low, high) = if high > low { (low, high) } else { (least, most) };
        Some(Self {
            title: title.into(),
            values,
            scale: Scale::Range { low, high, beyond: [least < low, most > high], dark },
        })
    }

    /// Positions in a list of names.
    #[must_use]
    pub fn levels(title: &str, values: Vec<f32>, names: &[String]) -> Self {
        let levels = names.iter().cloned().zip(categorical(names.len())).collect();
        Self { title: title.into(), values, scale: Scale::Levels(levels) }
    }

    /// Colour of a cell; none where it has no value.
    #[must_use]
    pub fn color(&self, cell: usize) -> Option<Rgb> {
        let number = self.values.get(cell).copied().filter(|v| v.is_finite())?;
        match &self.scale {
            Scale::Range { low, high, dark, .. } => {
                let share = if high > low { (number - low) / (high - low) } else { 0.5 };
                Some(value(share.into(), *dark))
            }
            Scale::Levels(levels) => levels.get((number >= 0.0).then_some(number as usize)?).map(|level| level.1),
        }
    }

    /// Number of cells without a value.
    #[must_use]
    pub fn missing(&self) -> usize {
        self.values.iter().filter(|v| !v.is_finite()).count()
    }

    /// Number of cells at each level; empty for numbers.
    #[must_use]
    pub fn counts(&self) -> Vec<usize> {
        let Scale::Levels(levels) = &self.scale else { return Vec::new() };
        let mut counts = vec![0; levels.len()];
        for value in self.values.iter().filter(|v| **v >= 0.0) {
            if let Some(count) = counts.get_mut(*value as usize) {
                *count += 1;
            }
        }
        counts
    }
}

/// The values of some cells among `count`; all others have none.
#[must_use]
pub fn spread(count: usize, cells: &[u32], values: &[f32]) -> Vec<f32> {
    let mut all = vec![f32::NAN; count];
    for (&cell, &value) in cells.iter().zip(values) {
        if let Some(slot) = all.get_mut(cell as usize) {
            *slot = value;
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_the_scale_ignore_outliers() {
        let mut values: Vec<f32> = (0..=1000).map(|i| i as f32).collect();
        values.push(1e9);
        values.push(f32::NAN);
        let shades = Shades::numbers("", values, false).unwrap();
        let Scale::Range { low, high, beyond, .. } = shades.scale else { panic!("numbers") };
        assert_eq!((low, high, beyond), (10.0, 991.0, [true, true]));
        assert_eq!(shades.color(0), Some(value(0.0, false)));
        assert_eq!(shades.color(1001), Some(value(1.0, false)));
        assert_eq!(shades.color(1002), None, "no value, no colour");
        assert_eq!((shades.color(5000), shades.missing()), (None, 1));
    }

    #[test]
    fn rare_and_constant_values() {
        let mut values = vec![0.0; 1000];
        values[7] = 3.0;
        let rare = Shades::numbers("", values, false).unwrap();
        assert_eq!(rare.scale, Scale::Range { low: 0.0, high: 3.0, beyond: [false; 2], dark: false });
        assert_eq!(rare.color(7), Some(value(1.0, false)));
        assert!(Shades::numbers("", vec![2.0; 5], true).unwrap().color(0).is_some());
        assert_eq!(Shades::numbers("", vec![f32::NAN], true), None);
    }

    #[test]
    fn levels_have_a_colour_each() {
        let shades =
            Shades::levels("batch", vec![0.0, 2.0, f32::NAN, 2.0, 9.0, -1.0], &["a", "b", "c"].map(String::from));
        assert_eq!(shades.counts(), [1, 0, 2]);
        assert!(shades.color(0).is_some() && shades.color(0) != shades.color(1));
        assert_eq!([2, 4, 5].map(|i| shades.color(i)), [None; 3]);
    }

    #[test]
    fn values_find_their_cells() {
        let all = spread(4, &[2, 0, 9], &[5.0, 6.0, 7.0]);
        assert_eq!((all[0], all[2]), (6.0, 5.0));
        assert!(all[1].is_nan() && all[3].is_nan());
    }
}

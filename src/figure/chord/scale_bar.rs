//! How wide a ribbon of a known weight is.

use super::{ChordLayout, ChordOptions};

/// Shortest bar, in the unit of the radius.
const SHORTEST: f64 = 9.0;

/// A bar as long as the end of a ribbon of this weight is wide.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScaleBar {
    /// The weight: 1, 2 or 5 times a power of ten.
    pub value: f64,
    /// Length, in the unit of the radius.
    pub length: f64,
}

impl ScaleBar {
    /// The bar of a diagram: the smallest that can be seen, of at least `least`; none where nothing has a width.
    #[must_use]
    pub fn of(layout: &ChordLayout, options: &ChordOptions, least: f64) -> Option<Self> {
        let unit = layout.angle_per_unit * (options.radius - options.thickness);
        if !(unit.is_finite() && unit > 0.0) {
            return None;
        }
        let wanted = (SHORTEST / unit).max(least);
        let power = 10f64.powf(wanted.log10().floor());
        // Rounding must not make a bar of 10 from one of 1.
        let value = [1.0, 2.0, 5.0].map(|step| step * power).into_iter().find(|value| *value >= wanted * (1.0 - 1e-9));
        let value = value.unwrap_or(10.0 * power);
        Some(Self { value, length: value * unit })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ChordInput, layout};
    use super::*;

    #[test]
    fn the_bar_is_as_long_as_a_ribbon_of_its_value_is_wide() {
        for weight in [0.01_f32, 0.7, 5.0, 400.0] {
            let options =
                ChordOptions { scale: Some(54.0_f64.max(8.0 * f64::from(weight))), ..ChordOptions::default() };
            let weights = [weight; 4];
            let layout = layout(&ChordInput { cells: &[20, 30], weights: &weights }, &options);
            let bar = ScaleBar::of(&layout, &options, 0.0).unwrap();
            let ribbon = &layout.ribbons[0];
            let width = (ribbon.from[1] - ribbon.from[0]) * (options.radius - options.thickness);
            assert!((bar.length / bar.value - width / ribbon.weight).abs() < 1e-9);
            assert!(bar.length >= SHORTEST - 1e-9 && bar.length <= 3.0 * SHORTEST, "{bar:?}");
        }
    }

    #[test]
    fn nothing_drawn_has_no_scale() {
        let options = ChordOptions::default();
        let layout = layout(&ChordInput { cells: &[], weights: &[] }, &options);
        assert_eq!(ScaleBar::of(&layout, &options, 1.0), None);
    }
}

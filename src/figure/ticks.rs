//! Round numbers along an axis.

/// Multiples of 1, 2 or 5 times a power of ten within `low` … `high`: at most `count` of them, at least one if there is room for it.
#[must_use]
pub fn linear(low: f64, high: f64, count: usize) -> Vec<f64> {
    let span = high - low;
    if !span.is_finite() || span <= 0.0 || count == 0 {
        return Vec::new();
    }
    let step = (0..)
        .map(|k: i32| [1.0, 2.0, 5.0][k as usize % 3] * 10f64.powi(span.log10().floor() as i32 - 3 + k / 3))
        .find(|step| (high / step).floor() - (low / step).ceil() < count as f64);
    let step = step.unwrap_or(span);
    let first = (low / step).ceil() as i64;
    (first..=(high / step).floor() as i64).map(|i| i as f64 * step).collect()
}

/// Powers of ten within `low` … `high` (positive), with their multiples by 2 and 5 where there are few.
#[must_use]
pub fn logarithmic(low: f64, high: f64, count: usize) -> Vec<f64> {
    if !(low > 0.0 && high > low && high.is_finite()) {
        return Vec::new();
    }
    let decades = (low.log10().floor() as i32)..=(high.log10().ceil() as i32);
    let within = |multiples: &[f64]| -> Vec<f64> {
        let ticks = decades.clone().flat_map(|d| multiples.iter().map(move |m| m * 10f64.powi(d)));
        ticks.filter(|t| (low..=high).contains(t)).collect()
    };
    let sets = [within(&[1.0, 2.0, 5.0]), within(&[1.0, 3.0]), within(&[1.0])];
    let chosen = sets.into_iter().find(|ticks| ticks.len() <= count);
    chosen.unwrap_or_else(|| {
        let decades = within(&[1.0]);
        let every = decades.len().div_ceil(count.max(1));
        decades.into_iter().step_by(every).collect()
    })
}

/// The greatest of 1, 2 or 5 times a power of ten that is not above `value` (positive); for scale bars and keys.
#[must_use]
pub fn round_down(value: f64) -> f64 {
    let decade = 10f64.powf(value.log10().floor());
    [5.0, 2.0, 1.0].map(|m| m * decade).into_iter().find(|&v| v <= value * (1.0 + 1e-9)).unwrap_or(decade)
}

/// A round number as axes show it.
#[must_use]
pub fn label(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 || (1e-4..1e5).contains(&size) {
        let text = format!("{value:.4}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        format!("{value:.0e}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_as_short_as_the_number() {
        for (value, text) in
            [(0.0, "0"), (100.0, "100"), (0.25, "0.25"), (-0.3, "-0.3"), (5e-4, "0.0005"), (2e-5, "2e-5"), (1e6, "1e6")]
        {
            assert_eq!(label(value), text);
        }
    }

    #[test]
    fn ticks_are_round_and_few() {
        assert_eq!(linear(0.0, 10.0, 6), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(linear(1.0, 3000.0, 4), [1000.0, 2000.0, 3000.0]);
        assert_eq!(linear(-0.3, 0.3, 3), [-0.2, 0.0, 0.2]);
        assert!(linear(1.0, 1.0, 5).is_empty() && linear(f64::NAN, 1.0, 5).is_empty());
        for (low, high) in [(0.0, 0.001), (3.0, 17.0), (-1e6, 5e5), (0.99, 1.01)] {
            let ticks = linear(low, high, 5);
            assert!((2..=5).contains(&ticks.len()), "{low} {high}: {ticks:?}");
        }
    }

    #[test]
    fn logarithmic_ticks_are_powers_of_ten() {
        assert_eq!(logarithmic(0.5, 60.0, 8), [0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0]);
        assert_eq!(logarithmic(0.5, 600.0, 4), [1.0, 10.0, 100.0]);
        assert!(logarithmic(1e-12, 1e12, 5).len() <= 5);
        assert!(logarithmic(0.0, 1.0, 5).is_empty());
    }

    #[test]
    fn keys_are_round() {
        for (value, round) in [(0.7, 0.5), (1.0, 1.0), (39.0, 20.0), (0.002, 0.002)] {
            assert!((round_down(value) - round).abs() < 1e-12, "{value}");
        }
    }
}

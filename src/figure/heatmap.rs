//! A matrix of cell types as colours and numbers: receivers in rows, senders in columns.

mod svg;

pub(super) use svg::{PALENESS, key};
pub use svg::{change_to_svg, to_svg};

use super::palette::{Rgb, diverging, sequential};

/// Which way values go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scale {
    /// From zero to the limit: viridis.
    Sequential {
        /// Value of the last colour.
        limit: f64,
    },
    /// From minus the limit over zero to the limit: purple to orange.
    Diverging {
        /// Value of the last colour.
        limit: f64,
    },
}

impl Scale {
    /// A scale for these values: diverging if it is asked for.
    #[must_use]
    pub fn of(values: &[f32], signed: bool) -> Self {
        let size = |v: &f32| if signed { v.abs() } else { *v };
        let limit = values.iter().filter(|v| v.is_finite()).map(size).fold(0.0, f32::max);
        let limit = f64::from(limit.max(f32::MIN_POSITIVE));
        if signed { Self::Diverging { limit } } else { Self::Sequential { limit } }
    }

    /// The colour of a value; none if it is no number.
    #[must_use]
    pub fn color(self, value: f64) -> Option<Rgb> {
        value.is_finite().then(|| match self {
            Self::Sequential { limit } => sequential(value / limit),
            Self::Diverging { limit } => diverging(value / limit),
        })
    }

    /// The least and the greatest value that have a colour.
    #[must_use]
    pub fn range(self) -> [f64; 2] {
        match self {
            Self::Sequential { limit } => [0.0, limit],
            Self::Diverging { limit } => [-limit, limit],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_reach_from_end_to_end() {
        let values = [0.0, f32::NAN, 0.3, -0.6];
        let up = Scale::of(&values, false);
        assert_eq!(up.color(0.0), Some(sequential(0.0)));
        assert_eq!(up.color(up.range()[1]), Some(sequential(1.0)));
        assert_eq!(up.color(f64::NAN), None);
        let both = Scale::of(&values, true);
        assert!((both.range()[0] + 0.6).abs() < 1e-6 && (both.range()[1] - 0.6).abs() < 1e-6);
        assert_eq!((both.color(-0.7), both.color(0.0)), (Some(diverging(-1.0)), Some(diverging(0.0))));
        assert_eq!(Scale::of(&[], false).color(0.0), Some(sequential(0.0)));
    }
}

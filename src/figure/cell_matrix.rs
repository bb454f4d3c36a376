//! Attention between single cells as a picture: receivers are rows, senders columns, both sorted by type.

#[cfg(feature = "svg")]
mod svg;

#[cfg(feature = "svg")]
pub use svg::to_svg;

use super::palette::sequential;

/// Neighbouring cells of one type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Band {
    /// The type.
    pub kind: usize,
    /// Its first cell.
    pub start: usize,
    /// One past its last cell.
    pub end: usize,
}

/// Runs of equal types.
#[must_use]
pub fn bands(kinds: impl IntoIterator<Item = usize>) -> Vec<Band> {
    let mut bands: Vec<Band> = Vec::new();
    for (i, kind) in kinds.into_iter().enumerate() {
        match bands.last_mut() {
            Some(band) if band.kind == kind => band.end = i + 1,
            _ => bands.push(Band { kind, start: i, end: i + 1 }),
        }
    }
    bands
}

/// The value that the last colour stands for: one in a hundred of the positive values is above it.
#[must_use]
pub fn limit(values: &[f32]) -> f32 {
    let mut positive: Vec<f32> = values.iter().copied().filter(|value| value.is_finite() && *value > 0.0).collect();
    if positive.is_empty() {
        return f32::MIN_POSITIVE;
    }
    let at = (positive.len() * 99 / 100).min(positive.len() - 1);
    *positive.select_nth_unstable_by(at, f32::total_cmp).1
}

/// Red, green, blue and alpha of each pixel of a picture of an n x n matrix: the mean of the values below a pixel.
///
/// # Panics
/// If `values` is not n x n.
#[must_use]
pub fn raster(values: &[f32], n: usize, [width, height]: [usize; 2], limit: f32) -> Vec<u8> {
    assert_eq!(values.len(), n * n, "the values are a row and a column for each of the {n} cells");
    // The cells below pixel `i` of `count`, at least one.
    let below = |i: usize, count: usize| {
        let start = (i * n / count).min(n - 1);
        start..((i + 1) * n / count).clamp(start + 1, n)
    };
    let mut picture = Vec::with_capacity(4 * width * height);
    if n == 0 {
        picture.resize(4 * width * height, 0);
        return picture;
    }
    let columns: Vec<_> = (0..width).map(|x| below(x, width)).collect();
    for y in 0..height {
        let rows = below(y, height);
        for columns in &columns {
            let count = rows.len() * columns.len();
            let sum: f32 = rows.clone().map(|row| values[row * n..][columns.clone()].iter().sum::<f32>()).sum();
            let color = sequential(f64::from(sum / count as f32 / limit));
            picture.extend([color.r, color.g, color.b, 255]);
        }
    }
    picture
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_types_are_bands() {
        assert_eq!(
            bands([2, 2, 5, 2]),
            [
                Band { kind: 2, start: 0, end: 2 },
                Band { kind: 5, start: 2, end: 3 },
                Band { kind: 2, start: 3, end: 4 }
            ]
        );
        assert!(bands([]).is_empty());
    }

    #[test]
    fn a_pixel_is_the_mean_of_what_is_below_it() {
        let values: Vec<f32> = (0..16).map(|i| if i % 4 < 2 { 0.0 } else { 1.0 }).collect();
        let color = |picture: &[u8], pixel: usize| {
            let [r, g, b] = [0, 1, 2].map(|i| picture[4 * pixel + i]);
            format!("#{r:02x}{g:02x}{b:02x}")
        };
        let halves = raster(&values, 4, [2, 1], 1.0);
        assert_eq!((color(&halves, 0), color(&halves, 1)), (sequential(0.0).to_string(), sequential(1.0).to_string()));
        let all = raster(&values, 4, [1, 1], 1.0);
        assert_eq!(color(&all, 0), sequential(0.5).to_string());
        let large = raster(&values, 4, [9, 7], 1.0);
        assert_eq!(large.len(), 4 * 63);
        assert_eq!((color(&large, 0), color(&large, 62)), (sequential(0.0).to_string(), sequential(1.0).to_string()));
        assert_eq!(raster(&[], 0, [2, 1], 1.0), [0; 8]);
    }

    #[test]
    fn outliers_do_not_darken_the_rest() {
        let mut values = vec![0.5; 1000];
        values[7] = 90.0;
        values[8] = f32::NAN;
        assert_eq!(limit(&values), 0.5);
        assert!(limit(&[0.0; 4]) > 0.0);
    }
}

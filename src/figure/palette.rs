//! Colours: categorical for cell types, sequential for time and values, and ink that can be read on them.

mod viridis;

use crate::protocol::CellType;
use crate::{Error, Result};
use std::fmt;

/// An sRGB colour. `Display` writes `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rgb {
    /// Red.
    pub r: u8,
    /// Green.
    pub g: u8,
    /// Blue.
    pub b: u8,
}

impl Rgb {
    /// White.
    pub const WHITE: Self = Self::new(0xff_ffff);
    /// Almost black, for text: on every colour this or white has a contrast of 4.5.
    pub const INK: Self = Self::new(0x05_0607);

    /// The colour `0xrrggbb`.
    #[must_use]
    pub const fn new(hex: u32) -> Self {
        let [_, r, g, b] = hex.to_be_bytes();
        Self { r, g, b }
    }

    /// Reads `#rrggbb` or `#rgb`; an alpha channel (`#rrggbbaa`, as scanpy writes) is dropped.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(text: &str) -> Result<Self> {
        let wrong =
            || Error::input(format!("`{text}` is not a colour")).remedy("Write it as `#rrggbb`, such as `#0072b2`.");
        let digits = text.trim().strip_prefix('#').ok_or_else(wrong)?;
        if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(wrong());
        }
        let number = |digits: &str| u32::from_str_radix(digits, 16).map_err(|_| wrong());
        match digits.len() {
            6 | 8 => Ok(Self::new(number(&digits[..6])?)),
            3 => {
                let [r, g, b] = [0, 1, 2].map(|i| number(&digits[i..=i]).map(|d| d * 17));
                Ok(Self::new((r? << 16) | (g? << 8) | b?))
            }
            _ => Err(wrong()),
        }
    }

    /// Relative luminance, 0 (black) to 1 (white) (WCAG 2.2).
    #[must_use]
    pub fn luminance(self) -> f64 {
        let [r, g, b] = self.linear();
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    /// Contrast ratio of two colours, 1 to 21 (WCAG 2.2).
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance() + 0.05, other.luminance() + 0.05);
        a.max(b) / a.min(b)
    }

    /// The colour for text on this one: white or almost black, whichever is easier to read.
    #[must_use]
    pub fn ink(self) -> Self {
        if self.contrast(Self::WHITE) >= self.contrast(Self::INK) { Self::WHITE } else { Self::INK }
    }

    /// Straight mixture in sRGB: `share` 0 is this colour, 1 the other.
    #[must_use]
    pub fn mix(self, other: Self, share: f64) -> Self {
        let channel = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * share).round() as u8;
        Self { r: channel(self.r, other.r), g: channel(self.g, other.g), b: channel(self.b, other.b) }
    }

    fn linear(self) -> [f64; 3] {
        [self.r, self.g, self.b].map(|c| {
            let c = f64::from(c) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        })
    }
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.r, self.g, self.b)
    }
}

/// Okabe and Ito's eight colours for all kinds of colour vision; their black, invisible on dark pages, is grey here.
const OKABE_ITO: [Rgb; 8] = [
    Rgb::new(0x00_72b2),
    Rgb::new(0xe6_9f00),
    Rgb::new(0x00_9e73),
    Rgb::new(0xcc_79a7),
    Rgb::new(0xd5_5e00),
    Rgb::new(0x56_b4e9),
    Rgb::new(0xf0_e442),
    Rgb::new(0x99_9999),
];

/// `count` colours that can be told apart: Okabe and Ito's up to 8, beyond that even hues in three lightnesses.
#[must_use]
pub fn categorical(count: usize) -> Vec<Rgb> {
    if count <= OKABE_ITO.len() {
        return OKABE_ITO[..count].to_vec();
    }
    const LIGHTNESSES: [f64; 3] = [0.56, 0.80, 0.68];
    let hues = count.div_ceil(LIGHTNESSES.len());
    (0..count)
        .map(|i| {
            // Neighbours in the list differ in both hue and lightness.
            let (turn, level) = (i / LIGHTNESSES.len(), i % LIGHTNESSES.len());
            let hue = (turn as f64 + level as f64 / LIGHTNESSES.len() as f64) / hues as f64 + level as f64 / 3.0;
            oklch(LIGHTNESSES[level], 0.16, hue * std::f64::consts::TAU)
        })
        .collect()
}

/// One colour a cell type: the study's own where it gives one that can be read, else from [`categorical`].
#[must_use]
pub fn cell_types(types: &[CellType]) -> Vec<Rgb> {
    let own: Vec<Option<Rgb>> =
        types.iter().map(|t| t.color.as_deref().and_then(|text| Rgb::parse(text).ok())).collect();
    let missing = own.iter().filter(|color| color.is_none()).count();
    // Where some types have a colour, the others must not repeat it.
    let spare = categorical(if missing == types.len() { missing } else { types.len() });
    let mut spare = spare.into_iter().filter(|color| !own.contains(&Some(*color)));
    own.iter().map(|color| color.or_else(|| spare.next()).unwrap_or(OKABE_ITO[7])).collect()
}

/// One colour a cell type that all kinds of colour vision can tell apart, whatever the study's own are.
#[must_use]
pub fn distinct(types: &[CellType]) -> Vec<Rgb> {
    categorical(types.len())
}

/// Viridis at `x`, clamped to 0 … 1.
#[must_use]
pub fn sequential(x: f64) -> Rgb {
    let last = viridis::VIRIDIS.len() - 1;
    Rgb::new(viridis::VIRIDIS[(x.clamp(0.0, 1.0) * last as f64).round() as usize])
}

/// Purple to orange over near-white at `x`, clamped to -1 … 1: ColorBrewer's PuOr (C. Brewer, Apache-2.0), which all kinds of colour vision
/// can tell apart.
#[must_use]
pub fn diverging(x: f64) -> Rgb {
    const STOPS: [u32; 11] = [
        0x2d_004b, 0x54_2788, 0x80_73ac, 0xb2_abd2, 0xd8_daeb, 0xf7_f7f7, 0xfe_e0b6, 0xfd_b863, 0xe0_8214, 0xb3_5806,
        0x7f_3b08,
    ];
    let at = (x.clamp(-1.0, 1.0) + 1.0) / 2.0 * (STOPS.len() - 1) as f64;
    let below = (at as usize).min(STOPS.len() - 2);
    Rgb::new(STOPS[below]).mix(Rgb::new(STOPS[below + 1]), at - below as f64)
}

/// The part of viridis that stands out on a light or dark page, at `x`, clamped to 0 … 1.
#[must_use]
pub fn value(x: f64, dark: bool) -> Rgb {
    let (low, high) = if dark { (0.22, 1.0) } else { (0.0, 0.86) };
    sequential(low + (high - low) * x.clamp(0.0, 1.0))
}

/// One colour a time point, early to late, along [`value`].
#[must_use]
pub fn times(count: usize, dark: bool) -> Vec<Rgb> {
    let steps = count.saturating_sub(1).max(1) as f64;
    (0..count).map(|i| value(i as f64 / steps, dark)).collect()
}

/// The colour of the given OKLCH lightness and hue (radians), with the chroma reduced until sRGB can show it (B. Ottosson, 2020).
fn oklch(lightness: f64, chroma: f64, hue: f64) -> Rgb {
    let (a, b) = (chroma * hue.cos(), chroma * hue.sin());
    let l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let s = (lightness - 0.089_484_177_5 * a - 1.291_485_548 * b).powi(3);
    let linear = [
        4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
        -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
        -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701 * s,
    ];
    if chroma > 1e-3 && linear.iter().any(|c| !(0.0..=1.0).contains(c)) {
        return oklch(lightness, chroma * 0.95, hue);
    }
    let [r, g, b] = linear.map(|c| {
        let c = c.clamp(0.0, 1.0);
        let c = if c <= 0.003_130_8 { 12.92 * c } else { 1.055 * c.powf(1.0 / 2.4) - 0.055 };
        (c * 255.0).round() as u8
    });
    Rgb { r, g, b }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distance(a: Rgb, b: Rgb) -> f64 {
        let lab = |color: Rgb| {
            let [r, g, b] = color.linear();
            let l = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
            let m = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
            let s = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
            [
                0.210_454_255_3 * l + 0.793_617_785 * m - 0.004_072_046_8 * s,
                1.977_998_495_1 * l - 2.428_592_205 * m + 0.450_593_709_9 * s,
                0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766 * s,
            ]
        };
        let (a, b) = (lab(a), lab(b));
        a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
    }

    #[test]
    fn categories_differ() {
        for count in [2, 6, 8, 9, 12, 24, 40, 48] {
            let colors = categorical(count);
            assert_eq!(colors.len(), count);
            for i in 0..count {
                for j in 0..i {
                    let apart = distance(colors[i], colors[j]);
                    assert!(apart > 0.03, "{count}: {} and {} are {apart} apart", colors[i], colors[j]);
                }
            }
        }
    }

    #[test]
    fn oklch_hits_known_colours() {
        // sRGB red is OKLCH 0.62796, 0.25768, 29.234 degrees.
        let red = oklch(0.627_96, 0.2576, 29.234_f64.to_radians());
        assert!(red.r >= 253 && red.g <= 10 && red.b <= 10, "{red}");
        assert_eq!(oklch(1.0, 0.0, 0.0), Rgb::WHITE);
    }

    #[test]
    fn hex_comes_back() {
        for (text, back) in [("#0072B2", "#0072b2"), (" #abc ", "#aabbcc"), ("#01020304", "#010203")] {
            assert_eq!(Rgb::parse(text).unwrap().to_string(), back);
        }
        for text in ["", "0072b2", "#12345", "#gg0000", "red", "#äöü", "#+12345"] {
            let error = Rgb::parse(text).unwrap_err();
            assert!(error.to_string().contains("#rrggbb"), "{error}");
        }
    }

    #[test]
    fn ink_is_readable() {
        for i in 0..=100 {
            let color = sequential(f64::from(i) / 100.0);
            assert!(color.contrast(color.ink()) >= 4.5, "{color} with {}", color.ink());
        }
        for i in -100..=100 {
            let color = diverging(f64::from(i) / 100.0);
            assert!(color.contrast(color.ink()) >= 4.5, "{color} with {}", color.ink());
        }
        assert_eq!(diverging(0.0).to_string(), "#f7f7f7");
        assert_eq!((diverging(-9.0).to_string(), diverging(1.0).to_string()), ("#2d004b".into(), "#7f3b08".into()));
        assert_eq!(Rgb::WHITE.ink(), Rgb::INK);
        assert!((Rgb::WHITE.contrast(Rgb::new(0)) - 21.0).abs() < 1e-9);
    }

    #[test]
    fn viridis_has_its_ends() {
        assert_eq!(sequential(-1.0).to_string(), "#440154");
        assert_eq!(sequential(2.0).to_string(), "#fde725");
        assert_eq!(sequential(f64::NAN).to_string(), "#440154");
        assert_eq!(times(1, false), [sequential(0.0)]);
        assert_eq!(times(0, true), []);
    }

    #[test]
    fn the_studys_colours_stay() {
        let named = |color: Option<&str>| CellType { name: String::new(), color: color.map(str::to_owned), cells: 1 };
        let colors = cell_types(&[named(None), named(Some("#0072b2")), named(Some("nonsense"))]);
        assert_eq!(colors[1].to_string(), "#0072b2");
        assert!(colors[0] != colors[1] && colors[2] != colors[1] && colors[0] != colors[2]);
    }
}

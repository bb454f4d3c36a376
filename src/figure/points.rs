//! Points as pixels: fast enough for hundreds of thousands of cells on one thread.

use super::palette::Rgb;

/// A picture with straight alpha, row by row from the top, four bytes (red, green, blue, alpha) a pixel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

/// How points are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dot {
    /// Radius in pixels.
    pub radius: f32,
    /// Colour.
    pub color: Rgb,
    /// Opacity, 0 … 1.
    pub alpha: f32,
}

impl Image {
    /// A transparent picture.
    #[must_use]
    pub fn new(width: usize, height: usize) -> Self {
        Self { width, height, pixels: vec![0; width * height * 4] }
    }

    /// A picture of these bytes.
    ///
    /// # Panics
    /// If they are not four for each pixel.
    #[must_use]
    pub fn of([width, height]: [usize; 2], pixels: Vec<u8>) -> Self {
        assert_eq!(pixels.len(), width * height * 4, "four bytes a pixel");
        Self { width, height, pixels }
    }

    /// Width in pixels.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }

    /// The bytes.
    #[must_use]
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// Draws a disc with a soft edge of one pixel; parts outside the picture are cut off. `at`: x, y from the top left corner.
    pub fn dot(&mut self, at: [f32; 2], dot: Dot) {
        let reach = dot.radius + 0.5;
        let range = |center: f32, size: usize| {
            // Casts saturate: NaN and anything left of the picture become 0.
            let (low, high) = ((center - reach).floor().max(0.0) as usize, (center + reach).ceil().max(0.0) as usize);
            low..high.min(size)
        };
        for y in range(at[1], self.height) {
            let dy = y as f32 + 0.5 - at[1];
            for x in range(at[0], self.width) {
                let dx = x as f32 + 0.5 - at[0];
                let coverage = (reach - (dx * dx + dy * dy).sqrt()).min(1.0);
                if coverage > 0.0 {
                    self.blend((y * self.width + x) * 4, dot.color, coverage * dot.alpha);
                }
            }
        }
    }

    /// Puts a colour over the pixel at byte `i` (Porter and Duff's "over").
    fn blend(&mut self, i: usize, color: Rgb, alpha: f32) {
        let pixel = &mut self.pixels[i..i + 4];
        let below = f32::from(pixel[3]) / 255.0 * (1.0 - alpha);
        let sum = alpha + below;
        for (channel, c) in pixel.iter_mut().zip([color.r, color.g, color.b]) {
            *channel = ((f32::from(c) * alpha + f32::from(*channel) * below) / sum + 0.5) as u8;
        }
        pixel[3] = (sum * 255.0 + 0.5) as u8;
    }
}

/// All indices below `count` once, spread evenly, so that cells stored type by type do not cover each other type by type.
#[must_use]
pub fn scattered(count: usize) -> Vec<usize> {
    fn divisor(a: usize, b: usize) -> usize {
        if b == 0 { a } else { divisor(b, a % b) }
    }
    // Steps of the golden ratio fill gaps most evenly; without a common divisor they reach every index.
    let golden = (count as f64 * 0.618_034) as usize;
    let step = (golden.max(1)..).find(|&step| divisor(step, count.max(1)) == 1).unwrap_or(1);
    let mut at = 0;
    (0..count)
        .map(|_| {
            let this = at;
            at = (at + step) % count;
            this
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scattered_indices_are_all_indices() {
        for count in [0, 1, 2, 3, 6, 1000, 4181] {
            let mut order = scattered(count);
            assert!(count < 100 || order[..10].iter().any(|&i| i > count / 2), "not spread");
            order.sort_unstable();
            assert!(order.into_iter().eq(0..count));
        }
    }

    const DOT: Dot = Dot { radius: 2.0, color: Rgb::new(0xff_8000), alpha: 1.0 };

    fn at(image: &Image, x: usize, y: usize) -> [u8; 4] {
        image.pixels()[(y * image.width() + x) * 4..][..4].try_into().unwrap()
    }

    #[test]
    fn a_disc_has_its_area_and_colour() {
        let mut image = Image::new(20, 10);
        image.dot([10.0, 5.0], DOT);
        assert_eq!(at(&image, 10, 5), [255, 128, 0, 255]);
        assert_eq!(at(&image, 15, 5), [0; 4]);
        let area: f32 = image.pixels().chunks(4).map(|p| f32::from(p[3]) / 255.0).sum();
        assert!((area - std::f32::consts::PI * 4.0).abs() < 0.6, "{area}");
    }

    #[test]
    fn discs_outside_are_cut() {
        let mut image = Image::new(8, 8);
        for outside in [[-50.0, 4.0], [4.0, 900.0], [f32::NAN, 4.0], [f32::INFINITY, 4.0]] {
            image.dot(outside, DOT);
        }
        assert!(image.pixels().iter().all(|&b| b == 0));
        image.dot([0.0, 0.0], DOT);
        assert_eq!(at(&image, 0, 0)[3], 255);
    }

    #[test]
    fn opacity_adds_up() {
        let mut image = Image::new(9, 9);
        let half = Dot { alpha: 0.5, ..DOT };
        image.dot([4.5, 4.5], half);
        assert_eq!(at(&image, 4, 4), [255, 128, 0, 128]);
        image.dot([4.5, 4.5], Dot { color: Rgb::new(0x00_00ff), ..half });
        let [r, _, b, a] = at(&image, 4, 4);
        assert!((190..=193).contains(&a) && b > r, "{r} {b} {a}");
    }
}

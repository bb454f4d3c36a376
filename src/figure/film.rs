//! Pictures one after the other, as an animated GIF: each frame is exact in time, and every browser and slide shows it.

use crate::{Error, Result};
use gif::{Encoder, Frame, Repeat};

/// Colours of a film; the last index of a palette is what did not change.
const COLORS: usize = 255;
const UNCHANGED: u8 = 255;
/// Bits of each channel by which colours are told apart.
const BITS: u32 = 5;
/// Largest side in pixels.
const LARGEST: u32 = 4096;

/// A film in the making.
pub struct Film {
    encoder: Encoder<Vec<u8>>,
    size: [u16; 2],
    palette: Vec<[u8; 3]>,
    /// The colour of the palette for each colour of [`BITS`] a channel, once it was looked for.
    nearest: Vec<Option<u8>>,
    /// The picture before, as indices; empty before the first.
    before: Vec<u8>,
    /// Time between two pictures, in hundredths of a second.
    delay: u16,
}

impl Film {
    /// A film of pictures of this size, `delay` hundredths of a second apart, that begins anew after the last. Its colours are those of `first`, which is
    /// not yet in it: four bytes a pixel (red, green, blue, and one that is not read), row by row.
    ///
    /// # Errors
    /// The size is 0 or too large, or the picture has another.
    pub fn new(size: [u32; 2], delay: u16, first: &[u8]) -> Result<Self> {
        if size.iter().any(|side| !(1..=LARGEST).contains(side)) {
            let what = format!("A film of {} x {} pixels cannot be made", size[0], size[1]);
            return Err(Error::request(what).remedy(format!("Choose 1 to {LARGEST} pixels a side.")));
        }
        let size = size.map(|side| side as u16);
        check(size, first)?;
        let palette = palette(first);
        let mut bytes: Vec<u8> = palette.iter().flatten().copied().collect();
        bytes.resize(3 * 256, 0);
        let mut encoder = Encoder::new(Vec::new(), size[0], size[1], &bytes).map_err(|error| broken(&error))?;
        encoder.set_repeat(Repeat::Infinite).map_err(|error| broken(&error))?;
        Ok(Self { encoder, size, palette, nearest: vec![None; 1 << (3 * BITS)], before: Vec::new(), delay })
    }

    /// Adds a picture; only the part that changed is stored.
    ///
    /// # Errors
    /// The picture has another size.
    pub fn add(&mut self, pixels: &[u8]) -> Result<()> {
        check(self.size, pixels)?;
        let picture: Vec<u8> = pixels.chunks_exact(4).map(|pixel| self.index([pixel[0], pixel[1], pixel[2]])).collect();
        let [width, height] = self.size.map(usize::from);
        let changed = |at: &usize| self.before.get(*at) != picture.get(*at);
        let part = Part::of((0..picture.len()).filter(changed), width);
        let row = |y: usize| (part.left..part.left + part.width).map(move |x| y * width + x);
        let indices = (part.top..(part.top + part.height).min(height)).flat_map(row);
        let buffer: Vec<u8> = indices.map(|at| if changed(&at) { picture[at] } else { UNCHANGED }).collect();
        let frame = Frame {
            delay: self.delay,
            transparent: Some(UNCHANGED),
            left: part.left as u16,
            top: part.top as u16,
            width: part.width as u16,
            height: part.height as u16,
            buffer: buffer.into(),
            ..Frame::default()
        };
        self.encoder.write_frame(&frame).map_err(|error| broken(&error))?;
        self.before = picture;
        Ok(())
    }

    /// The file.
    ///
    /// # Errors
    /// It cannot be put together.
    pub fn finish(self) -> Result<Vec<u8>> {
        self.encoder.into_inner().map_err(|error| Error::internal(format!("The film could not be encoded: {error}")))
    }

    fn index(&mut self, color: [u8; 3]) -> u8 {
        let bin = bin(color);
        if let Some(index) = self.nearest[bin] {
            return index;
        }
        let distance = |other: &[u8; 3]| -> i32 {
            other.iter().zip(color).map(|(a, b)| (i32::from(*a) - i32::from(b)).pow(2)).sum()
        };
        let index = (0..self.palette.len()).min_by_key(|at| distance(&self.palette[*at])).unwrap_or(0) as u8;
        self.nearest[bin] = Some(index);
        index
    }
}

/// A rectangle of a picture.
struct Part {
    left: usize,
    top: usize,
    width: usize,
    height: usize,
}

impl Part {
    /// The smallest that holds these pixels of rows of `columns`; one pixel if there are none, since a frame has at least one.
    fn of(pixels: impl Iterator<Item = usize>, columns: usize) -> Self {
        let bounds = pixels.map(|at| [at % columns, at / columns]).fold(None, |bounds: Option<[usize; 4]>, [x, y]| {
            let [left, top, right, bottom] = bounds.unwrap_or([x, y, x, y]);
            Some([left.min(x), top.min(y), right.max(x), bottom.max(y)])
        });
        let [left, top, right, bottom] = bounds.unwrap_or_default();
        Self { left, top, width: right - left + 1, height: bottom - top + 1 }
    }
}

/// Position among the colours that are told apart.
fn bin(color: [u8; 3]) -> usize {
    color.into_iter().fold(0, |bin, channel| bin << BITS | usize::from(channel) >> (8 - BITS))
}

/// The most frequent colours of a picture: of each that is told apart, the mean.
fn palette(pixels: &[u8]) -> Vec<[u8; 3]> {
    let mut bins = vec![[0u64; 4]; 1 << (3 * BITS)];
    for pixel in pixels.chunks_exact(4) {
        let sums = &mut bins[bin([pixel[0], pixel[1], pixel[2]])];
        sums.iter_mut().zip([pixel[0], pixel[1], pixel[2], 1]).for_each(|(sum, value)| *sum += u64::from(value));
    }
    bins.retain(|sums| sums[3] > 0);
    bins.sort_by_key(|sums| std::cmp::Reverse(sums[3]));
    bins.truncate(COLORS);
    bins.into_iter().map(|[red, green, blue, count]| [red, green, blue].map(|sum| (sum / count) as u8)).collect()
}

fn check(size: [u16; 2], pixels: &[u8]) -> Result<()> {
    let expected = 4 * usize::from(size[0]) * usize::from(size[1]);
    match pixels.len() == expected {
        true => Ok(()),
        false => Err(Error::internal(format!("A picture of {} bytes in a film of {expected}", pixels.len()))),
    }
}

fn broken(error: &gif::EncodingError) -> Error {
    Error::internal(format!("The film could not be encoded: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use gif::{ColorOutput, DecodeOptions};

    const SIZE: [u32; 2] = [8, 4];

    /// White paper with a square of two by two pixels at a column.
    fn picture(column: usize, color: [u8; 3]) -> Vec<u8> {
        let inside = |at: usize| (column..column + 2).contains(&(at % 8)) && (1..3).contains(&(at / 8));
        (0..32)
            .flat_map(|at| {
                let [r, g, b] = if inside(at) { color } else { [255; 3] };
                [r, g, b, 255]
            })
            .collect()
    }

    /// The pictures of a film as a player shows them, and where each frame lies.
    fn played(bytes: &[u8]) -> Vec<(Vec<u8>, [u16; 4], u16)> {
        let mut options = DecodeOptions::new();
        options.set_color_output(ColorOutput::RGBA);
        let mut decoder = options.read_info(bytes).unwrap();
        let mut shown = vec![0; 4 * 32];
        let mut all = Vec::new();
        while let Some(frame) = decoder.read_next_frame().unwrap() {
            for (at, pixel) in frame.buffer.chunks_exact(4).enumerate().filter(|(_, pixel)| pixel[3] > 0) {
                let [x, y] = [at % usize::from(frame.width), at / usize::from(frame.width)];
                let place = 4 * ((y + usize::from(frame.top)) * 8 + x + usize::from(frame.left));
                shown[place..place + 4].copy_from_slice(pixel);
            }
            all.push((shown.clone(), [frame.left, frame.top, frame.width, frame.height], frame.delay));
        }
        all
    }

    #[test]
    fn every_picture_is_shown_as_it_was() {
        let blue = [20, 40, 200];
        let pictures = [picture(0, blue), picture(1, blue), picture(1, blue), picture(5, blue)];
        let mut film = Film::new(SIZE, 10, &pictures[0]).unwrap();
        pictures.iter().for_each(|picture| film.add(picture).unwrap());
        let shown = played(&film.finish().unwrap());
        assert_eq!(shown.len(), 4);
        for ((found, _, delay), expected) in shown.iter().zip(&pictures) {
            assert_eq!((found, *delay), (expected, 10));
        }
        let places: Vec<[u16; 4]> = shown.iter().map(|(_, place, _)| *place).collect();
        assert_eq!(places, [[0, 0, 8, 4], [0, 1, 3, 2], [0, 0, 1, 1], [1, 1, 6, 2]], "only what changes is stored");
    }

    #[test]
    fn more_colours_than_a_film_has_come_close() {
        let many: Vec<u8> =
            (0..32u32 * 32).flat_map(|at| [(at % 32 * 8) as u8, (at / 32 * 8) as u8, 77, 255]).collect();
        assert_eq!(palette(&many).len(), COLORS);
        let mut film = Film::new(SIZE, 10, &picture(0, [200, 0, 0])).unwrap();
        film.add(&picture(0, [190, 10, 5])).unwrap();
        let (shown, ..) = played(&film.finish().unwrap()).remove(0);
        assert_eq!(&shown[4 * 8..4 * 8 + 3], [200, 0, 0]);
    }

    #[test]
    fn other_sizes_are_refused() {
        assert!(Film::new([0, 4], 10, &[]).is_err() && Film::new([5000, 1], 10, &[0; 20_000]).is_err());
        let mut film = Film::new(SIZE, 10, &picture(0, [0; 3])).unwrap();
        assert!(film.add(&[0; 8]).is_err());
    }
}

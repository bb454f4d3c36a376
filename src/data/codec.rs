//! Compressed pieces of arrays, as HDF5 and zarr store them: every way back ends in exactly as many bytes as the array has.

mod blosc;

pub(crate) use blosc::blosc;

use crate::{Error, Result};
use flate2::read::{GzDecoder, ZlibDecoder};
use std::io::Read;

/// What a zlib stream unpacks to.
///
/// # Errors
///
/// If it is damaged or does not come to `length` bytes.
pub(crate) fn zlib(bytes: &[u8], length: usize) -> Result<Vec<u8>> {
    exactly(ZlibDecoder::new(bytes), length)
}

/// What a zstd frame unpacks to.
///
/// # Errors
///
/// As [`zlib`].
pub(crate) fn zstd(bytes: &[u8], length: usize) -> Result<Vec<u8>> {
    // The window is memory that a frame asks for; no more than the piece is needed.
    let most = (length as u64).max(1 << 20).saturating_mul(2);
    let decoder =
        ruzstd::decoding::StreamingDecoder::new_with_max_window_size(bytes, most).map_err(|error| damaged(&error))?;
    exactly(decoder, length)
}

/// What a block of LZ4 without a frame unpacks to.
///
/// # Errors
///
/// As [`zlib`].
pub(crate) fn lz4(bytes: &[u8], length: usize) -> Result<Vec<u8>> {
    let mut unpacked = vec![0; length];
    match lz4_flex::block::decompress_into(bytes, &mut unpacked) {
        Ok(found) if found == length => Ok(unpacked),
        Ok(found) => Err(damaged(&format!("{found} bytes, not {length}"))),
        Err(error) => Err(damaged(&error)),
    }
}

/// Bytes of elements of `size` bytes, of which all first ones were stored first, then all second ones, and so on.
pub(crate) fn unshuffle(bytes: &[u8], size: usize) -> Vec<u8> {
    let count = bytes.len().checked_div(size).unwrap_or(0);
    let mut elements = vec![0; bytes.len()];
    for byte in 0..size {
        for element in 0..count {
            elements[element * size + byte] = bytes[byte * count + element];
        }
    }
    elements[count * size..].copy_from_slice(&bytes[count * size..]);
    elements
}

/// What a zlib stream unpacks to, whose length is not known.
///
/// # Errors
///
/// If it is damaged or comes to more than `most` bytes.
pub(crate) fn zlib_up_to(bytes: &[u8], most: usize) -> Result<Vec<u8>> {
    up_to(ZlibDecoder::new(bytes), most)
}

/// As [`zlib_up_to`], of gzip.
///
/// # Errors
///
/// As [`zlib_up_to`].
pub(crate) fn gzip_up_to(bytes: &[u8], most: usize) -> Result<Vec<u8>> {
    up_to(GzDecoder::new(bytes), most)
}

/// As [`zlib_up_to`], of zstd.
///
/// # Errors
///
/// As [`zlib_up_to`].
pub(crate) fn zstd_up_to(bytes: &[u8], most: usize) -> Result<Vec<u8>> {
    let window = (most as u64).clamp(1 << 20, 1 << 27);
    let decoder =
        ruzstd::decoding::StreamingDecoder::new_with_max_window_size(bytes, window).map_err(|error| damaged(&error))?;
    up_to(decoder, most)
}

fn up_to(reader: impl Read, most: usize) -> Result<Vec<u8>> {
    let mut unpacked = Vec::new();
    reader.take(most as u64 + 1).read_to_end(&mut unpacked).map_err(|error| damaged(&error))?;
    if unpacked.len() > most {
        return Err(damaged(&format!("more than {most} bytes")));
    }
    Ok(unpacked)
}

fn exactly(reader: impl Read, length: usize) -> Result<Vec<u8>> {
    let mut unpacked = Vec::new();
    reader.take(length as u64 + 1).read_to_end(&mut unpacked).map_err(|error| damaged(&error))?;
    match unpacked.len() == length {
        true => Ok(unpacked),
        false => Err(damaged(&format!("{} bytes, not {length}", unpacked.len()))),
    }
}

fn damaged(why: &dyn std::fmt::Display) -> Error {
    Error::input(format!("a compressed piece of this array is damaged ({why})"))
        .remedy("Copy or download the file again.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shuffled_elements_come_back() {
        assert_eq!(unshuffle(&[1, 3, 5, 2, 4, 6, 9], 2), [1, 2, 3, 4, 5, 6, 9]);
        assert!(unshuffle(&[], 4).is_empty());
    }

    #[test]
    fn pieces_come_to_their_length_or_are_refused() {
        let packed = lz4_flex::block::compress(&[7; 100]);
        assert_eq!(lz4(&packed, 100).unwrap(), [7; 100]);
        assert!(lz4(&packed, 99).is_err() && lz4(&packed, 101).is_err() && lz4(&packed[1..], 100).is_err());
        assert!(zstd(b"no frame", 10).is_err() && zlib(b"none", 10).is_err());
    }
}

//! Blosc 1: blocks of LZ4, zstd, zlib or nothing, perhaps shuffled (github.com/Blosc/c-blosc, README_CHUNK_FORMAT).

use super::{damaged, lz4, unshuffle, zlib, zstd};
use crate::Result;

/// Bytes before the places of the blocks.
const HEADER: usize = 16;
/// Flags: elements are shuffled by bytes; the whole is stored as it is; elements are shuffled by bits; blocks are not split.
const SHUFFLE: u8 = 1;
const STORED: u8 = 2;
const BIT_SHUFFLE: u8 = 4;
const NOT_SPLIT: u8 = 16;
/// Blocks are split into their elements' bytes only if there are no more of these, and so many of each.
const MOST_SPLITS: usize = 16;
const LEAST_SPLIT: usize = 128;

/// What a chunk of Blosc unpacks to.
///
/// # Errors
///
/// If it is damaged, compressed in a way that is not known, or does not come to `length` bytes.
pub(crate) fn blosc(bytes: &[u8], length: usize) -> Result<Vec<u8>> {
    let cut = || damaged(&"it is cut off");
    let header = bytes.get(..HEADER).ok_or_else(cut)?;
    let word = |at: usize| bytes.get(at..at + 4).map(|it| u32::from_le_bytes([it[0], it[1], it[2], it[3]]) as usize);
    let (flags, size) = (header[2], usize::from(header[3]).max(1));
    let (unpacked, block) = (word(4).ok_or_else(cut)?, word(8).ok_or_else(cut)?);
    if unpacked != length {
        return Err(damaged(&format!("{unpacked} bytes, not {length}")));
    }
    if flags & STORED != 0 {
        return bytes.get(HEADER..HEADER + length).map(<[u8]>::to_vec).ok_or_else(cut);
    }
    if block == 0 && length > 0 {
        return Err(damaged(&"its blocks are empty"));
    }
    let mut result = Vec::with_capacity(length);
    for index in 0..length.div_ceil(block.max(1)) {
        let wanted = block.min(length - index * block);
        let mut at = word(HEADER + 4 * index).ok_or_else(cut)?;
        let whole = wanted == block;
        let split = flags & NOT_SPLIT == 0 && size <= MOST_SPLITS && block / size >= LEAST_SPLIT && whole;
        let parts = if split { size } else { 1 };
        let mut content = Vec::with_capacity(wanted);
        for _ in 0..parts {
            let packed = word(at).ok_or_else(cut)?;
            let part = bytes.get(at + 4..).and_then(|rest| rest.get(..packed)).ok_or_else(cut)?;
            at += 4 + packed;
            let length = wanted / parts;
            content.extend(match (packed == length, flags >> 5) {
                (true, _) => part.to_vec(),
                (_, 1) => lz4(part, length)?,
                (_, 3) => zlib(part, length)?,
                (_, 4) => zstd(part, length)?,
                _ => return Err(damaged(&"it is compressed in a way that is not known here")),
            });
        }
        result.extend(match (flags & SHUFFLE != 0 && size > 1, flags & BIT_SHUFFLE != 0) {
            (true, _) => unshuffle(&content, size),
            (_, true) => unshuffle_bits(&content, size),
            _ => content,
        });
    }
    Ok(result)
}

/// Elements whose bits lie together: the first bit of the first byte of all, the second bit of it, and so on. What is no whole element lies behind them
/// as it is, and so does everything where elements are no multiple of eight.
fn unshuffle_bits(bytes: &[u8], size: usize) -> Vec<u8> {
    let elements = bytes.len() / size;
    if !elements.is_multiple_of(8) {
        return bytes.to_vec();
    }
    let row = elements / 8;
    let mut result = bytes.to_vec();
    for (at, byte) in result[..elements * size].iter_mut().enumerate() {
        let (element, place) = (at / size, at % size);
        let bit = |bit: usize| bytes[(place * 8 + bit) * row + element / 8] >> (element % 8) & 1;
        *byte = (0..8).map(|at| bit(at) << at).sum();
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `numcodecs.Blosc("lz4", 5, 2).encode` of the numbers `3 * (i // 64)`, 512 of them, as 16-bit integers, in hexadecimal.
    const SHUFFLED: &str = "\
        0201240200040000000400007d00000014000000550000001300010013ff0100030f0013000f000f10001e0402000438000402000418000402000418\
        000c02000c20000410000402000430000c10000c02000420000c02000c28000f02001d0f50003d0f0200685000000000000c0000001f000100ffe850\
        0000000000";

    #[test]
    fn shuffled_bits_come_back() {
        let packed: Vec<u8> =
            (0..SHUFFLED.len()).step_by(2).map(|at| u8::from_str_radix(&SHUFFLED[at..at + 2], 16).unwrap()).collect();
        let expected: Vec<u8> = (0..512u16).flat_map(|at| (at / 64 * 3).to_le_bytes()).collect();
        assert_eq!(blosc(&packed, expected.len()).unwrap(), expected);
    }
}

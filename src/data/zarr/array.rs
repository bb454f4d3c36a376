//! The elements of a zarr array, from its pieces.

use super::meta::{Array, Kind, Packing};
use crate::data::codec;
use crate::data::hdf5::{MOST_EXPANSION, place};
use crate::data::number::Number;
use crate::{Error, Result};

/// Elements, row-major.
pub(super) enum Content {
    Whole(Vec<i64>),
    Singles(Vec<f32>),
    Doubles(Vec<f64>),
    Truth(Vec<bool>),
    Texts(Vec<String>),
}

/// Bytes that the texts of a piece may take besides so many times the piece.
const SLACK: usize = 1 << 20;

/// Reads an array; `piece` finds the bytes of a piece by its name.
///
/// # Errors
///
/// If a piece is damaged.
pub(super) fn read<'a>(array: &Array, piece: impl Fn(&str) -> Option<&'a [u8]>) -> Result<Content> {
    match array.kind {
        Kind::Text => texts(array, piece).map(Content::Texts),
        Kind::Number(number, big) => {
            let size = number.size();
            let bytes = elements(array, size, number, big, piece)?;
            let values = || number.decode(&bytes, big);
            Ok(match number {
                Number::Bool => Content::Truth(values().map(|value| value != 0.0).collect()),
                Number::Int(_) | Number::Uint(_) => Content::Whole(values().map(|value| value as i64).collect()),
                Number::Float(8) => Content::Doubles(values().collect()),
                Number::Float(_) | Number::Bfloat16 => Content::Singles(values().map(|value| value as f32).collect()),
            })
        }
    }
}

/// The positions of all pieces in the grid, the last axis fastest.
fn grid(array: &Array) -> impl Iterator<Item = Vec<usize>> {
    let counts: Vec<usize> = array.shape.iter().zip(&array.pieces).map(|(side, piece)| side.div_ceil(*piece)).collect();
    let all: usize = counts.iter().product();
    (0..all).map(move |mut rest| {
        let mut at = vec![0; counts.len()];
        for (axis, count) in counts.iter().enumerate().rev() {
            at[axis] = rest % count;
            rest /= count;
        }
        at
    })
}

fn name(array: &Array, at: &[usize]) -> String {
    let numbers: Vec<String> = at.iter().map(usize::to_string).collect();
    format!("{}{}", array.before, numbers.join(&array.between))
}

fn elements<'a>(
    array: &Array,
    size: usize,
    number: Number,
    big: bool,
    piece: impl Fn(&str) -> Option<&'a [u8]>,
) -> Result<Vec<u8>> {
    let count: usize = array.shape.iter().product();
    let mut bytes = filled(array.fill, number, big, size).into_iter().cycle().take(count * size).collect::<Vec<u8>>();
    let length = array.pieces.iter().product::<usize>() * size;
    for at in grid(array) {
        let Some(packed) = piece(&name(array, &at)) else { continue };
        let unpacked = unpacked(array, packed, length)?;
        if unpacked.len() != length {
            return Err(damaged(&format!("{} bytes, not {length}", unpacked.len())));
        }
        let offset: Vec<u64> = at.iter().zip(&array.pieces).map(|(at, piece)| (at * piece) as u64).collect();
        place(&unpacked, &offset, &array.pieces, &mut bytes, &array.shape, size);
    }
    Ok(bytes)
}

/// The bytes of an element that is not stored.
fn filled(fill: f64, number: Number, big: bool, size: usize) -> Vec<u8> {
    let mut bytes = match number {
        Number::Float(4) => (fill as f32).to_le_bytes().to_vec(),
        Number::Float(8) => fill.to_le_bytes().to_vec(),
        Number::Float(_) => half::f16::from_f64(fill).to_le_bytes().to_vec(),
        Number::Bfloat16 => half::bf16::from_f64(fill).to_le_bytes().to_vec(),
        Number::Uint(_) | Number::Bool => (fill as u64).to_le_bytes()[..size].to_vec(),
        Number::Int(_) => (fill as i64).to_le_bytes()[..size].to_vec(),
    };
    if big {
        bytes.reverse();
    }
    bytes
}

fn texts<'a>(array: &Array, piece: impl Fn(&str) -> Option<&'a [u8]>) -> Result<Vec<String>> {
    let count: usize = array.shape.iter().product();
    let mut texts: Vec<String> = Vec::new();
    for at in grid(array) {
        let each: usize = array.pieces.iter().product();
        let wanted = each.min(count - texts.len());
        let Some(packed) = piece(&name(array, &at)) else {
            texts.resize(texts.len() + wanted, String::new());
            continue;
        };
        let most = packed.len().saturating_mul(MOST_EXPANSION as usize).saturating_add(SLACK);
        let bytes = unpacked(array, packed, most)?;
        let word =
            |at: usize| bytes.get(at..at + 4).map(|it| u32::from_le_bytes([it[0], it[1], it[2], it[3]]) as usize);
        let cut = || damaged("its texts are cut off");
        let mut place = 4;
        for _ in 0..wanted {
            let length = word(place).ok_or_else(cut)?;
            let text = bytes.get(place + 4..).and_then(|rest| rest.get(..length)).ok_or_else(cut)?;
            texts.push(String::from_utf8_lossy(text).into_owned());
            place += 4 + length;
        }
    }
    Ok(texts)
}

fn unpacked(array: &Array, packed: &[u8], most: usize) -> Result<Vec<u8>> {
    let mut bytes = packed.to_vec();
    for packing in array.packed.iter().rev() {
        bytes = match packing {
            Packing::Zlib => codec::zlib_up_to(&bytes, most)?,
            Packing::Gzip => codec::gzip_up_to(&bytes, most)?,
            Packing::Zstd => codec::zstd_up_to(&bytes, most)?,
            Packing::Blosc => codec::blosc(&bytes, declared(&bytes, 4, most)?)?,
            // The length stands before the block.
            Packing::Lz4 => codec::lz4(bytes.get(4..).unwrap_or_default(), declared(&bytes, 0, most)?)?,
        };
    }
    Ok(bytes)
}

/// The length that a piece declares at a place.
fn declared(bytes: &[u8], at: usize, most: usize) -> Result<usize> {
    let word = bytes.get(at..at + 4).map(|it| u32::from_le_bytes([it[0], it[1], it[2], it[3]]) as usize);
    word.filter(|length| *length <= most).ok_or_else(|| damaged("its length cannot be"))
}

fn damaged(why: &str) -> Error {
    Error::input(format!("a piece of this array is damaged ({why})")).remedy("Copy or download the store again.")
}

//! Arrays that are compressed with filters that the reader of HDF5 does not have.

use super::metered::Metered;
use crate::data::codec;
use crate::{Error, Result};
use hdf5_pure::{Chunk, Dataset, FormatError, Source};

/// Filters of HDF5 by their registered numbers.
const DEFLATE: u16 = 1;
const SHUFFLE: u16 = 2;
const FLETCHER32: u16 = 3;
const BLOSC: u16 = 32001;
const LZ4: u16 = 32004;
const ZSTD: u16 = 32015;

/// Filters that are undone here.
pub(super) const KNOWN: [u16; 3] = [BLOSC, LZ4, ZSTD];

/// All elements of a dataset, row-major, as bytes of `element` each.
///
/// # Errors
///
/// If a piece cannot be read or unpacked.
pub(super) fn read(source: &Metered, dataset: &Dataset, element: usize) -> std::result::Result<Vec<u8>, Failure> {
    let sides = |shape: Vec<u64>| shape.into_iter().map(|side| side as usize).collect::<Vec<_>>();
    let shape = sides(dataset.shape()?);
    let piece = sides(dataset.chunk_shape()?.unwrap_or_default());
    let mut bytes = vec![0; shape.iter().product::<usize>() * element];
    let length = piece.iter().product::<usize>() * element;
    let filters = dataset.filters();
    for chunk in dataset.chunks()? {
        let mut packed = vec![0; chunk.storage_size as usize];
        source.read_at(chunk.address, &mut packed)?;
        let unpacked = undo(packed, &filters, &chunk, length, element)?;
        place(&unpacked, &chunk.offset, &piece, &mut bytes, &shape, element);
    }
    Ok(bytes)
}

/// The filters in the opposite order.
fn undo(mut bytes: Vec<u8>, filters: &[u16], chunk: &Chunk, length: usize, element: usize) -> Result<Vec<u8>> {
    for (at, filter) in filters.iter().enumerate().rev() {
        if chunk.filter_mask >> at & 1 == 1 {
            continue;
        }
        bytes = match *filter {
            DEFLATE => codec::zlib(&bytes, length)?,
            SHUFFLE => codec::unshuffle(&bytes, element),
            FLETCHER32 => bytes[..bytes.len().saturating_sub(4)].to_vec(),
            BLOSC => codec::blosc(&bytes, length)?,
            LZ4 => lz4(&bytes, length)?,
            ZSTD => codec::zstd(&bytes, length)?,
            other => return Err(Error::input(format!("HDF5 filter {other} is not known here"))),
        };
    }
    if bytes.len() != length {
        return Err(Error::input("a piece of this array has another length than it should")
            .remedy("Copy or download the file again."));
    }
    Ok(bytes)
}

/// HDF5's own frame around blocks of LZ4: the length of all and of a block, then each block behind its packed length, all big-endian.
fn lz4(bytes: &[u8], length: usize) -> Result<Vec<u8>> {
    let cut = || Error::input("a compressed piece of this array is cut off").remedy("Copy or download the file again.");
    let head = bytes.get(8..12).ok_or_else(cut)?;
    let block = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
    let mut unpacked = Vec::with_capacity(length);
    let mut at = 12;
    while unpacked.len() < length {
        let size = bytes.get(at..at + 4).ok_or_else(cut)?;
        let packed = u32::from_be_bytes([size[0], size[1], size[2], size[3]]) as usize;
        let part = bytes.get(at + 4..).and_then(|rest| rest.get(..packed)).ok_or_else(cut)?;
        let wanted = block.min(length - unpacked.len());
        if wanted == 0 {
            return Err(cut());
        }
        unpacked.extend(if packed == wanted { part.to_vec() } else { codec::lz4(part, wanted)? });
        at += 4 + packed;
    }
    Ok(unpacked)
}

/// Copies a piece to its place; what of it lies outside the array is padding.
pub(crate) fn place(piece: &[u8], offset: &[u64], sides: &[usize], array: &mut [u8], shape: &[usize], element: usize) {
    let axes = shape.len();
    if axes == 0 || sides.len() != axes || offset.len() < axes || sides.contains(&0) {
        return;
    }
    let offset: Vec<usize> = offset.iter().take(axes).map(|at| *at as usize).collect();
    if offset.iter().zip(shape).any(|(at, side)| at >= side) {
        return;
    }
    let last = axes - 1;
    let run = sides[last].min(shape[last] - offset[last]) * element;
    let rows: usize = sides[..last].iter().product();
    for row in 0..rows {
        let (mut rest, mut target, mut stride, mut inside) = (row, offset[last], shape[last], true);
        for axis in (0..last).rev() {
            let at = offset[axis] + rest % sides[axis];
            rest /= sides[axis];
            inside &= at < shape[axis];
            target += at * stride;
            stride *= shape[axis];
        }
        if inside {
            let from = row * sides[last] * element;
            array[target * element..target * element + run].copy_from_slice(&piece[from..from + run]);
        }
    }
}

/// Why a dataset could not be read: by the library or here.
pub(super) enum Failure {
    Library(Box<hdf5_pure::Error>),
    Here(Error),
}

impl From<hdf5_pure::Error> for Failure {
    fn from(error: hdf5_pure::Error) -> Self {
        Self::Library(Box::new(error))
    }
}

impl From<FormatError> for Failure {
    fn from(error: FormatError) -> Self {
        Self::Library(Box::new(hdf5_pure::Error::Format(error)))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Here(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_lie_where_they_belong() {
        let mut array = vec![0; 6];
        // 2 x 3 in pieces of 2 x 2.
        place(&[1, 2, 4, 5], &[0, 0], &[2, 2], &mut array, &[2, 3], 1);
        place(&[3, 0, 6, 0], &[0, 2], &[2, 2], &mut array, &[2, 3], 1);
        assert_eq!(array, [1, 2, 3, 4, 5, 6]);
    }
}

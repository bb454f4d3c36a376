//! Texts of any length, which HDF5 keeps in heaps outside of the array.

use super::metered::Metered;
use hdf5_pure::{FormatError, Source};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Bytes of a reference: a length, an address and a number.
pub(super) const REFERENCE: usize = 16;
/// Bytes of a heap's head and of the head of an object in it.
const HEAD: usize = 16;

/// The texts that references lead to.
///
/// # Errors
///
/// If a heap is not where it should be, or all texts together are longer than `most` bytes.
pub(super) fn texts(source: &Metered, references: &[u8], most: usize) -> Result<Vec<String>, FormatError> {
    let mut heaps: BTreeMap<u64, BTreeMap<u32, Vec<u8>>> = BTreeMap::new();
    let (mut texts, mut total) = (Vec::new(), 0usize);
    let number = |bytes: &[u8]| bytes.iter().rev().fold(0u64, |number, byte| number << 8 | u64::from(*byte));
    for reference in references.chunks_exact(REFERENCE) {
        let (length, address, index) =
            (number(&reference[..4]) as usize, number(&reference[4..12]), number(&reference[12..]) as u32);
        if length == 0 {
            texts.push(String::new());
            continue;
        }
        let heap = match heaps.entry(address) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(heap(source, address)?),
        };
        let bytes = heap.get(&index).and_then(|bytes| bytes.get(..length));
        let bytes = bytes.ok_or(FormatError::UnexpectedEof { expected: length, available: 0 })?;
        total += length;
        if total > most {
            return Err(FormatError::Source("its texts are longer than the file".into()));
        }
        let text = String::from_utf8_lossy(bytes);
        texts.push(text.trim_end_matches('\0').to_owned());
    }
    Ok(texts)
}

/// The objects of a heap by their numbers.
fn heap(source: &Metered, address: u64) -> Result<BTreeMap<u32, Vec<u8>>, FormatError> {
    let mut head = [0; HEAD];
    source.read_at(address, &mut head)?;
    let word = |bytes: &[u8]| bytes.iter().rev().fold(0u64, |number, byte| number << 8 | u64::from(*byte));
    let size = word(&head[8..16]);
    let end = FormatError::UnexpectedEof { expected: HEAD, available: 0 };
    if &head[..4] != b"GCOL" || size < HEAD as u64 || size > source.len() {
        return Err(end);
    }
    let mut bytes = vec![0; size as usize];
    source.read_at(address, &mut bytes)?;
    let mut objects = BTreeMap::new();
    let mut at = HEAD;
    while let Some(head) = bytes.get(at..at + HEAD) {
        let (index, length) = (word(&head[..2]) as u32, word(&head[8..16]) as usize);
        // Object 0 is what is free.
        if index == 0 {
            break;
        }
        let content = bytes.get(at + HEAD..).and_then(|rest| rest.get(..length)).ok_or_else(|| end.clone())?;
        objects.insert(index, content.to_vec());
        at += HEAD + length.div_ceil(8) * 8;
    }
    Ok(objects)
}

//! Slices of a file with a small cache before them: a directory is read in thousands of steps of some bytes, each of which would be a slice.

use crate::protocol::Slices;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of a block; what is longer is read without one.
const BLOCK: u64 = 128 << 10;
/// Blocks that are kept, the last used ones.
const MOST: usize = 64;

/// A block: where it begins, and its bytes.
type Block = (u64, Arc<Vec<u8>>);

/// A file in slices.
pub(super) struct Blocks {
    slices: Arc<dyn Slices>,
    kept: Mutex<VecDeque<Block>>,
}

impl Blocks {
    pub(super) fn new(slices: Arc<dyn Slices>) -> Self {
        Self { slices, kept: Mutex::new(VecDeque::new()) }
    }

    pub(super) fn size(&self) -> u64 {
        self.slices.size()
    }

    /// Fills the buffer from `offset` on; all of it lies in the file.
    pub(super) fn read_at(&self, mut offset: u64, mut buffer: &mut [u8]) -> Result<(), String> {
        if buffer.len() as u64 >= BLOCK {
            return self.slices.read_at(offset, buffer);
        }
        while !buffer.is_empty() {
            let start = offset / BLOCK * BLOCK;
            let block = self.block(start)?;
            let inside = &block[(offset - start) as usize..];
            let length = inside.len().min(buffer.len());
            let (now, rest) = buffer.split_at_mut(length);
            now.copy_from_slice(&inside[..length]);
            (offset, buffer) = (offset + length as u64, rest);
        }
        Ok(())
    }

    fn block(&self, start: u64) -> Result<Arc<Vec<u8>>, String> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let block = match kept.iter().position(|(other, _)| *other == start).and_then(|at| kept.remove(at)) {
            Some((_, block)) => block,
            None => {
                let mut bytes = vec![0; BLOCK.min(self.size().saturating_sub(start)) as usize];
                self.slices.read_at(start, &mut bytes)?;
                kept.truncate(MOST - 1);
                Arc::new(bytes)
            }
        };
        kept.push_front((start, Arc::clone(&block)));
        Ok(block)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

    struct Counted(Vec<u8>, AtomicUsize);

    impl Slices for Counted {
        fn size(&self) -> u64 {
            self.0.len() as u64
        }

        fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), String> {
            self.1.fetch_add(1, Relaxed);
            let start = offset as usize;
            buffer.copy_from_slice(self.0.get(start..start + buffer.len()).ok_or("behind the end")?);
            Ok(())
        }
    }

    #[test]
    fn bytes_are_those_of_the_file_and_short_readings_share_a_slice() {
        let bytes: Vec<u8> = (0..3 * BLOCK + 7).map(|at| (at % 251) as u8).collect();
        let file = Arc::new(Counted(bytes.clone(), AtomicUsize::new(0)));
        let blocks = Blocks::new(file.clone());
        let check = |offset: u64, length: usize, slices: usize| {
            let mut buffer = vec![0; length];
            blocks.read_at(offset, &mut buffer).unwrap();
            assert!(buffer == bytes[offset as usize..offset as usize + length], "{offset}");
            assert_eq!(file.1.swap(0, Relaxed), slices, "{offset}");
        };
        check(5, 100, 1);
        check(60, 300, 0);
        check(BLOCK - 4, 8, 1);
        check(3 * BLOCK, 7, 1);
        check(1, 2 * BLOCK as usize, 1);
        check(BLOCK, 1, 0);
    }
}

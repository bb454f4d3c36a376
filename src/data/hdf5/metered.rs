//! The bytes of an HDF5 file, of which only so many can be read: a damaged directory can lead in circles, and many names to the same bytes.

use super::blocks::Blocks;
use super::layout;
use crate::protocol::Content;
use hdf5_pure::{FormatError, Source};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Bytes that a reading costs besides its own.
const EACH_READING: u64 = 64;
/// What may be read while a file is opened, or while a mapping is applied: so many times the file, and so many bytes besides. Files are read
/// once or twice, their directories once for each name in them.
const TIMES: u64 = 32;
const BESIDES: u64 = 64 << 20;

/// What may still be read.
#[derive(Clone)]
pub(super) struct Meter {
    left: Arc<AtomicU64>,
    whole: u64,
}

impl Meter {
    fn of(size: u64) -> Self {
        let whole = size.saturating_mul(TIMES).saturating_add(BESIDES);
        Self { left: Arc::new(AtomicU64::new(whole)), whole }
    }

    /// Begins anew.
    pub(super) fn renew(&self) {
        self.left.store(self.whole, Relaxed);
    }

    /// Everything was read that may be.
    pub(super) fn is_empty(&self) -> bool {
        self.left.load(Relaxed) == 0
    }
}

/// What is read where a directory leads in circles.
pub(super) const CIRCLES: &str = "its directory leads in circles";

/// A file behind a meter; a clone is of the same file and the same meter.
#[derive(Clone)]
pub(super) struct Metered {
    file: Where,
    meter: Meter,
}

#[derive(Clone)]
enum Where {
    Memory(Arc<Vec<u8>>),
    Outside(Arc<Blocks>),
}

impl Metered {
    pub(super) fn new(content: Content) -> (Self, Meter) {
        let meter = Meter::of(content.size());
        let file = match content {
            Content::Bytes(bytes) => Where::Memory(Arc::new(bytes.0)),
            Content::Slices(slices) => Where::Outside(Arc::new(Blocks::new(slices))),
        };
        (Self { file, meter: meter.clone() }, meter)
    }
}

impl Source for Metered {
    fn len(&self) -> u64 {
        match &self.file {
            Where::Memory(bytes) => bytes.len() as u64,
            Where::Outside(blocks) => blocks.size(),
        }
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), FormatError> {
        let cost = EACH_READING + buffer.len() as u64;
        let pay = |left: u64| Some(left.saturating_sub(cost));
        if self.meter.left.fetch_update(Relaxed, Relaxed, pay).is_ok_and(|left| left < cost) {
            return Err(FormatError::Source(CIRCLES.into()));
        }
        let available = usize::try_from(self.len()).unwrap_or(usize::MAX);
        let cut_off = FormatError::UnexpectedEof { expected: buffer.len(), available };
        if offset.checked_add(buffer.len() as u64).is_none_or(|end| end > self.len()) {
            return Err(cut_off);
        }
        match &self.file {
            Where::Memory(bytes) => {
                let start = offset as usize;
                buffer.copy_from_slice(&bytes[start..start + buffer.len()]);
            }
            Where::Outside(blocks) => blocks.read_at(offset, buffer).map_err(FormatError::Source)?,
        }
        layout::as_known(buffer);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_ends_however_often_the_same_bytes_are_asked_for() {
        let (source, meter) = Metered::new(vec![7; 1 << 20].into());
        let mut buffer = vec![0; 1 << 20];
        let most = (TIMES << 20) + BESIDES;
        let mut times = 0;
        while source.read_at(0, &mut buffer).is_ok() {
            times += 1;
        }
        assert_eq!(times, most / (EACH_READING + (1 << 20)));
        assert!(meter.is_empty() && source.read_at(0, &mut buffer[..0]).is_err());
        meter.renew();
        assert!(source.read_at((1 << 20) - 4, &mut buffer[..4]).is_ok());
        assert!(source.read_at(u64::MAX, &mut buffer[..4]).is_err());
        assert!(source.read_at((1 << 20) - 4, &mut buffer[..5]).is_err());
    }
}

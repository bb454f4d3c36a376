//! Text that may be compressed with gzip, read as a stream.

use crate::data::room;
use crate::{Error, Result};
use flate2::bufread::GzDecoder;
use std::io::{self, Read};

/// A file may unpack to at most this many times its own size, plus [`SLACK`]. Tables of counts are mostly zeros and shrink further than
/// other files; as they are read in a stream, what is unpacked is never held as a whole.
const MOST_EXPANSION: u64 = 256;
/// The same of a file that is unpacked as a whole.
const MOST_EXPANSION_WHOLE: u64 = 64;
/// Bytes that any file may unpack to.
const SLACK: u64 = 16 << 20;

/// Longest line; a million columns fit in.
const LONGEST_LINE: usize = 32 << 20;

/// The text in a file, unpacked if it begins as a gzip file does.
pub(crate) fn reader(bytes: &[u8]) -> Box<dyn Read + '_> {
    let left = bytes.len() as u64 * MOST_EXPANSION + SLACK;
    if is_packed(bytes) {
        Box::new(Bounded { inner: Members::new(bytes), left, line: 0 })
    } else {
        Box::new(Bounded { inner: bytes, left, line: 0 })
    }
}

/// It begins as a gzip file does.
pub(crate) fn is_packed(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
}

/// The first bytes of a file, unpacked if it begins as a gzip file does; what cannot be unpacked is left out.
pub(crate) fn start(bytes: &[u8], length: usize) -> Vec<u8> {
    let mut start = Vec::new();
    reader(bytes).take(length as u64).read_to_end(&mut start).ok();
    start
}

/// A whole file unpacked, of whatever content.
///
/// # Errors
///
/// If it is damaged, or unpacks to more than is allowed or than there is room for.
pub(crate) fn unpack(bytes: &[u8]) -> Result<Vec<u8>> {
    let most = (bytes.len() as u64).saturating_mul(MOST_EXPANSION_WHOLE).saturating_add(SLACK);
    let mut unpacked = Vec::new();
    let mut piece = vec![0; 1 << 20];
    let mut members = Members::new(bytes);
    loop {
        let length = members.read(&mut piece).map_err(|error| {
            Error::input(format!("this file cannot be unpacked to its end ({error})"))
                .remedy("It may have been cut off on its way; get it again.")
        })?;
        if length == 0 {
            return Ok(unpacked);
        }
        if (unpacked.len() + length) as u64 > most {
            return Err(Error::input(format!(
                "this file would unpack to more than {MOST_EXPANSION_WHOLE} times its size"
            ))
            .remedy("Unpack it first: gunzip FILE."));
        }
        room::reserve(length as u64)?;
        unpacked.extend_from_slice(&piece[..length]);
    }
}

/// The members of a gzip file, one after the other. Zeros behind the last are padding.
struct Members<'a> {
    member: Option<GzDecoder<&'a [u8]>>,
}

impl<'a> Members<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { member: Some(GzDecoder::new(bytes)) }
    }
}

impl Read for Members<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let length = member.read(buffer)?;
            if length > 0 || buffer.is_empty() {
                return Ok(length);
            }
            let rest = self.member.take().map_or(&[][..], GzDecoder::into_inner);
            if rest.iter().any(|byte| *byte != 0) {
                self.member = Some(GzDecoder::new(rest));
            }
        }
        Ok(0)
    }
}

/// A reader that fails beyond a length of the whole or of a line, so that no reader of lines has to hold more.
struct Bounded<R> {
    inner: R,
    /// Bytes that may still come.
    left: u64,
    /// Bytes since the last line break.
    line: usize,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.left = self
            .left
            .checked_sub(length as u64)
            .ok_or_else(|| io::Error::other(format!("it would unpack to more than {MOST_EXPANSION} times its size")))?;
        self.line = match buffer[..length].iter().rposition(|byte| matches!(byte, b'\n' | b'\r')) {
            Some(at) => length - at,
            None => self.line + length,
        };
        if self.line > LONGEST_LINE {
            return Err(io::Error::other(format!("a line is longer than {} MiB", LONGEST_LINE >> 20)));
        }
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    fn packed(content: &[u8]) -> Vec<u8> {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(content).unwrap();
        gzip.finish().unwrap()
    }

    #[test]
    fn gzip_is_unpacked_and_bombs_are_not() {
        let mut text = String::new();
        reader(&[packed(b"a,b\n"), packed(b"1,2\n")].concat()).read_to_string(&mut text).unwrap();
        assert_eq!(text, "a,b\n1,2\n");
        let padded = [packed(b"a,b\n"), vec![0; 512]].concat();
        assert_eq!((start(&padded, 9), unpack(&padded).unwrap()), (b"a,b\n".to_vec(), b"a,b\n".to_vec()));
        assert!(unpack(&padded[..10]).is_err());
        let error = io::copy(&mut reader(&packed(&b"0\n".repeat(32 << 20))), &mut io::sink()).unwrap_err();
        assert!(error.to_string().contains("256 times its size"), "{error}");
        let error = io::copy(&mut reader(&vec![b','; 33 << 20]), &mut io::sink()).unwrap_err();
        assert!(error.to_string().contains("longer than 32 MiB"), "{error}");
    }
}

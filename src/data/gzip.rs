//! Text that may be compressed with gzip, read as a stream.

use flate2::read::MultiGzDecoder;
use std::io::{self, Read};

/// A file may unpack to at most this many times its own size, plus [`SLACK`]. Tables of counts are mostly zeros and shrink further than
/// other files; as they are read in a stream, what is unpacked is never held as a whole.
const MOST_EXPANSION: u64 = 256;
/// Bytes that any file may unpack to.
const SLACK: u64 = 16 << 20;

/// Longest line; a million columns fit in.
const LONGEST_LINE: usize = 32 << 20;

/// The text in a file, unpacked if it begins as a gzip file does.
pub(crate) fn reader(bytes: &[u8]) -> Box<dyn Read + '_> {
    let left = bytes.len() as u64 * MOST_EXPANSION + SLACK;
    if bytes.starts_with(&[0x1f, 0x8b]) {
        Box::new(Bounded { inner: MultiGzDecoder::new(bytes), left, line: 0 })
    } else {
        Box::new(Bounded { inner: bytes, left, line: 0 })
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
        let error = io::copy(&mut reader(&packed(&b"0\n".repeat(32 << 20))), &mut io::sink()).unwrap_err();
        assert!(error.to_string().contains("256 times its size"), "{error}");
        let error = io::copy(&mut reader(&vec![b','; 33 << 20]), &mut io::sink()).unwrap_err();
        assert!(error.to_string().contains("longer than 32 MiB"), "{error}");
    }
}

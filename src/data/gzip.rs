//! Text that may be compressed with gzip, read as a stream.

use flate2::read::MultiGzDecoder;
use std::io::{self, Read};

/// A file may unpack to at most this many times its own size, plus [`SLACK`]. Tables of counts are mostly zeros and shrink further than
/// other files; as they are read in a stream, what is unpacked is never held as a whole.
const MOST_EXPANSION: u64 = 256;
/// Bytes that any file may unpack to.
const SLACK: u64 = 16 << 20;

/// The content of a file, unpacked if it begins as a gzip file does.
pub(crate) fn reader(bytes: &[u8]) -> Box<dyn Read + '_> {
    if bytes.starts_with(&[0x1f, 0x8b]) {
        Box::new(Bounded { inner: MultiGzDecoder::new(bytes), left: bytes.len() as u64 * MOST_EXPANSION + SLACK })
    } else {
        Box::new(bytes)
    }
}

/// A reader that fails beyond a limit.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.left = self
            .left
            .checked_sub(length as u64)
            .ok_or_else(|| io::Error::other(format!("it would unpack to more than {MOST_EXPANSION} times its size")))?;
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
        let error = io::copy(&mut reader(&packed(&vec![b'0'; 64 << 20])), &mut io::sink()).unwrap_err();
        assert!(error.to_string().contains("256 times its size"), "{error}");
    }
}

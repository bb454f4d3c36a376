//! Room in memory, asked for before it is taken.
//!
//! A program in a browser has 4 GB and ends when it asks for more in the middle of its work. What a file says of its arrays' sizes is known before
//! they are read, so whatever would not fit is refused in words, and everything else goes on.

use crate::{Error, Result};

/// Less than this is not worth a question: what is left over in memory is larger than that.
const SMALL: u64 = 32 << 20;
/// From here on the user is told.
const LARGE: u64 = 500_000_000;

/// Makes sure that `bytes` can be taken now.
///
/// # Errors
///
/// If they cannot; says what could be done.
pub(super) fn reserve(bytes: u64) -> Result<()> {
    if bytes < SMALL {
        return Ok(());
    }
    // The allocator knows best. Memory that it gets for this is what the reading takes right afterwards.
    let mut probe: Vec<u8> = Vec::new();
    match usize::try_from(bytes).map(|bytes| probe.try_reserve_exact(bytes)) {
        Ok(Ok(())) => Ok(()),
        _ => Err(Error::input(format!("reading this takes {} more memory than there is", words(bytes))).remedy(
            "In a browser there are 4 GB, the file itself among them. Keep fewer cells, or only what is needed (a space such as X_pca in float32, \
             the time and the type of each cell), or use the program scimf, which has all of the machine's memory.",
        )),
    }
}

/// What the user should know of a file of `file` bytes with arrays that take `arrays` bytes while they are read; nothing if that is little.
pub(super) fn note(file: u64, arrays: u64) -> Option<String> {
    let all = file.saturating_add(arrays);
    (all >= LARGE).then(|| format!("Opening this takes about {} of memory, of which a browser has 4 GB.", words(all)))
}

/// A number of bytes in words.
fn words(bytes: u64) -> String {
    match bytes {
        0..1_000_000_000 => format!("{:.0} MB", bytes as f64 / 1e6),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_fit_is_refused_in_words() {
        assert!(reserve(1).is_ok() && reserve(SMALL).is_ok());
        let error = reserve(1 << 62).unwrap_err().to_string();
        assert!(error.contains("more memory than there is") && error.contains("fewer cells"), "{error}");
        assert_eq!(note(200_000_000, 200_000_000), None);
        assert!(note(200_000_000, 400_000_000).unwrap().contains("about 600 MB of memory"));
        assert_eq!([words(212_000_000), words(1_600_000_000)], ["212 MB", "1.6 GB"]);
    }
}

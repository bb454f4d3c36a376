//! What fits into memory: the engine of a page addresses 4 GiB, and what does not fit would end it.

use crate::{Error, Result};

/// Bytes that a single array or file may take: the rest is for what is made of it.
const MOST: u64 = (usize::MAX / 2) as u64;

/// Checks that so many bytes can be held.
pub(crate) fn fits(bytes: u64) -> Result<()> {
    check(bytes, MOST)
}

fn check(bytes: u64, most: u64) -> Result<()> {
    if bytes <= most {
        return Ok(());
    }
    Err(Error::input(format!(
        "this takes {:.1} GiB of memory, more than can be addressed here",
        bytes as f64 / (1u64 << 30) as f64
    ))
    .remedy("Keep fewer cells or genes, or open it with the command line on a larger machine."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_said_in_gibibytes() {
        check(7, 7).unwrap();
        let error = check(3 << 30, (1 << 31) - 1).unwrap_err().to_string();
        assert!(error.contains("3.0 GiB") && error.contains("command line"), "{error}");
    }
}

//! A table of known signs.
#![no_main]

use libfuzzer_sys::fuzz_target;

use scimf::data::known_signs;
use scimf_fuzz::{explained, meter::Bound};

fuzz_target!(|bytes: &[u8]| {
    Bound { each: 64, besides: 1 << 20 }.hold(bytes.len(), || match known_signs::read("signs.tsv", bytes) {
        Ok(known) => {
            let again = known_signs::write(&known);
            assert!(known.is_empty() || known_signs::read("again.tsv", again.as_bytes()).is_ok());
        }
        Err(error) => explained(&error),
    });
});

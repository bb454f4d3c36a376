//! A table of cells x genes.
#![no_main]

use libfuzzer_sys::fuzz_target;

use scimf_fuzz::{attempt, file, meter::Bound};

fuzz_target!(|bytes: &[u8]| {
    Bound { each: 256, besides: 1 << 20 }.hold(bytes.len(), || attempt(vec![file("study.csv", bytes)]));
});

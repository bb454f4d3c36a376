//! A zip archive as it comes: a bundle, the files of a study, or arrays.
#![no_main]

use libfuzzer_sys::fuzz_target;

use scimf_fuzz::{attempt, file, meter::Bound};

fuzz_target!(|bytes: &[u8]| {
    let bound = Bound { each: 64 * 24, besides: 24 * (16 << 20) };
    bound.hold(bytes.len(), || {
        attempt(vec![file("study.zip", bytes)]);
        attempt(vec![file("study.npz", bytes)]);
    });
});

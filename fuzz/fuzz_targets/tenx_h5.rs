//! An HDF5 file as it comes, read as .h5.
#![no_main]

use libfuzzer_sys::fuzz_target;

use scimf_fuzz::{attempt, file, meter::Bound};

fuzz_target!(|bytes: &[u8]| {
    let bound = Bound { each: 256 * 16, besides: 16 * (16 << 20) };
    bound.hold(bytes.len(), || attempt(vec![file("study.h5", bytes)]));
});

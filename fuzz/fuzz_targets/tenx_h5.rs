//! Small files of Cell Ranger in which bytes are set, read as .h5; an HDF5 file is read as it comes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scimf_fuzz::{attempt, file, meter::Bound, patched::patched};

const FILES: [&[u8]; 2] = [include_bytes!("../files/v2.h5"), include_bytes!("../files/v3.h5")];

fuzz_target!(|input: &[u8]| {
    let Some(bytes) = patched(&FILES, input) else { return };
    let bound = Bound { each: 256 * 16, besides: 16 * (16 << 20) };
    bound.hold(bytes.len(), || attempt(vec![file("study.h5", &bytes)]));
});

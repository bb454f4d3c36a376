//! A safetensors file as it comes.
#![no_main]

use libfuzzer_sys::fuzz_target;

use scimf::data::weights;
use scimf_fuzz::{explained, meter::Bound};

fuzz_target!(|bytes: &[u8]| {
    Bound { each: 64, besides: 1 << 20 }.hold(bytes.len(), || {
        if let Err(error) = weights::read("w.safetensors", bytes) {
            explained(&error);
        }
    });
});

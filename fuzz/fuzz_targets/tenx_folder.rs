//! The three files of a 10x folder, and perhaps a table of the cells.
#![no_main]

use libfuzzer_sys::fuzz_target;

use scimf_fuzz::build::parts;
use scimf_fuzz::{attempt, file, meter::Bound};

fuzz_target!(|bytes: &[u8]| {
    let parts = parts(bytes);
    let names = ["matrix.mtx", "barcodes.tsv", "features.tsv", "cells.csv"];
    Bound { each: 256, besides: 1 << 20 }.hold(bytes.len(), || {
        attempt(names.iter().zip(&parts).map(|(name, part)| file(name, part)).collect());
    });
});

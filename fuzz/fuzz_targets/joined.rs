//! Tables and folders of several time points, which are one study.
#![no_main]

use libfuzzer_sys::fuzz_target;

use scimf_fuzz::build::parts;
use scimf_fuzz::{attempt, file, meter::Bound};

fuzz_target!(|bytes: &[u8]| {
    let parts = parts(bytes);
    let called = |names: &[&str]| names.iter().zip(&parts).map(|(name, part)| file(name, part)).collect();
    Bound { each: 256, besides: 1 << 20 }.hold(bytes.len(), || {
        attempt(called(&["rep1_day0.csv", "rep1_day2.csv", "rep2_day2.csv", "samples.csv"]));
        attempt(called(&[
            "D0_matrix.mtx",
            "D0_barcodes.tsv",
            "D0_features.tsv",
            "D2_matrix.mtx",
            "D2_barcodes.tsv",
            "D2_features.tsv",
        ]));
    });
});

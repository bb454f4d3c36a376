//! Small AnnData and loom files in which bytes are set, read as .h5ad; an HDF5 file is read as it comes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scimf_fuzz::{attempt, file, meter::Bound, patched::patched};

const FILES: [&[u8]; 5] = [
    include_bytes!("../../tests/fixtures/h5ad/damaged_x.h5ad"),
    include_bytes!("../../tests/fixtures/h5ad/nan_in_x.h5ad"),
    include_bytes!("../../tests/fixtures/h5ad/only_umap.h5ad"),
    include_bytes!("../../tests/fixtures/h5ad/raw.h5ad"),
    include_bytes!("../../tests/fixtures/cases/anndata-0.6/old.h5ad"),
];

fuzz_target!(|input: &[u8]| {
    let Some(bytes) = patched(&FILES, input) else { return };
    let bound = Bound { each: 256 * 16, besides: 16 * (16 << 20) };
    bound.hold(bytes.len(), || attempt(vec![file("study.h5ad", &bytes)]));
});

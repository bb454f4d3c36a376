//! Small zarr stores of both versions in which bytes of single files are set.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scimf::protocol::File;
use scimf_fuzz::{attempt, file, meter::Bound, patched::patched};
use std::sync::LazyLock;

const STORES: [&[u8]; 2] = [
    include_bytes!("../../tests/fixtures/cases/containers/study.zarr.zip"),
    include_bytes!("../../tests/fixtures/study_v3.zarr.zip"),
];

/// The files of each store.
static FILES: LazyLock<Vec<Vec<(String, Vec<u8>)>>> =
    LazyLock::new(|| STORES.iter().map(|store| scimf_fuzz::build::unzipped(store)).collect());

fuzz_target!(|input: &[u8]| {
    let Some((which, patches)) = input.split_first() else { return };
    let store = &FILES[usize::from(*which) % FILES.len()];
    let mut files: Vec<File> = store.iter().map(|(name, bytes)| file(name, bytes)).collect();
    // Each patch sets bytes of one file, or leaves it out.
    for patch in patches.chunks_exact(12).take(8) {
        let at = usize::from(patch[0]) % files.len();
        match patched(&[&files[at].bytes], &patch[..12]) {
            Some(bytes) if patch[3] < 250 => files[at].bytes = bytes.into(),
            _ => drop(files.swap_remove(at)),
        }
    }
    let size = files.iter().map(|file| file.bytes.len()).sum();
    Bound { each: 256 * 16, besides: 16 * (16 << 20) }.hold(size, || attempt(files));
});

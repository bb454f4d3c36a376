//! A bundle whose manifest and arrays are fuzzed.
#![no_main]

use libfuzzer_sys::fuzz_target;

use arbitrary::{Arbitrary, Unstructured};
use scimf_fuzz::build::{Array, parts, zip};
use scimf_fuzz::{attempt, file, meter::Bound};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    arrays: Vec<(u8, Array)>,
    view: Option<&'a [u8]>,
    weights: Option<&'a [u8]>,
}

const NAMES: [&str; 12] = [
    "states.npy",
    "times.npy",
    "cell_types.npy",
    "embedding.npy",
    "embedding_2.npy",
    "columns.npy",
    "loadings.npy",
    "gene_means.npy",
    "measured_starts.npy",
    "measured_cells.npy",
    "measured_values.npy",
    "measured_factors.npy",
];

fuzz_target!(|bytes: &[u8]| {
    let parts = parts(bytes);
    let Ok(input) = Input::arbitrary_take_rest(Unstructured::new(parts.get(1).copied().unwrap_or_default())) else {
        return;
    };
    let arrays: Vec<_> =
        input.arrays.iter().map(|(name, array)| (NAMES[usize::from(*name) % NAMES.len()], array.file())).collect();
    let mut entries = vec![("manifest.json", parts[0])];
    entries.extend(arrays.iter().map(|(name, content)| (*name, content.as_slice())));
    entries.extend(input.view.map(|view| ("view.json", view)));
    entries.extend(input.weights.map(|weights| ("weights.safetensors", weights)));
    let archive = zip(&entries);
    Bound { each: 64, besides: 1 << 20 }.hold(archive.len(), || attempt(vec![file("study.zip", &archive)]));
});

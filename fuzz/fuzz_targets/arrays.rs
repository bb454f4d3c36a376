//! Arrays of NumPy in an archive that is whole.
#![no_main]

use libfuzzer_sys::fuzz_target;

use arbitrary::Arbitrary;
use scimf_fuzz::build::{Array, npy, zip};
use scimf_fuzz::{attempt, file, meter::Bound};

#[derive(Arbitrary, Debug)]
struct Input {
    states: Array,
    times: Array,
    others: Vec<(u8, Array)>,
    /// An array of which nothing is certain.
    raw: Option<(u8, String, Vec<u64>, Vec<u8>)>,
}

const NAMES: [&str; 7] =
    ["X.npy", "t.npy", "hold.npy", "time_labels.npy", "cell_type.npy", "type_labels.npy", "../X.npy"];

fuzz_target!(|input: Input| {
    let mut entries = vec![("X.npy", input.states.file()), ("t.npy", input.times.file())];
    entries.extend(input.others.iter().map(|(name, array)| (NAMES[usize::from(*name) % NAMES.len()], array.file())));
    if let Some((name, descr, shape, data)) = &input.raw {
        entries.push((NAMES[usize::from(*name) % NAMES.len()], npy(descr, false, shape, data)));
    }
    let entries: Vec<_> = entries.iter().map(|(name, content)| (*name, content.as_slice())).collect();
    let archive = zip(&entries);
    Bound { each: 64, besides: 1 << 20 }.hold(archive.len(), || attempt(vec![file("study.npz", &archive)]));
});

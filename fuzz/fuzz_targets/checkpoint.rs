//! A PyTorch checkpoint whose pickle and storages are fuzzed.
#![no_main]

use libfuzzer_sys::fuzz_target;

use scimf::data::weights;
use scimf_fuzz::build::{parts, zip};
use scimf_fuzz::{explained, meter::Bound};

fuzz_target!(|bytes: &[u8]| {
    let parts = parts(bytes);
    let names: Vec<String> = (0..parts.len()).map(|at| format!("model/data/{at}")).collect();
    let mut entries = vec![("model/data.pkl", parts[0])];
    entries.extend(names.iter().map(String::as_str).zip(parts.iter().skip(1).copied()));
    if parts.len() > 3 {
        entries.push(("model/byteorder", b"big"));
    }
    let archive = zip(&entries);
    Bound { each: 256, besides: 1 << 20 }.hold(archive.len(), || {
        if let Err(error) = weights::read("w.pt", &archive) {
            explained(&error);
        }
    });
});

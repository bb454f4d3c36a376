//! Small AnnData and loom files in which bytes are set, read as .h5ad, from memory or in slices; an HDF5 file is read as it comes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scimf::protocol::{Content, File, Slices};
use scimf_fuzz::{attempt, file, meter::Bound, patched::patched};
use std::sync::Arc;

const FILES: [&[u8]; 14] = [
    include_bytes!("../files/categories.h5ad"),
    include_bytes!("../files/texts.h5ad"),
    include_bytes!("../files/nullable.h5ad"),
    include_bytes!("../files/logicals.h5ad"),
    include_bytes!("../files/dense.h5ad"),
    include_bytes!("../files/table.h5ad"),
    include_bytes!("../files/csr.h5ad"),
    include_bytes!("../files/raw.h5ad"),
    include_bytes!("../files/zstd.h5ad"),
    include_bytes!("../files/lz4.h5ad"),
    include_bytes!("../files/blosc.h5ad"),
    include_bytes!("../files/newest.h5ad"),
    include_bytes!("../files/old.h5ad"),
    include_bytes!("../files/study.loom"),
];

/// A file that is read in slices.
struct Sliced(Vec<u8>);

impl Slices for Sliced {
    fn size(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), String> {
        let start = usize::try_from(offset).map_err(|error| error.to_string())?;
        let end = start.checked_add(buffer.len()).ok_or("the end is beyond all files")?;
        buffer.copy_from_slice(self.0.get(start..end).ok_or("the slice is beyond the end")?);
        Ok(())
    }
}

fuzz_target!(|input: &[u8]| {
    let Some(bytes) = patched(&FILES, input) else { return };
    let bound = Bound { each: 256 * 16, besides: 16 * (16 << 20) };
    let size = bytes.len();
    let file = match input[0] & 128 {
        0 => file("study.h5ad", &bytes),
        _ => File { name: "study.h5ad".into(), bytes: Content::Slices(Arc::new(Sliced(bytes))) },
    };
    bound.hold(size, || attempt(vec![file]));
});

//! Containers around fuzzed content, so that checksums and directories are right and what is inside is reached.

use flate2::{Compression, write::GzEncoder};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

/// A zip archive of entries as they are.
pub fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, content) in entries {
        if zip.start_file(*name, stored).is_ok() {
            zip.write_all(content).expect("memory takes all");
        }
    }
    zip.finish().expect("memory takes all").into_inner()
}

/// The parts of an input, as `corpus.py` writes them: divided by a line of `%%`.
pub fn parts(bytes: &[u8]) -> Vec<&[u8]> {
    const BETWEEN: &[u8] = b"\n%%\n";
    let (mut parts, mut rest) = (Vec::new(), bytes);
    while let Some(at) = rest.windows(BETWEEN.len()).position(|window| window == BETWEEN) {
        parts.push(&rest[..at]);
        rest = &rest[at + BETWEEN.len()..];
    }
    parts.push(rest);
    parts
}

/// A gzip file.
pub fn gzip(content: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(content).expect("memory takes all");
    gzip.finish().expect("memory takes all")
}

/// A `.npy` array.
pub fn npy(descr: &str, fortran: bool, shape: &[u64], data: &[u8]) -> Vec<u8> {
    let shape: String = shape.iter().map(|side| format!("{side}, ")).collect();
    let order = if fortran { "True" } else { "False" };
    let header = format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': ({shape}), }}\n");
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.bytes());
    bytes.extend(data);
    bytes
}

/// A safetensors file: a header and data.
pub fn safetensors(header: &[u8], data: &[u8]) -> Vec<u8> {
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header);
    bytes.extend(data);
    bytes
}

/// Kinds of NumPy's numbers, and some that are none.
const KINDS: [(&str, usize); 14] = [
    ("<f4", 4),
    ("<u2", 2),
    ("<u4", 4),
    ("|i1", 1),
    ("|u1", 1),
    ("<i8", 8),
    (">f8", 8),
    ("<f2", 2),
    ("|b1", 1),
    ("<U3", 12),
    ("<U1", 4),
    ("|O", 8),
    ("<U9999999999", 4),
    ("<c16", 16),
];

/// A `.npy` array that mostly fits its own header.
#[derive(arbitrary::Arbitrary, Debug)]
pub struct Array {
    kind: u8,
    fortran: bool,
    sides: (u8, Option<u8>),
    /// A side that is not the one of the data.
    lie: Option<u64>,
    /// Values that the data repeats.
    data: [u8; 12],
}

impl Array {
    /// The file.
    pub fn file(&self) -> Vec<u8> {
        let (descr, size) = KINDS[usize::from(self.kind) % KINDS.len()];
        let sides: Vec<u64> =
            [Some(self.sides.0 % 32), self.sides.1.map(|side| side % 8)].into_iter().flatten().map(u64::from).collect();
        let length = sides.iter().product::<u64>() as usize * size;
        let data: Vec<u8> = self.data.iter().copied().cycle().take(length).collect();
        let shape: Vec<u64> =
            self.lie.into_iter().chain(sides.iter().copied().skip(usize::from(self.lie.is_some()))).collect();
        npy(descr, self.fortran, &shape, &data)
    }
}

/// The files of a zip archive that is right, by their names.
pub fn unzipped(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(archive)).expect("the archive is right");
    (0..archive.len())
        .filter_map(|at| {
            let mut entry = archive.by_index(at).expect("the archive is right");
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut entry, &mut bytes).expect("the archive is right");
            let name = entry.name().expect("the archive is right").into_owned();
            entry.is_file().then_some((name, bytes))
        })
        .collect()
}

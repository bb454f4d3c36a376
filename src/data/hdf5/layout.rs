//! Data layouts of HDF5 2.0 (version 5), read as those of the versions before (version 4).
//!
//! The two store the same: version 5 only widens the sizes of filtered pieces within an index, whose own header says how wide they are
//! (`H5O__layout_decode` and `H5D_CHUNK_ENCODE_SIZE` of HDF5 2.0). So a header that holds version 5 is given on with a 4 in its place.

/// What object headers, and their continuations, begin with.
const BEGINNINGS: [&[u8]; 2] = [b"OHDR", b"OCHK"];
/// Type of the message that says how an array lies in the file, and its versions.
const LAYOUT: u8 = 8;
const NEW: u8 = 5;
const KNOWN: u8 = 4;
/// Bytes of the sum that ends a header.
const SUM: usize = 4;

/// Puts version 4 in the place of version 5 where `bytes` are the whole of an object header, or of a continuation, with a right sum.
pub(super) fn as_known(bytes: &mut [u8]) {
    let Some(end) = bytes.len().checked_sub(SUM).filter(|_| BEGINNINGS.iter().any(|word| bytes.starts_with(word)))
    else {
        return;
    };
    let Some(at) = layout(&bytes[..end]) else { return };
    if bytes[at] != NEW || bytes[end..] != lookup3(&bytes[..end]).to_le_bytes() {
        return;
    }
    bytes[at] = KNOWN;
    let sum = lookup3(&bytes[..end]).to_le_bytes();
    bytes[end..].copy_from_slice(&sum);
}

/// Where the layout's version stands in a header without its sum.
fn layout(header: &[u8]) -> Option<usize> {
    if header.starts_with(BEGINNINGS[1]) {
        // Only the header itself says whether messages carry their order.
        return [4, 6].into_iter().find_map(|each| message(header, 4, each));
    }
    let flags = *header.get(5)?;
    let times = if flags & 0x20 != 0 { 16 } else { 0 };
    let phases = if flags & 0x10 != 0 { 4 } else { 0 };
    let each = if flags & 0x04 != 0 { 6 } else { 4 };
    message(header, 6 + times + phases + (1 << (flags & 3)), each)
}

/// Where the body of the layout's message begins, among messages from `at` on that have heads of `each` bytes; none where they do not fill
/// the header.
fn message(header: &[u8], mut at: usize, each: usize) -> Option<usize> {
    let mut found = None;
    while let Some(head) = header.get(at..at.checked_add(each)?) {
        if head[0] == LAYOUT {
            found = Some(at + each);
        }
        at += each + usize::from(u16::from_le_bytes([head[1], head[2]]));
    }
    found.filter(|body| at <= header.len() && *body < at)
}

/// The sum of HDF5's metadata: `hashlittle` of Bob Jenkins' lookup3, begun with 0.
fn lookup3(bytes: &[u8]) -> u32 {
    let start = 0xdead_beef_u32.wrapping_add(bytes.len() as u32);
    let [mut a, mut b, mut c] = [start; 3];
    let word = |bytes: &[u8], at: usize| {
        (0..4).fold(0, |word, byte| word | u32::from(*bytes.get(at + byte).unwrap_or(&0)) << (8 * byte))
    };
    let mut rest = bytes;
    while rest.len() > 12 {
        a = a.wrapping_add(word(rest, 0));
        b = b.wrapping_add(word(rest, 4));
        c = c.wrapping_add(word(rest, 8));
        for turns in [[4, 6, 8], [16, 19, 4]] {
            a = a.wrapping_sub(c) ^ c.rotate_left(turns[0]);
            c = c.wrapping_add(b);
            b = b.wrapping_sub(a) ^ a.rotate_left(turns[1]);
            a = a.wrapping_add(c);
            c = c.wrapping_sub(b) ^ b.rotate_left(turns[2]);
            b = b.wrapping_add(a);
        }
        rest = &rest[12..];
    }
    if rest.is_empty() {
        return c;
    }
    a = a.wrapping_add(word(rest, 0));
    b = b.wrapping_add(word(rest, 4));
    c = c.wrapping_add(word(rest, 8));
    c = (c ^ b).wrapping_sub(b.rotate_left(14));
    a = (a ^ c).wrapping_sub(c.rotate_left(11));
    b = (b ^ a).wrapping_sub(a.rotate_left(25));
    c = (c ^ b).wrapping_sub(b.rotate_left(16));
    a = (a ^ c).wrapping_sub(c.rotate_left(4));
    b = (b ^ a).wrapping_sub(a.rotate_left(14));
    (c ^ b).wrapping_sub(b.rotate_left(24))
}

#[cfg(test)]
mod tests {
    use super::super::Store;
    use super::*;

    /// Headers of a file by HDF5 2.0, each whole with its sum.
    fn headers(file: &[u8]) -> Vec<&[u8]> {
        let starts = (0..file.len() - 4).filter(|at| file[*at..].starts_with(BEGINNINGS[0]));
        let whole = |at: usize| {
            let (flags, bytes) = (file[at + 5], &file[at..]);
            let head = 6 + if flags & 0x20 != 0 { 16 } else { 0 } + if flags & 0x10 != 0 { 4 } else { 0 };
            let width = 1 << (flags & 3);
            let size = (0..width).fold(0, |size, byte| size | usize::from(bytes[head + byte]) << (8 * byte));
            &bytes[..head + width + size + SUM]
        };
        starts.map(whole).collect()
    }

    #[test]
    fn headers_of_version_5_are_given_on_as_version_4_with_a_right_sum() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/cases/half-precision/hdf5-2-latest.h5ad");
        let file = std::fs::read(path).unwrap();
        let headers = headers(&file);
        assert!(headers.len() > 20);
        let mut changed = 0;
        for header in headers {
            let end = header.len() - SUM;
            assert_eq!(header[end..], lookup3(&header[..end]).to_le_bytes(), "the sum is HDF5's");
            let mut now = header.to_vec();
            as_known(&mut now);
            if now != header {
                changed += 1;
                let different: Vec<usize> = (0..end).filter(|at| now[*at] != header[*at]).collect();
                assert_eq!((different.len(), now[different[0]], header[different[0]]), (1, KNOWN, NEW));
                assert_eq!(now[end..], lookup3(&now[..end]).to_le_bytes());
            }
            // What is not whole, or has another sum, stays as it is.
            let mut damaged = header.to_vec();
            damaged[end] ^= 1;
            let before = damaged.clone();
            as_known(&mut damaged);
            assert_eq!(damaged, before);
            for length in 0..header.len() {
                let mut part = header[..length].to_vec();
                as_known(&mut part);
                assert_eq!(part, header[..length]);
            }
        }
        assert!(changed > 5, "{changed} arrays of version 5");
    }

    /// Pieces behind a fixed and an extensible index, filtered or as they are: the values that were written are read.
    #[test]
    fn arrays_of_version_5_are_read_whatever_their_index() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/h5ad/hdf5_2_pieces.h5ad");
        let store = Store::open(std::fs::read(path).unwrap()).unwrap();
        let values: Vec<f32> = (0..60 * 40).map(|value| value as f32).collect();
        assert_eq!(store.singles("X").unwrap(), values);
        let days: Vec<i64> = [0, 2, 7].into_iter().flat_map(|day| [day; 20]).collect();
        assert_eq!(store.integers("obs/day").unwrap(), days);
        let cells: Vec<String> = (0..60).map(|cell| format!("c{cell}")).collect();
        assert_eq!(store.strings("obs/_index").unwrap(), cells);
        let close = |(at, value): (usize, &f32)| (value - (at as f32).sin()).abs() < 1e-5;
        assert!(store.singles("obsm/X_pca").unwrap().iter().enumerate().all(close));
    }
}

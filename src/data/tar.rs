//! Tar archives, also packed with gzip: as 10x Genomics hands out its folders.

use crate::data::gzip;
use crate::data::study::Part;
use crate::protocol::File;
use crate::{Error, Result};

/// Bytes of a block; an entry is its head and as many as hold its content.
const BLOCK: usize = 512;
/// Where the mark of the format is in the first head.
const MARK: std::ops::Range<usize> = 257..262;

/// The files of a study in an archive; none if this is no archive.
///
/// # Errors
///
/// If it cannot be unpacked, is cut off, or holds nothing that is known.
pub(crate) fn files(file: &File) -> Result<Option<Vec<File>>> {
    if gzip::start(&file.bytes, BLOCK).get(MARK) != Some(b"ustar") {
        return Ok(None);
    }
    let bytes = if gzip::is_packed(&file.bytes) { gzip::unpack(&file.bytes)? } else { file.bytes.to_vec() };
    let cut_off = || Error::input("this archive is cut off").remedy("Get it again.");
    let mut files = Vec::new();
    let mut at = 0;
    while let Some(head) = bytes.get(at..at + BLOCK).filter(|head| head[0] != 0) {
        let text = |span: std::ops::Range<usize>| {
            let field = &head[span];
            let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
            String::from_utf8_lossy(&field[..end]).into_owned()
        };
        let size = usize::from_str_radix(text(124..136).trim(), 8).map_err(|_| cut_off())?;
        let content = bytes.get(at + BLOCK..).and_then(|rest| rest.get(..size)).ok_or_else(cut_off)?;
        let name = text(0..100);
        let last = name.rsplit('/').next().unwrap_or(&name);
        let is_file = matches!(head[156], b'0' | 0);
        if is_file && !last.starts_with('.') && Part::of(last).is_some() {
            files.push(File { name: name.clone(), bytes: content.to_vec().into() });
        }
        at += BLOCK + size.div_ceil(BLOCK) * BLOCK;
    }
    if files.is_empty() {
        return Err(Error::input("this archive holds no files of a study")
            .remedy("Unpack it (`tar -xf FILE`) and open what is in it."));
    }
    Ok(Some(files))
}

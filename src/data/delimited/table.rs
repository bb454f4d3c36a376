//! A text table, row by row: commas, tabs or semicolons, perhaps compressed.

use crate::data::gzip;
use crate::{Error, Result};
use csv::{ByteRecord, ReaderBuilder};
use std::io::Read;

/// Bytes in which the separator is looked for.
const SNIFFED: u64 = 1 << 16;
/// What stands for a missing value, as in pandas.
const MISSING: [&[u8]; 9] = [b"", b"NA", b"N/A", b"NaN", b"nan", b"<NA>", b"null", b"NULL", b"None"];

/// A table with its header read.
pub(super) struct Table<'a> {
    bytes: &'a [u8],
    separator: u8,
    /// Names of the columns.
    pub(super) header: Vec<String>,
}

impl<'a> Table<'a> {
    /// Finds the separator and reads the header.
    ///
    /// # Errors
    ///
    /// If this is not text, is damaged, or has a single column or no row.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self> {
        let mut start = Vec::new();
        gzip::reader(bytes).take(SNIFFED).read_to_end(&mut start).map_err(|error| unreadable(&error))?;
        if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) || start.contains(&0) {
            return Err(Error::input("this is not a text table in UTF-8")
                .remedy("Save it as “CSV UTF-8”, comma-separated; a spreadsheet program can do that."));
        }
        let separator = separator(&start).ok_or_else(|| {
            Error::input("the first line of this table has a single column")
                .remedy("Separate the columns by commas, tabs or semicolons, and give each a name in the first line.")
        })?;
        let mut table = Self { bytes, separator, header: Vec::new() };
        let mut reader = table.reader();
        let mut read = || {
            let mut record = ByteRecord::new();
            reader.read_byte_record(&mut record).map_err(|error| unreadable(&error)).map(|_| record)
        };
        let (header, first) = (read()?, read()?);
        if first.is_empty() {
            return Err(
                Error::input("this table has no row below its header").remedy("Each row below the header is a cell.")
            );
        }
        let mut header: Vec<String> = header.iter().map(text).collect();
        // R leaves out the name of the column of row names.
        if first.len() == header.len() + 1 {
            header.insert(0, String::new());
        }
        drop(reader);
        table.header = header;
        Ok(table)
    }

    fn reader(&self) -> csv::Reader<Box<dyn Read + 'a>> {
        let mut builder = ReaderBuilder::new();
        builder.delimiter(self.separator).has_headers(false).flexible(true).from_reader(gzip::reader(self.bytes))
    }

    /// Visits every row below the header, with its line in the file.
    ///
    /// # Errors
    ///
    /// If the file is damaged, a row has another number of fields than the header, or the visit fails.
    pub(super) fn rows(&self, mut visit: impl FnMut(u64, &ByteRecord) -> Result<()>) -> Result<()> {
        let mut reader = self.reader();
        let mut record = ByteRecord::new();
        let mut is_header = true;
        while reader.read_byte_record(&mut record).map_err(|error| unreadable(&error))? {
            if std::mem::take(&mut is_header) {
                continue;
            }
            let line = record.position().map_or(0, csv::Position::line);
            let (found, expected) = (record.len(), self.header.len());
            if found != expected {
                return Err(Error::input(format!("this row has {found} fields, but the header has {expected}"))
                    .at(format!("line {line}"))
                    .remedy("Each row needs one field per column; it may also be that the file is cut off."));
            }
            visit(line, &record)?;
        }
        Ok(())
    }
}

/// The separator that occurs most often in the first line, outside of quotes.
fn separator(start: &[u8]) -> Option<u8> {
    let mut quoted = false;
    let mut counts = [(b'\t', 0), (b',', 0), (b';', 0)];
    for byte in start.iter().take_while(|byte| !matches!(byte, b'\n' | b'\r')) {
        quoted ^= *byte == b'"';
        if let Some((_, count)) = counts.iter_mut().find(|(separator, _)| separator == byte && !quoted) {
            *count += 1;
        }
    }
    counts.into_iter().filter(|(_, count)| *count > 0).max_by_key(|(_, count)| *count).map(|(separator, _)| separator)
}

/// A field as text, without spaces around it; what is not UTF-8 is replaced.
pub(super) fn text(field: &[u8]) -> String {
    String::from_utf8_lossy(field).trim().to_owned()
}

/// A field that holds no value.
pub(super) fn is_missing(field: &[u8]) -> bool {
    MISSING.contains(&field.trim_ascii())
}

/// The number in a field; NaN if the field is missing, none if it holds a text.
pub(super) fn number(field: &[u8]) -> Option<f32> {
    match field {
        // Most of a table of counts.
        [digit @ b'0'..=b'9'] => Some(f32::from(digit - b'0')),
        _ if is_missing(field) => Some(f32::NAN),
        _ => std::str::from_utf8(field).ok()?.trim().parse().ok(),
    }
}

fn unreadable(error: &dyn std::fmt::Display) -> Error {
    Error::input(format!("this table cannot be read to its end ({error})"))
        .remedy("It may have been cut off on its way; get it again.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_separator_is_the_most_frequent_one() {
        assert_eq!(separator(b"a,b;c,d\nx;y;z;z"), Some(b','));
        assert_eq!(separator(b"\"a,b,c\"\tday\n"), Some(b'\t'));
        assert_eq!(separator(b"a;b\r\n"), Some(b';'));
        assert_eq!(separator(b"a b\n"), None);
    }
}

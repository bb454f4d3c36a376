//! A text table, row by row: commas, tabs, semicolons or blanks, perhaps compressed, perhaps with remarks above its header.

use crate::data::gzip;
use crate::{Error, Result};
use csv::{ByteRecord, ReaderBuilder};
use std::io::Read;

/// Bytes in which the separator is looked for.
const SNIFFED: u64 = 1 << 16;
/// Most columns and rows.
const MOST_COLUMNS: usize = 1_000_000;
const MOST_ROWS: usize = 10_000_000;
/// What stands for a missing value, as in pandas.
const MISSING: [&[u8]; 9] = [b"", b"NA", b"N/A", b"NaN", b"nan", b"<NA>", b"null", b"NULL", b"None"];

/// A table with its header read.
pub(super) struct Table<'a> {
    bytes: &'a [u8],
    separator: u8,
    /// Bytes and lines above the header.
    skipped: (u64, u64),
    /// Lines end as Windows ends them.
    windows: bool,
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
        let (skipped, named) = remarks(&start);
        let rest = &start[skipped.0 as usize..];
        let separator = named.filter(|it| rest.contains(it)).or_else(|| separator(rest)).ok_or_else(|| {
            Error::input("the first line of this table has a single column")
                .remedy("Separate the columns by commas, tabs or semicolons, and give each a name in the first line.")
        })?;
        let windows = rest.windows(2).any(|pair| pair == b"\r\n");
        let mut table = Self { bytes, separator, skipped, windows, header: Vec::new() };
        let mut reader = table.reader()?;
        let mut read = || {
            let mut record = ByteRecord::new();
            table.next(&mut reader, &mut record).map(|_| record)
        };
        let (header, first) = (read()?, read()?);
        if first.is_empty() {
            return Err(
                Error::input("this table has no row below its header").remedy("Each row below the header is a cell.")
            );
        }
        if header.len() > MOST_COLUMNS {
            return Err(Error::input(format!("this table has {} columns, more than a million", header.len()))
                .remedy("Each row must be a cell and each column a gene."));
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

    fn reader(&self) -> Result<csv::Reader<Box<dyn Read + 'a>>> {
        let mut text = gzip::reader(self.bytes);
        std::io::copy(&mut (&mut text).take(self.skipped.0), &mut std::io::sink())
            .map_err(|error| unreadable(&error))?;
        let mut builder = ReaderBuilder::new();
        Ok(builder.delimiter(self.separator).has_headers(false).flexible(true).from_reader(text))
    }

    /// The next row; false at the end. Blanks in a row separate as one.
    fn next(&self, reader: &mut csv::Reader<Box<dyn Read + 'a>>, record: &mut ByteRecord) -> Result<bool> {
        let more = reader.read_byte_record(record).map_err(|error| unreadable(&error))?;
        if more && self.separator == b' ' && record.iter().any(<[u8]>::is_empty) {
            let position = record.position().cloned();
            *record = record.iter().filter(|field| !field.is_empty()).collect();
            record.set_position(position);
        }
        Ok(more)
    }

    /// A comma stands before the decimals, where it does not separate columns.
    pub(super) fn number(&self, field: &[u8]) -> Option<f32> {
        number(field).or_else(|| self.with_point(field)?.parse().ok())
    }

    /// A field as text, a number with its decimal comma turned to a point.
    pub(super) fn label(&self, field: &[u8]) -> String {
        self.with_point(field).unwrap_or_else(|| text(field))
    }

    fn with_point(&self, field: &[u8]) -> Option<String> {
        let text = std::str::from_utf8(field).ok()?.trim();
        if self.separator == b',' || text.bytes().filter(|byte| *byte == b',').count() != 1 {
            return None;
        }
        let text = text.replace(',', ".");
        text.parse::<f64>().ok().map(|_| text)
    }

    /// Visits every row below the header, with its line in the file.
    ///
    /// # Errors
    ///
    /// If the file is damaged, a row has another number of fields than the header, or the visit fails.
    pub(super) fn rows(&self, mut visit: impl FnMut(u64, &ByteRecord) -> Result<()>) -> Result<()> {
        let mut reader = self.reader()?;
        let mut record = ByteRecord::new();
        let mut is_header = true;
        let mut rows = 0;
        while self.next(&mut reader, &mut record)? {
            if std::mem::take(&mut is_header) {
                continue;
            }
            // The reader counts a line of Windows only with the one behind it.
            let line = record.position().map_or(0, csv::Position::line) + self.skipped.1 + u64::from(self.windows);
            let (found, expected) = (record.len(), self.header.len());
            if found != expected {
                return Err(Error::input(format!("this row has {found} fields, but the header has {expected}"))
                    .at(format!("line {line}"))
                    .remedy("Each row needs one field per column; it may also be that the file is cut off."));
            }
            rows += 1;
            if rows > MOST_ROWS {
                return Err(
                    Error::input("this table has more than ten million rows").remedy("Open a part of the cells.")
                );
            }
            visit(line, &record)?;
        }
        Ok(())
    }
}

/// Bytes and lines of what stands above the header: lines that begin with `#`, and Excel's `sep=;`, with the separator that it names.
fn remarks(start: &[u8]) -> ((u64, u64), Option<u8>) {
    let (mut bytes, mut lines, mut named) = (0, 0, None);
    if start.starts_with("\u{feff}".as_bytes()) {
        bytes = 3;
    }
    while let Some(length) = start[bytes..].iter().position(|byte| *byte == b'\n') {
        let line = start[bytes..bytes + length].trim_ascii_end();
        match line {
            [b'#', ..] if !is_header(line, &start[bytes + length + 1..]) => {}
            [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', separator] => named = Some(*separator),
            _ => break,
        }
        bytes += length + 1;
        lines += 1;
    }
    // Only the mark of UTF-8 is left to the reader.
    let bytes = if lines == 0 { 0 } else { bytes };
    ((bytes as u64, lines), named)
}

/// A line that begins with `#` has as many columns as the line below it, or nothing is below it.
fn is_header(line: &[u8], below: &[u8]) -> bool {
    let below = below.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |line: &[u8], separator: u8| line.iter().filter(|byte| **byte == separator).count();
    let same = |separator| count(line, separator) > 0 && count(line, separator) == count(below, separator);
    below.is_empty() || (below[0] != b'#' && [b'\t', b',', b';'].into_iter().any(same))
}

/// The separator that occurs most often in the first line, outside of quotes; blanks if there is no other.
fn separator(start: &[u8]) -> Option<u8> {
    let mut quoted = false;
    let mut counts = [(b'\t', 0), (b',', 0), (b';', 0), (b' ', 0)];
    for byte in start.iter().take_while(|byte| !matches!(byte, b'\n' | b'\r')) {
        quoted ^= *byte == b'"';
        if let Some((_, count)) = counts.iter_mut().find(|(separator, _)| separator == byte && !quoted) {
            *count += 1;
        }
    }
    let [signs @ .., blanks] = counts;
    let found = signs.into_iter().filter(|(_, count)| *count > 0).max_by_key(|(_, count)| *count);
    found.or(Some(blanks).filter(|(_, count)| *count > 0)).map(|(separator, _)| separator)
}

/// A field as text, without spaces around it; what is not UTF-8 is replaced.
pub(super) fn text(field: &[u8]) -> String {
    String::from_utf8_lossy(field).trim_start_matches('\u{feff}').trim().to_owned()
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
        assert_eq!(separator(b"a b\n"), Some(b' '));
        assert_eq!(separator(b"ab\n"), None);
    }

    #[test]
    fn remarks_above_the_header_are_passed_over() {
        assert_eq!(remarks(b"sep=;\r\na;b\n"), ((7, 1), Some(b';')));
        assert_eq!(remarks(b"# by\n## me\na,b\n"), ((11, 2), None));
        assert_eq!(remarks(b"a,b\n#1,2\n"), ((0, 0), None));
        let check = |text: &str, header: &[&str], rows: &[(u64, &[&str])]| {
            let table = Table::open(text.as_bytes()).unwrap();
            assert_eq!(table.header, header, "{text}");
            let mut found = Vec::new();
            table
                .rows(|line, record| {
                    found.push((line, record.iter().map(|field| table.label(field)).collect::<Vec<_>>()));
                    Ok(())
                })
                .unwrap();
            let rows: Vec<(u64, Vec<String>)> =
                rows.iter().map(|(line, row)| (*line, row.iter().map(ToString::to_string).collect())).collect();
            assert_eq!(found, rows, "{text}");
        };
        check("sep=,\na,b\n1,2\n", &["a", "b"], &[(3, &["1", "2"])]);
        check("a;b\r\n1,5;x\r\n2;y,z\r\n", &["a", "b"], &[(2, &["1.5", "x"]), (3, &["2", "y,z"])]);
        check("\u{feff}# x\na  b\n1   2\n", &["a", "b"], &[(3, &["1", "2"])]);
        check("\u{feff}a,b\n1,2\n", &["a", "b"], &[(2, &["1", "2"])]);
    }
}

//! The names of cells and features beside their counts: as 10x writes them, and as R and hands leave them.

use crate::data::delimited::Labels;
use crate::data::gzip;
use crate::data::mapping::plain;
use crate::data::names::is_accession;
use crate::protocol::File;
use crate::{Error, Result};
use std::io::{BufRead, BufReader};

/// Most barcodes; all that 10x Genomics has are fewer.
const MOST_LINES: usize = 10_000_000;

/// The fields of every line that is not empty, without quotes. Tabs separate them; commas in a `.csv`, blanks where accession numbers stand before them.
///
/// # Errors
///
/// If the file cannot be read, or has too many lines.
pub(super) fn rows(file: &File) -> Result<Vec<Vec<String>>> {
    let lines = lines(file)?;
    let name = file.name.to_lowercase();
    let commas = name.trim_end_matches(".gz").ends_with(".csv") && lines.iter().any(|line| line.contains(','));
    let blanks = !commas
        && lines.iter().all(|line| {
            let mut words = line.split_whitespace();
            !line.contains('\t') && words.next().is_some_and(|word| is_accession(&bare(word))) && words.next().is_some()
        });
    let fields = |line: &String| match (commas, blanks) {
        (true, _) => line.split(',').map(bare).collect(),
        (_, true) => line.split_whitespace().map(bare).collect(),
        _ => line.split('\t').map(bare).collect(),
    };
    Ok(lines.iter().map(fields).collect())
}

/// A field without quotes and blanks around it.
fn bare(field: &str) -> String {
    let field = field.trim();
    let inner = field.strip_prefix('"').and_then(|field| field.strip_suffix('"'));
    inner.or_else(|| field.strip_prefix('\'').and_then(|field| field.strip_suffix('\''))).unwrap_or(field).to_owned()
}

/// The column of one of these names.
pub(super) fn column(head: &[String], names: &[&str]) -> Option<usize> {
    names.iter().find_map(|wanted| head.iter().position(|name| plain(name) == *wanted))
}

/// What stands beside the barcodes under a header.
pub(super) fn labels(head: &[String], rows: &[Vec<String>]) -> Labels {
    let field = |row: &Vec<String>, column: usize| {
        row.get(column).filter(|field| !matches!(field.as_str(), "" | "NA" | "NaN")).cloned()
    };
    let columns = head.iter().enumerate().skip(1);
    Labels {
        index: head.first().cloned().unwrap_or_default(),
        cells: rows.iter().map(|row| row.first().cloned().unwrap_or_default()).collect(),
        columns: columns.map(|(at, name)| (name.clone(), rows.iter().map(|row| field(row, at)).collect())).collect(),
    }
}

/// The lines of a text file that are not empty.
fn lines(file: &File) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for line in BufReader::new(gzip::reader(&file.bytes)).split(b'\n') {
        let line = line.map_err(|error| {
            Error::input(format!("this file cannot be read to its end ({error})")).remedy("Get it again.")
        })?;
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_start_matches('\u{feff}');
        if !line.trim().is_empty() {
            lines.push(line.trim_end().to_owned());
        }
        if lines.len() > MOST_LINES {
            return Err(Error::input("this file has more than ten million lines").remedy("Open the filtered matrix."));
        }
    }
    Ok(lines)
}

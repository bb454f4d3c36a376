//! A table of cells beside their counts.

use crate::data::annotation::Annotation;
use crate::data::delimited::Labels;
use crate::{Error, Result};
use std::collections::{BTreeMap, BTreeSet};

/// The columns of a table in the order of the barcodes. Barcodes without the number behind their dash are found too, and those that R has made into
/// names of columns.
///
/// # Errors
///
/// If a barcode has two rows, or none has one.
pub(crate) fn join(
    labels: Labels,
    barcodes: &[String],
    table: &str,
    notes: &mut Vec<String>,
) -> Result<Vec<(String, Annotation)>> {
    let labels = by_names(labels, barcodes, table, notes);
    let mut rows: BTreeMap<&str, usize> = BTreeMap::new();
    for (row, cell) in labels.cells.iter().enumerate() {
        if rows.insert(cell, row).is_some() {
            return Err(Error::input(format!("the barcode “{cell}” is in the first column twice"))
                .remedy("Each barcode needs one row."));
        }
    }
    let exactly = |barcode: &String| rows.get(barcode.as_str()).copied();
    // Some programs leave the number of the sample away.
    let roughly = |barcode: &String| rows.get(barcode.rsplit_once('-').map_or(barcode.as_str(), |it| it.0)).copied();
    let mut places: Vec<Option<usize>> = barcodes.iter().map(exactly).collect();
    if places.iter().all(Option::is_none) && barcodes.iter().all(|barcode| barcode.ends_with("-1")) {
        places = barcodes.iter().map(roughly).collect();
    }
    if places.iter().all(Option::is_none) {
        let plainly: BTreeMap<String, usize> =
            labels.cells.iter().enumerate().map(|(row, cell)| (plain(cell), row)).collect();
        // Only where nothing else tells cells apart.
        if plainly.len() == labels.cells.len() {
            places = barcodes.iter().map(|barcode| plainly.get(&plain(barcode)).copied()).collect();
            if places.iter().any(Option::is_some) {
                notes.push(format!("The cells of {table} are called as those of the matrix are but for marks between words, which R changes."));
            }
        }
    }
    let missing = places.iter().filter(|place| place.is_none()).count();
    if missing == barcodes.len() {
        let first = |names: &[String]| names.first().cloned().unwrap_or_default();
        return Err(Error::input(format!(
            "no barcode of the matrix is in the first column of this table: there it begins with “{}”, in the matrix with “{}”",
            first(&labels.cells),
            first(barcodes)
        ))
        .remedy("Write the barcodes exactly as they are in the matrix."));
    }
    if missing > 0 {
        notes.push(format!("{missing} of {} barcodes are not in {table} and have no values there.", barcodes.len()));
    }
    let column = |(name, fields): (String, Vec<Option<String>>)| {
        let fields = places.iter().map(|place| fields[(*place)?].clone()).collect();
        Ok((name, Annotation::fields(fields)?))
    };
    labels.columns.into_iter().map(column).collect()
}

/// The table with the column that names its cells as the first, if another one does.
fn by_names(mut labels: Labels, barcodes: &[String], table: &str, notes: &mut Vec<String>) -> Labels {
    let known: BTreeSet<&String> = barcodes.iter().collect();
    let names = |fields: &[Option<String>]| fields.iter().flatten().any(|field| known.contains(field));
    if labels.cells.iter().any(|cell| known.contains(cell)) {
        return labels;
    }
    if let Some(at) = labels.columns.iter().position(|(_, fields)| names(fields)) {
        let (name, fields) = &mut labels.columns[at];
        notes.push(format!("The cells of {table} are named by its column “{name}”."));
        std::mem::swap(name, &mut labels.index);
        let cells = fields.iter_mut().map(|field| field.take().unwrap_or_default()).collect();
        *fields = std::mem::replace(&mut labels.cells, cells)
            .into_iter()
            .map(|cell| (!cell.is_empty()).then_some(cell))
            .collect();
    }
    labels
}

/// A name as R's `make.names` leaves it: an X before a digit, and every mark a dot.
fn plain(name: &str) -> String {
    let begins = |name: &str| name.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
    let name = name.strip_prefix('X').filter(|rest| begins(rest)).unwrap_or(name);
    name.chars().map(|letter| if letter.is_alphanumeric() || letter == '_' { letter } else { '.' }).collect()
}

//! Matrix Market files in coordinate form, features x cells or cells x features.

use crate::data::expression::Expression;
use crate::data::gzip;
use crate::{Error, Result};
use std::io::{BufRead, BufReader};

/// Reads the counts of so many cells and features, whichever of them are the rows.
///
/// # Errors
///
/// If this is no such file, its size is another, an entry lies outside, or there are more or fewer entries than declared.
pub(super) fn read(bytes: &[u8], cells: usize, features: usize) -> Result<Expression> {
    let mut reader = BufReader::new(gzip::reader(bytes));
    let mut buffer = Vec::new();
    let mut number = 0usize;
    // The next line that is not empty; none at the end.
    let mut next = |buffer: &mut Vec<u8>| -> Result<Option<usize>> {
        loop {
            buffer.clear();
            number += 1;
            let length = reader.read_until(b'\n', buffer).map_err(|error| {
                Error::input(format!("this file cannot be read to its end ({error})"))
                    .remedy("It may have been cut off on its way; get it again.")
            })?;
            match buffer.trim_ascii() {
                [] if length > 0 => {}
                [] => return Ok(None),
                _ => return Ok(Some(number)),
            }
        }
    };
    let banner = |buffer: &[u8]| -> Option<()> {
        let text = std::str::from_utf8(buffer).ok()?.to_ascii_lowercase();
        let words: Vec<&str> = text.split_whitespace().collect();
        let ["%%matrixmarket", "matrix", "coordinate", "integer" | "unsigned-integer" | "real" | "pattern", "general"] =
            words[..]
        else {
            return None;
        };
        Some(())
    };
    next(&mut buffer)?;
    banner(&buffer).ok_or_else(|| {
        if buffer.to_ascii_lowercase().starts_with(b"%%matrixmarket matrix array") {
            return Error::input("this Matrix Market file is dense, and a sparse one is needed").remedy(
                "Make the matrix sparse first: `scipy.io.mmwrite(\"matrix.mtx\", scipy.sparse.csr_matrix(scipy.io.mmread(\"in.mtx\")))`.",
            );
        }
        Error::input("this is not a sparse Matrix Market file").remedy(
            "Its first line should be `%%MatrixMarket matrix coordinate integer general`; write it again with `scipy.io.mmwrite`.",
        )
    })?;
    let pattern = buffer.to_ascii_lowercase().windows(7).any(|word| word == b"pattern");
    let cut_off = || Error::input("this file is cut off").remedy("Get it again.");
    loop {
        next(&mut buffer)?.ok_or_else(cut_off)?;
        if !buffer.starts_with(b"%") {
            break;
        }
    }
    let size: Option<[usize; 3]> = fields(&buffer).and_then(|sides| sides.try_into().ok());
    let [rows, columns, entries] = size.ok_or_else(|| {
        Error::input("the line of sizes does not have three whole numbers")
            .remedy("The file is damaged; write it again.")
    })?;
    let turned = match (rows, columns) {
        _ if (rows, columns) == (features, cells) => false,
        _ if (rows, columns) == (cells, features) => true,
        _ => {
            return Err(Error::input(format!(
                "the matrix is {rows} x {columns}, but there are {features} features and {cells} barcodes"
            ))
            .remedy("Drop the three files of the same folder together."));
        }
    };

    let (mut cells_of, mut genes_of, mut values) = (Vec::new(), Vec::new(), Vec::new());
    while let Some(line) = next(&mut buffer)? {
        let (row, column, value) = entry(&buffer, pattern)
            .filter(|(row, column, _)| (1..=rows).contains(row) && (1..=columns).contains(column))
            .ok_or_else(|| {
                Error::input(format!(
                    "“{}” is not an entry of this matrix of {rows} x {columns}",
                    String::from_utf8_lossy(&buffer[..buffer.len().min(40)]).trim()
                ))
                .at(format!("line {line}"))
                .remedy("The file is damaged; write it again.")
            })?;
        let (gene, cell) = if turned { (column, row) } else { (row, column) };
        cells_of.push((cell - 1) as u32);
        genes_of.push((gene - 1) as u32);
        values.push(value);
    }
    if values.len() != entries {
        return Err(Error::input(format!("the file declares {entries} entries and has {}", values.len()))
            .remedy("It may have been cut off on its way; get it again."));
    }
    Ok(by_cell([cells, features], cells_of, genes_of, values))
}

/// The sides that a file declares; none if it is no such file.
pub(super) fn sides(bytes: &[u8]) -> Option<[usize; 2]> {
    for line in BufReader::new(gzip::reader(bytes)).split(b'\n').map_while(std::io::Result::ok) {
        if !line.starts_with(b"%") && !line.trim_ascii().is_empty() {
            let sides: Vec<usize> = fields(&line)?;
            return Some([*sides.first()?, *sides.get(1)?]);
        }
    }
    None
}

/// Entries in the order of their cells.
fn by_cell([cells, genes]: [usize; 2], cells_of: Vec<u32>, genes_of: Vec<u32>, values: Vec<f32>) -> Expression {
    let mut starts = vec![0; cells + 1];
    cells_of.iter().for_each(|cell| starts[*cell as usize + 1] += 1);
    (0..cells).for_each(|cell| starts[cell + 1] += starts[cell]);
    if cells_of.is_sorted() {
        return Expression::by_cell(genes, starts, genes_of, values);
    }
    let mut next = starts.clone();
    let (mut sorted_genes, mut sorted_values) = (vec![0; values.len()], vec![0.0; values.len()]);
    for ((cell, gene), value) in cells_of.iter().zip(genes_of).zip(values) {
        let place = &mut next[*cell as usize];
        sorted_genes[*place] = gene;
        sorted_values[*place] = value;
        *place += 1;
    }
    Expression::by_cell(genes, starts, sorted_genes, sorted_values)
}

fn fields<T: std::str::FromStr>(line: &[u8]) -> Option<Vec<T>> {
    std::str::from_utf8(line).ok()?.split_whitespace().map(|field| field.parse().ok()).collect()
}

/// Row, column and value.
fn entry(line: &[u8], pattern: bool) -> Option<(usize, usize, f32)> {
    let mut fields = std::str::from_utf8(line).ok()?.split_ascii_whitespace();
    let (row, column) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    let value = if pattern { 1.0 } else { fields.next()?.parse().ok()? };
    fields.next().is_none().then_some((row, column, value))
}

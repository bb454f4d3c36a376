//! What 10x Genomics' programs write: `.h5` files of both generations, and folders with `matrix.mtx`.
//!
//! Neither says when a cell was taken: a table with the barcodes in its first column does, dropped together with them.

mod market;

use crate::data::annotation::Annotation;
use crate::data::delimited::{self, Labels};
use crate::data::expression::{Expression, Layout};
use crate::data::gzip;
use crate::data::hdf5::Store;
use crate::data::mapping::Guide;
use crate::data::sample::names_of;
use crate::data::study::Study;
use crate::protocol::File;
use crate::{Error, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};

/// Name of the annotation that is made of the numbers behind the barcodes.
const SAMPLE: &str = "sample";
const GUIDE: Guide = Guide {
    fallback: Some(SAMPLE),
    add_time: "10x files hold no time. Add a table (CSV or TSV) with the barcodes in its first column and a column named “time” or \
        “day”, and drop it together with the other files.",
};
/// Most barcodes; all that 10x Genomics has are fewer.
const MOST_LINES: usize = 10_000_000;
/// Kinds of features that are not genes.
const OTHER_FEATURES: [&str; 6] =
    ["Antibody Capture", "CRISPR Guide Capture", "Multiplexing Capture", "Custom", "Peaks", "Antigen Capture"];

/// The names in a file or folder beside its counts.
struct Names {
    barcodes: Vec<String>,
    features: Vec<String>,
    /// Kind of each feature; empty in the older generation, which has genes only.
    kinds: Vec<String>,
}

/// Opens a `.h5` file: `matrix` of Cell Ranger 3 and later, or one group per genome as before.
///
/// # Errors
///
/// If it is neither, its arrays do not fit together, it holds no gene expression, or a table does not fit its barcodes.
pub(crate) fn hdf5(store: &Store, tables: &[File]) -> Result<Study> {
    let mut groups = store.children("/")?;
    groups.sort();
    let is_old = |group: &String| store.has_dataset(&format!("{group}/gene_names"));
    let (group, features) = if store.has_dataset("matrix/features/name") {
        ("matrix".to_owned(), "features/name")
    } else if let Some(group) = groups.into_iter().find(is_old) {
        (group, "gene_names")
    } else {
        return Err(Error::input("this HDF5 file is neither an AnnData file (it has no table obs) nor a 10x file (it has no matrix with \
            features)")
        .remedy("Write it as .h5ad in Python: `import scanpy as sc; …; a.write_h5ad(\"study.h5ad\", compression=\"gzip\")`."));
    };
    let path = |name: &str| format!("{group}/{name}");
    let kinds = match store.has_dataset(&path("features/feature_type")) {
        true => store.strings(&path("features/feature_type"))?,
        false => Vec::new(),
    };
    let names = Names { barcodes: store.strings(&path("barcodes"))?, features: store.strings(&path(features))?, kinds };
    let shape = store.integers(&path("shape"))?;
    let expected = [names.features.len(), names.barcodes.len()];
    if !shape.iter().copied().eq(expected.map(|side| side as i64)) {
        return Err(Error::input(format!(
            "the matrix is {shape:?}, but there are {} features and {} barcodes",
            expected[0], expected[1]
        ))
        .at(group));
    }
    let read = |name: &str| store.integers(&path(name));
    let (starts, indices, values) = (read("indptr")?, read("indices")?, store.singles(&path("data"))?);
    let expression = Expression::sparse([expected[1], expected[0]], Layout::ByCell, &starts, &indices, values);
    study(names, expression.map_err(|error| error.at(group))?, tables)
}

/// Opens the three files of a folder.
///
/// # Errors
///
/// If one cannot be read, they do not fit together, there is no gene expression, or a table does not fit the barcodes.
pub(crate) fn folder(counts: &File, barcodes: &File, features: &File, tables: &[File]) -> Result<Study> {
    let rows = lines(features).map_err(|error| error.at(&features.name))?;
    let field = |row: &str, column: usize| row.split('\t').nth(column).map(|field| field.trim().to_owned());
    let names = Names {
        barcodes: lines(barcodes)
            .map_err(|error| error.at(&barcodes.name))?
            .iter()
            .map(|row| field(row, 0).unwrap_or_default())
            .collect(),
        features: rows.iter().map(|row| field(row, 1).or_else(|| field(row, 0)).unwrap_or_default()).collect(),
        kinds: rows.iter().map(|row| field(row, 2)).collect::<Option<_>>().unwrap_or_default(),
    };
    let expression = market::read(&counts.bytes, names.barcodes.len(), names.features.len());
    study(names, expression.map_err(|error| error.at(&counts.name))?, tables)
}

/// The lines of a text file that are not empty.
fn lines(file: &File) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for line in BufReader::new(gzip::reader(&file.bytes)).split(b'\n') {
        let line = line.map_err(|error| {
            Error::input(format!("this file cannot be read to its end ({error})")).remedy("Get it again.")
        })?;
        let line = String::from_utf8_lossy(&line);
        if !line.trim().is_empty() {
            lines.push(line.trim_end().to_owned());
        }
        if lines.len() > MOST_LINES {
            return Err(Error::input("this file has more than ten million lines").remedy("Open the filtered matrix."));
        }
    }
    Ok(lines)
}

fn study(names: Names, expression: Expression, tables: &[File]) -> Result<Study> {
    let Names { barcodes, features, kinds } = names;
    let mut notes = Vec::new();
    let (genes, expression) = genes_only(features, &kinds, expression, &mut notes)?;
    let empty = expression.empty_cells();
    if empty > 0 {
        let cells = barcodes.len();
        notes.push(format!(
            "{empty} of {cells} barcodes have no counts; the “filtered” matrix of a sample leaves them out."
        ));
    }
    let mut columns = Vec::new();
    let mut names = BTreeSet::new();
    let mut seconds = Vec::new();
    for table in tables {
        let labels = delimited::labels(table).and_then(|labels| join(labels, &barcodes, &table.name, &mut notes));
        for (name, annotation) in labels.map_err(|error| error.at(&table.name))? {
            match names.insert(name.clone()) {
                true => columns.push((name, annotation)),
                false => seconds.push(name),
            }
        }
    }
    if !seconds.is_empty() {
        notes.push(format!("Columns of a name that was there before were left out: {}.", names_of(seconds.iter())));
    }
    if let Some(samples) = samples(&barcodes)
        && !names.contains(SAMPLE)
    {
        columns.push((SAMPLE.into(), Annotation::numbers(&samples, |_| false)?));
        notes.push(format!("The column “{SAMPLE}” is the number behind each barcode, such as 2 of …-2."));
    }
    Ok(Study::of(expression, genes, columns, notes, GUIDE).with_cell_names(barcodes))
}

/// The features that are genes.
fn genes_only(
    features: Vec<String>,
    kinds: &[String],
    expression: Expression,
    notes: &mut Vec<String>,
) -> Result<(Vec<String>, Expression)> {
    let others: BTreeSet<&str> =
        kinds.iter().map(String::as_str).filter(|kind| OTHER_FEATURES.contains(kind)).collect();
    if others.is_empty() || kinds.len() != features.len() {
        return Ok((features, expression));
    }
    let keep: Vec<bool> = kinds.iter().map(|kind| !others.contains(kind.as_str())).collect();
    let others = others.into_iter().collect::<Vec<_>>().join(", ");
    let left_out = keep.iter().filter(|keep| !**keep).count();
    if left_out == keep.len() {
        return Err(Error::input(format!("this file holds no gene expression, only {others}"))
            .remedy("Open the gene expression matrix of the same sample."));
    }
    notes.push(format!("{left_out} features are no genes ({others}) and were left out."));
    let genes = features.into_iter().zip(&keep).filter(|(_, keep)| **keep).map(|(name, _)| name).collect();
    Ok((genes, expression.keep_genes(&keep)))
}

/// The sample of each barcode: the number behind its dash, where every barcode has one and they differ.
fn samples(barcodes: &[String]) -> Option<Vec<f64>> {
    let number = |barcode: &String| barcode.rsplit_once('-')?.1.parse::<u32>().ok().map(f64::from);
    let numbers: Vec<f64> = barcodes.iter().map(number).collect::<Option<_>>()?;
    numbers.windows(2).any(|pair| pair[0] != pair[1]).then_some(numbers)
}

/// The columns of a table in the order of the barcodes.
fn join(
    labels: Labels,
    barcodes: &[String],
    table: &str,
    notes: &mut Vec<String>,
) -> Result<Vec<(String, Annotation)>> {
    let mut rows: BTreeMap<&str, usize> = BTreeMap::new();
    for (row, cell) in labels.cells.iter().enumerate() {
        if rows.insert(cell, row).is_some() {
            return Err(Error::input(format!("the barcode “{cell}” is in the first column twice"))
                .remedy("Each barcode needs one row."));
        }
    }
    let places: Vec<Option<usize>> = barcodes.iter().map(|barcode| rows.get(barcode.as_str()).copied()).collect();
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
